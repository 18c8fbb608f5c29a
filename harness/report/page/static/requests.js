// The ledger of requests to the backend: endpoint by release, of the states that are filtered for.

const spread = new Set();

function drawRequests(main, { values, scenarios }) {
  const meant = index.scenarios.filter((one) => isMeant(one, state.q));
  const ledger = new Map();
  for (const scenario of meant) {
    scenarios[scenario.number].requests.forEach((place, release) => {
      for (const [endpoint, times] of Object.entries(values[place])) {
        if (!ledger.has(endpoint)) ledger.set(endpoint, new Map());
        const states = ledger.get(endpoint);
        if (!states.has(scenario))
          states.set(
            scenario,
            index.releases.map(() => 0),
          );
        states.get(scenario)[release] += times;
      }
    });
  }
  const endpoints = [...ledger].sort(([one], [other]) => (one < other ? -1 : 1));
  main.replaceChildren(
    endpoints.length
      ? h(
          "div",
          { class: "scroll" },
          h(
            "table",
            { class: "ledger" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                h("th", { scope: "col" }, "endpoint"),
                index.releases.map((one) => h("th", { scope: "col" }, one)),
              ),
            ),
            endpoints.map(([endpoint, states]) => endpointRows(endpoint, states)),
          ),
        )
      : h("p", { class: "empty" }, "Nothing was asked."),
  );
  return `${counted(endpoints.length, "endpoint")}, asked in ${counted(meant.length, "state")}`;
}

function endpointRows(endpoint, states) {
  const sums = index.releases.map((_, release) =>
    [...states.values()].reduce((sum, counts) => sum + counts[release], 0),
  );
  const isOpen = spread.has(endpoint);
  return h(
    "tbody",
    {},
    h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        h(
          "button",
          {
            type: "button",
            "aria-expanded": String(isOpen),
            onclick: () => {
              spread[isOpen ? "delete" : "add"](endpoint);
              draw().then(() => focusEndpoint(endpoint));
            },
          },
          endpoint,
        ),
      ),
      numbers(sums),
    ),
    isOpen &&
      [...states].map(([scenario, counts]) =>
        h(
          "tr",
          { class: "inside" },
          h("th", { scope: "row" }, named(scenario.id)),
          numbers(counts),
        ),
      ),
  );
}

const numbers = (counts) =>
  counts.map((times, release) =>
    h(
      "td",
      {
        class: `number${release && times !== counts[release - 1] ? " changed" : ""}`,
      },
      times || "–",
    ),
  );

const focusEndpoint = (endpoint) =>
  [...document.querySelectorAll(".ledger button")]
    .find((one) => one.textContent === endpoint)
    ?.focus();

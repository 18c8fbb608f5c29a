// Signed in? What users take for one answer are four, side by side.

const SIGNALS = ["auth.json", "login status", "account/read", "first turn"];

function drawSignals(main, { values, scenarios }) {
  let states = 0;
  let torn = 0;
  const rows = index.scenarios
    .filter((one) => isMeant(one, state.q))
    .flatMap((scenario) => {
      const of = scenarios[scenario.number].signals.map((place) => values[place]);
      const all = stretches(scenario, of);
      const told = all.filter(({ signals }) => !state.disagree || disagree(signals));
      states += told.length > 0;
      torn += told.some(({ signals }) => disagree(signals));
      return told.map((stretch, place) => signalRow(scenario, stretch, place === 0 && told.length));
    });
  main.replaceChildren(
    rows.length
      ? h(
          "div",
          { class: "scroll" },
          h(
            "table",
            { class: "signals", role: "table" },
            h(
              "thead",
              { role: "rowgroup" },
              h(
                "tr",
                { role: "row" },
                ["state", "release", ...SIGNALS].map((one) =>
                  h("th", { scope: "col", role: "columnheader" }, one),
                ),
              ),
            ),
            h("tbody", { role: "rowgroup" }, rows),
          ),
        )
      : h("p", { class: "empty" }, "No state is left."),
  );
  return `${counted(states, "state")}, in ${torn} the signals disagree`;
}

/** Return the stretches of releases with the same signals. */
function stretches(scenario, of) {
  const found = [];
  of.forEach((signals, place) => {
    const release = index.releases[place];
    if (!signals.length || (state.release && state.release !== release)) return;
    const last = found.at(-1);
    if (last && JSON.stringify(last.signals) === JSON.stringify(signals)) last.to = release;
    else found.push({ from: release, to: release, signals });
  });
  return found;
}

const disagree = (signals) =>
  new Set(signals.map(([signedIn]) => signedIn).filter((one) => one != null)).size > 1;

const PROBE_OF = ["home", "cli_status", "read", "turn"];

/** Return the row of a stretch; the first of `rows` names the scenario for all of them. */
function signalRow(scenario, { from, to, signals }, rows) {
  // The roles are said, since a narrow screen shows each row as a card.
  return h(
    "tr",
    { role: "row", class: [disagree(signals) ? "torn" : "", rows ? "first" : ""].join(" ") },
    rows &&
      h(
        "th",
        { role: "rowheader", scope: "rowgroup", rowspan: rows },
        named(scenario.id),
        " ",
        h("span", { class: "says" }, firstLine(scenario)),
      ),
    h("td", { role: "cell", class: "releases" }, from === to ? from : `${from} to ${to}`),
    signals.map(([signedIn, words], place) =>
      h(
        "td",
        { role: "cell" },
        h("span", { class: "narrow", "aria-hidden": "true" }, SIGNALS[place]),
        signedIn == null
          ? h("span", { class: "none" }, "not tried")
          : h(
              "a",
              {
                href: addressOfCell(scenario.id, PROBE_OF[place], to),
                class: signedIn ? "yes" : "no",
                onclick: (event) => {
                  event.preventDefault();
                  go({ scenario: scenario.id, at: PROBE_OF[place], on: to }, { keep: true });
                },
              },
              h("span", {
                class: "dot",
                role: "img",
                "aria-label": signedIn ? "signed in:" : "not signed in:",
              }),
              h("span", {}, words),
            ),
      ),
    ),
  );
}

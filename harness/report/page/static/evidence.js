// The evidence of one cell, in a dialog over whatever view it was opened from.

const NOISE = /^(item\/|thread\/|configWarning|remoteControl\/|warning)/;
let asked = 0;

async function drawEvidence() {
  const dialog = document.getElementById("evidence");
  const scenario = index.scenarios.find((one) => one.id === state.scenario);
  const release = index.releases.indexOf(state.on);
  asked += 1;
  const mine = asked;
  if (!scenario || release < 0) {
    if (dialog.open) dialog.close();
    return;
  }
  const probe = state.at in scenario.cells ? state.at : worst(scenario, release).probe;
  const [found, shared] = await Promise.all([part(`evidence-${scenario.number}`), part("shared")]);
  if (mine !== asked) return;
  const value = (place) => (place < 0 ? shared[-1 - place] : found.values[place]);
  const picked = dialog.querySelector("nav:focus-within")?.getAttribute("aria-label");
  dialog.replaceChildren(...sheet(scenario, probe, release, found, value));
  if (picked) dialog.querySelector(`nav[aria-label="${picked}"] [aria-current]`).focus();
  if (dialog.open) return;
  dialog.showModal();
  dialog.scrollTop = 0;
}

function sheet(scenario, probe, release, found, value) {
  const cell = found.cells[probe]?.[release]?.map(value);
  const stages = Object.entries(found.stages[release] ?? {}).filter(([, stage]) =>
    stage.probes.includes(probe),
  );
  const verdict = verdictOf(scenario, probe, release);
  return [
    h(
      "div",
      { class: "head" },
      h(
        "h2",
        { id: "evidence-title" },
        named(scenario.id),
        ` ${probe}`,
        h("small", {}, ` on Codex ${index.releases[release]}`),
      ),
      h(
        "button",
        { type: "button", class: "close", "aria-label": "Close", onclick: closeEvidence },
        "×",
      ),
    ),
    picker("Release", index.releases, index.releases[release], (one, place) => [
      verdictOf(scenario, probe, place),
      { on: one },
      one,
    ]),
    picker(
      "Probe",
      index.probes.filter((one) => one in scenario.cells),
      probe,
      (one) => [verdictOf(scenario, one, release), { at: one }, one],
    ),
    h("p", { class: "description" }, reflowed(scenario.description)),
    h("p", { class: "module" }, h("code", {}, `${scenario.module}:${scenario.line}`)),
    h(
      "p",
      { class: "verdict" },
      sign(verdict),
      verdict === "n" && cell ? `not applicable: ${cell[3]}` : VERDICTS[verdict].word,
    ),
    cell ? judged(cell, verdict) : null,
    stages.map(([name, stage]) => behind(name, stage, value)),
  ]
    .flat()
    .filter(Boolean);
}

const picker = (label, all, chosen, of) =>
  h(
    "nav",
    { class: "picker", "aria-label": label },
    all.map((one, place) => {
      const [verdict, changes, text] = of(one, place);
      return h(
        "a",
        {
          href: address(changes),
          "aria-current": one === chosen ? "true" : null,
          "aria-label": `${text}: ${VERDICTS[verdict].word}`,
          onclick: (event) => {
            event.preventDefault();
            go(changes);
          },
        },
        sign(verdict),
        text,
      );
    }),
  );

function judged([seen, expected, differences, text, again], verdict) {
  const wrong = new Set(differences.map(({ field }) => field.split(/[.,[]/, 1)[0]));
  const fields = Object.keys({ ...expected, ...seen });
  return [
    fields.length > 0 &&
      section(
        "Expected and seen",
        h(
          "div",
          { class: "scroll" },
          h(
            "table",
            { class: "fields" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ["field", "expected", "seen"].map((one) => h("th", { scope: "col" }, one)),
              ),
            ),
            h(
              "tbody",
              {},
              fields.map((field) =>
                h(
                  "tr",
                  { class: wrong.has(field) ? "wrong" : null },
                  h("th", { scope: "row" }, field),
                  expected && field in expected
                    ? h("td", {}, h("pre", {}, pretty(expected[field])))
                    : h("td", { class: "open" }, "left open"),
                  h("td", {}, h("pre", {}, pretty(seen?.[field] ?? null))),
                ),
              ),
            ),
          ),
        ),
      ),
    text && verdict !== "n" && section("As the terminal says it", foldable(text)),
    again &&
      section(
        "Run it again",
        h(
          "div",
          { class: "again" },
          h("pre", {}, again),
          h("button", { type: "button", onclick: ({ target }) => copy(again, target) }, "Copy"),
        ),
      ),
  ];
}

const foldable = (text) =>
  h("details", {}, h("summary", {}, text.split("\n", 1)[0]), h("pre", {}, text));

async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  button.textContent = "Copied";
}

function behind(name, stage, value) {
  const [seconds, cpu, processes] = stage.cost;
  const [before, after] = stage.home.map(value);
  const stderr = value(stage.stderr);
  return h(
    "section",
    { class: "stage" },
    h(
      "h3",
      {},
      `Stage ${name}`,
      h(
        "small",
        {},
        ` ${seconds.toFixed(2)} s, of which `,
        `${counted(processes, "Codex process", "Codex processes")} computed ${cpu.toFixed(2)} s`,
      ),
    ),
    stage.seen_in &&
      h(
        "p",
        { class: "says" },
        `Seen in ${stage.seen_in}, which this stage cannot tell from this state.`,
      ),
    stage.transcript.length > 0 && transcript(stage.transcript, value),
    section(
      counted(stage.requests.length, "request") + " to the backend",
      stage.requests.length ? requests(stage.requests, value) : h("p", {}, "None."),
    ),
    section("The home, before and after", home(before, after)),
    stage.endings.length > 0 &&
      section(
        "How its processes ended",
        h(
          "ul",
          {},
          stage.endings.map((one) => h("li", {}, h("code", {}, one))),
        ),
      ),
    stderr &&
      section(stage.transcript.length ? "Standard error" : "Terminal", h("pre", {}, stderr)),
  );
}

const section = (title, ...body) => h("section", {}, h("h4", {}, title), body);

function transcript(lines, value) {
  const methods = new Map();
  const told = lines.map(([at, from, place]) => {
    const message = value(place);
    if (message?.method && "id" in message)
      methods.set(`${1 - from} ${message.id}`, message.method);
    return { at, from, message, answers: methods.get(`${from} ${message?.id}`) };
  });
  const noisy = told.filter(({ message }) => isNoise(message)).length;
  const list = h("ol", { class: "transcript quiet" }, told.map(message));
  const show =
    noisy > 0 &&
    h(
      "label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        onchange: ({ target }) => list.classList.toggle("quiet", !target.checked),
      }),
      ` ${counted(noisy, "notification")} about other things`,
    );
  return section("JSON-RPC", show, list);
}

const isNoise = (message) =>
  message && !("id" in Object(message)) && NOISE.test(message.method ?? "");

function message({ at, from, message: said, answers = "" }) {
  const body = said?.params ?? said?.result ?? said?.error ?? (said?.method ? "" : said);
  const name =
    said?.method ?? (said?.error ? `${answers} error` : said?.result ? `${answers} result` : "");
  const id = said?.id == null ? "" : `#${said.id}`;
  return h(
    "li",
    {
      class: `${from ? "codex" : "host"}${isNoise(said) ? " noise" : ""}${said?.error ? " wrong" : ""}`,
    },
    h(
      "details",
      {},
      h(
        "summary",
        {},
        time(at),
        h("span", { class: "arrow", title: from ? "from Codex" : "to Codex" }, from ? "←" : "→"),
        h("b", {}, name),
        h("i", {}, id),
        h("span", { class: "brief" }, shown(body)),
      ),
      h("pre", {}, pretty(said)),
    ),
  );
}

const time = (milliseconds) => h("time", {}, (milliseconds / 1000).toFixed(3));

const requests = (all, value) =>
  h(
    "ol",
    { class: "transcript" },
    all.map(([at, place, body]) => {
      const { method, path, status, bearer, account_id: account, fedramp } = value(place);
      const sent = value(body);
      const line = [
        time(at),
        h("span", { class: "status" }, status || "dropped"),
        h("b", {}, `${method} ${path}`),
        h(
          "span",
          { class: "brief" },
          [
            `bearer ${bearer ?? "none"}`,
            `account ${account ?? "none"}`,
            fedramp && `fedramp ${fedramp}`,
          ]
            .filter(Boolean)
            .join(", "),
        ),
      ];
      const bad = status === 0 || status >= 400 ? "wrong" : null;
      return sent
        ? h(
            "li",
            { class: bad },
            h("details", {}, h("summary", {}, line), h("pre", {}, pretty(sent))),
          )
        : h("li", { class: bad }, h("div", { class: "summary" }, line));
    }),
  );

function home(before, after) {
  const names = [...new Set([...before.entries, ...after.entries])].sort();
  const rows = [
    ["auth.json", held(before), held(after)],
    ["mode", before.mode ?? "–", after.mode ?? "–"],
    ...names
      .map((name) => [
        name,
        ...[before, after].map(({ entries }) => (entries.includes(name) ? "there" : "–")),
      ])
      .filter(([name, one, other]) => name !== "auth.json" && one !== other),
  ];
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      { class: "fields" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["", "before", "after"].map((one) => (one ? h("th", { scope: "col" }, one) : h("td"))),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map(([name, one, other]) =>
          h(
            "tr",
            { class: one === other ? null : "changed" },
            h("th", { scope: "row" }, name),
            h("td", {}, h("pre", {}, one)),
            h("td", {}, h("pre", {}, other)),
          ),
        ),
      ),
    ),
  );
}

const held = ({ auth_json: auth }) => (auth == null ? "–" : pretty(auth));

const closeEvidence = () => go(Object.fromEntries(CELL.map((name) => [name, ""])));

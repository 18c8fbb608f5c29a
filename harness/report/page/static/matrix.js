// The matrix: a row a scenario; a column a release, or a probe where one release is chosen.

let drawn = "";
let column = 0;
const folded = new Set();
const opened = new Set();

function columns() {
  if (!state.release) {
    return index.releases.map((label, release) => ({ label, release, probe: state.probe }));
  }
  const release = index.releases.indexOf(state.release);
  const probes = state.probe ? [state.probe] : index.probes;
  return probes.map((label) => ({ label, release, probe: label }));
}

function drawMatrix(main) {
  const of = columns();
  const key = JSON.stringify([state.release, state.probe]);
  if (drawn !== key || !main.querySelector("#grid")) {
    drawn = key;
    main.replaceChildren(legend(), h("div", { class: "scroll" }, grid(of)));
  }
  return filterMatrix(main, of);
}

const legend = () =>
  h(
    "ul",
    { class: "legend", "aria-label": "Marks" },
    [..."pfhcen."].map((verdict) => h("li", {}, sign(verdict), VERDICTS[verdict].word)),
    h("li", {}, sign("p", " changed"), "changed from the release before"),
  );

function grid(of) {
  const table = h(
    "table",
    {
      id: "grid",
      role: "grid",
      class: state.release ? "by-probe" : "by-release",
      "aria-label": `Verdicts by scenario and ${state.release ? "probe" : "release"}`,
      onclick: pressed,
      onkeydown: moved,
      onfocusin: ({ target }) => rove(table, target),
    },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "scenario"),
        of.map(({ label }) => h("th", { scope: "col" }, h("span", {}, label))),
      ),
    ),
    folders().map(([folder, scenarios]) => group(folder, scenarios, of)),
  );
  table.style.setProperty("--columns", of.length);
  return table;
}

function folders() {
  const found = new Map();
  for (const scenario of index.scenarios) {
    if (!found.has(scenario.folder)) found.set(scenario.folder, []);
    found.get(scenario.folder).push(scenario);
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1));
}

function group(folder, scenarios, of) {
  return h(
    "tbody",
    { "data-folder": folder },
    h(
      "tr",
      { class: "folder" },
      h(
        "th",
        {
          scope: "rowgroup",
          colspan: of.length + 1,
          tabindex: -1,
          "aria-expanded": String(!folded.has(folder)),
        },
        h("span", { class: "name" }, `${folder || "scenarios"}/`),
        " ",
        h("span", { class: "says" }),
      ),
    ),
    scenarios.map((scenario, place) => [
      row(scenario, of, scenario.module === scenarios[place - 1]?.module),
      opened.has(scenario.id) && [...inside(scenario, of)],
    ]),
  );
}

/** Return the row of a scenario; a further variant of a module need not be described again. */
function row(scenario, of, isVariant) {
  const says = firstLine(scenario);
  return h(
    "tr",
    { "data-scenario": scenario.number, class: isVariant ? "variant" : null },
    h(
      "th",
      { scope: "row", tabindex: -1, "aria-expanded": String(opened.has(scenario.id)) },
      named(scenario.id),
      " ",
      h("span", { class: "says", title: says }, says),
    ),
    of.map(({ probe, release }) => mark(scenario, probe, release)),
  );
}

/** Return the cell of a probe on a release; without a probe, that of the worst of all. */
function mark(scenario, probe, release) {
  const { verdict, probe: at } = probe
    ? { verdict: verdictOf(scenario, probe, release), probe }
    : worst(scenario, release);
  const { before, times, of } = changedIn(scenario, probe ? [probe] : index.probes, release);
  const { name, mark: letter, word } = VERDICTS[verdict];
  const words = [word];
  if (!probe && WRONG.includes(verdict)) words.push(`in ${at}`);
  if (times) {
    const share = probe ? "" : ` in ${times} of ${counted(of, "probe")}`;
    words.push(`not what ${index.releases[before]} does${share}`);
  }
  const cell = h(
    "td",
    {
      class: `${name}${times ? " changed" : ""}`,
      "data-at": at,
      "data-on": release,
      tabindex: -1,
      "aria-label": words.join(", "),
    },
    letter,
  );
  if (times) cell.style.setProperty("--share", times / of);
  return cell;
}

/** Return the rows that an opened scenario has below it: what it says of itself, and its probes. */
function* inside(scenario, of) {
  const rest = reflowed(scenario.description.slice(firstLine(scenario).length).trim());
  yield h(
    "tr",
    { class: "inside told" },
    h(
      "th",
      { colspan: of.length + 1, scope: "row", tabindex: -1 },
      h("strong", {}, firstLine(scenario)),
      rest && h("p", {}, rest),
      h("code", {}, `${scenario.module}:${scenario.line}`),
    ),
  );
  if (state.release || state.probe) return;
  for (const probe of index.probes.filter((one) => one in scenario.cells)) {
    yield h(
      "tr",
      { class: "inside", "data-scenario": scenario.number },
      h("th", { scope: "row", tabindex: -1 }, probe),
      of.map(({ release }) => mark(scenario, probe, release)),
    );
  }
}

function toggle(line, { open } = {}) {
  const header = line.cells[0];
  const expand = open ?? header.getAttribute("aria-expanded") !== "true";
  header.setAttribute("aria-expanded", String(expand));
  if (line.className === "folder") {
    const { folder } = line.parentElement.dataset;
    folded[expand ? "delete" : "add"](folder);
    draw();
    return;
  }
  const scenario = index.scenarios[line.dataset.scenario];
  opened[expand ? "add" : "delete"](scenario.id);
  while (line.nextElementSibling?.classList.contains("inside")) line.nextElementSibling.remove();
  if (expand) line.after(...inside(scenario, columns()));
}

/** Hide what the filters leave out; return how many scenarios are left. */
function filterMatrix(main, of) {
  const probes = state.probe ? [state.probe] : index.probes;
  let left = 0;
  for (const body of main.querySelectorAll("#grid tbody")) {
    let ofFolder = 0;
    const counts = {};
    for (const line of body.querySelectorAll("tr[data-scenario]:not(.inside)")) {
      const scenario = index.scenarios[line.dataset.scenario];
      const verdicts = of.map(({ probe, release }) =>
        probe ? verdictOf(scenario, probe, release) : worst(scenario, release).verdict,
      );
      const stays =
        isMeant(scenario, state.q) &&
        (!state.verdict || verdicts.includes(state.verdict)) &&
        (!state.differs || differs(scenario, probes)) &&
        (!state.probe || state.probe in scenario.cells);
      const hidden = !stays || folded.has(body.dataset.folder);
      if (hidden && opened.has(scenario.id)) toggle(line, { open: false });
      line.hidden = hidden;
      ofFolder += stays;
      if (stays)
        verdicts.forEach((one) => {
          counts[one] = (counts[one] ?? 0) + 1;
        });
    }
    body.hidden = ofFolder === 0;
    const wrong = [...WRONG].filter((one) => counts[one]);
    body.querySelector(".folder .says").textContent = [
      counted(ofFolder, "scenario"),
      ...wrong.map((one) => `${VERDICTS[one].mark} ${counts[one]}`),
    ].join("   ");
    left += ofFolder;
  }
  const cells = [...main.querySelectorAll("#grid [tabindex]")];
  if (!cells.some((one) => one.tabIndex === 0 && one.offsetParent)) {
    const first = cells.find((one) => one.matches("td") && one.offsetParent) ?? cells[0];
    if (first) rove(main.querySelector("#grid"), first);
  }
  return `${left} of ${counted(index.scenarios.length, "scenario")}`;
}

// Keys, as in any grid: one cell is in the order of the tabulator, arrows go on from it.

function rove(table, target) {
  const cell = target.closest("td, th[tabindex]");
  if (!cell) return;
  table.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  cell.setAttribute("tabindex", "0");
}

function pressed({ target }) {
  const cell = target.closest("td, th[tabindex]");
  const line = cell?.parentElement;
  if (!cell) return;
  cell.focus();
  if (cell.matches("td")) {
    const scenario = index.scenarios[line.dataset.scenario];
    go(
      { scenario: scenario.id, at: cell.dataset.at, on: index.releases[cell.dataset.on] },
      { keep: true },
    );
  } else if (cell.hasAttribute("aria-expanded")) toggle(line);
}

function moved(event) {
  const cell = event.target.closest("td, th[tabindex]");
  if (!cell || event.altKey || event.metaKey) return;
  const lines = [...event.currentTarget.tBodies].flatMap((body) =>
    body.hidden ? [] : [...body.rows].filter((one) => !one.hidden),
  );
  const line = lines.indexOf(cell.parentElement);
  const last = cell.parentElement.cells.length - 1;
  const moves = {
    ArrowUp: () => [line - 1, column],
    ArrowDown: () => [line + 1, column],
    PageUp: () => [Math.max(line - 10, 0), column],
    PageDown: () => [Math.min(line + 10, lines.length - 1), column],
    ArrowLeft: () => [line, cell.cellIndex - 1],
    ArrowRight: () => [line, cell.cellIndex + 1],
    Home: () => [event.ctrlKey ? 0 : line, 0],
    End: () => [event.ctrlKey ? lines.length - 1 : line, last],
    Enter: () => pressed({ target: cell }),
    " ": () => pressed({ target: cell }),
  };
  if (!(event.key in moves)) return;
  event.preventDefault();
  const to = moves[event.key]();
  if (!to || !lines[to[0]] || to[1] < 0) return;
  if (!event.key.match(/Up|Down/)) column = to[1];
  const { cells } = lines[to[0]];
  cells[Math.min(to[1], cells.length - 1)].focus();
}

// Starts the page, and draws it anew whenever something else is looked at.

/** What draws each view, and the part of the data that it needs. */
const VIEWS = {
  matrix: [drawMatrix, "index"],
  drift: [drawDrift, "seen"],
  signals: [drawSignals, "seen"],
  requests: [drawRequests, "seen"],
};
let draws = 0;
const form = document.getElementById("filters");

async function draw() {
  readAddress();
  for (const link of document.querySelectorAll("[data-view]")) {
    const { view } = link.dataset;
    link.href = address({ view, ...Object.fromEntries(CELL.map((name) => [name, ""])) });
    link.toggleAttribute("aria-current", false);
    if (view === state.view) link.setAttribute("aria-current", "page");
  }
  for (const label of form.querySelectorAll("[data-in]")) {
    label.hidden = !label.dataset.in.split(" ").includes(state.view);
  }
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = state[field.name] !== "";
    else if (field !== document.activeElement) field.value = state[field.name];
  }
  draws += 1;
  const mine = draws;
  const [view, needs] = VIEWS[state.view];
  const data = await part(needs);
  if (mine !== draws) return;
  document.getElementById("count").textContent = view(document.getElementById("main"), data);
  await drawEvidence();
}

function fill(name, values) {
  const select = form.elements[name];
  select.append(...values.map((value) => h("option", { value }, value)));
}

function runs() {
  const marks = index.scenarios
    .flatMap(({ cells }) => Object.values(cells).map(([of]) => of))
    .join("");
  const totals = [..."pfhcen"]
    .map((verdict) => [verdict, marks.split(verdict).length - 1])
    .filter(([, times]) => times);
  const newest = index.runs[0];
  const broken = index.runs.filter(({ ended }) => !ended).map(({ file }) => file);
  return [
    `${counted(index.scenarios.length, "scenario")} × ${counted(index.releases.length, "release")}, `,
    newest && `${newest.started.slice(0, 10)}, ${newest.platform}`,
    h(
      "span",
      { class: "totals" },
      totals.map(([verdict, times]) =>
        h(
          "span",
          {},
          sign(verdict),
          times.toLocaleString("en"),
          h("span", { class: "sr" }, ` ${VERDICTS[verdict].word}`),
        ),
      ),
    ),
    broken.length > 0 && h("strong", {}, ` Interrupted: ${broken.join(", ")}`),
  ].filter(Boolean);
}

// The theme: as the system, light or dark; kept where the browser keeps anything for a file.

const THEMES = { "": "as the system", light: "light", dark: "dark" };

function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.getElementById("theme").setAttribute("aria-label", `Theme: ${THEMES[theme]}`);
}

function remember(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    /* Some browsers keep nothing for files. */
  }
}

function remembered() {
  try {
    return localStorage.getItem("theme") ?? "";
  } catch {
    return "";
  }
}

document.getElementById("theme").addEventListener("click", () => {
  const all = Object.keys(THEMES);
  const next = all[(all.indexOf(document.documentElement.dataset.theme) + 1) % all.length];
  applyTheme(next);
  remember(next);
});

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
  const value = target.type === "checkbox" ? (target.checked ? "1" : "") : target.value;
  go({ [target.name]: value });
});

addEventListener("hashchange", draw);
addEventListener("popstate", draw);
addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key === "/" && !target.matches("input, select") && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    form.elements.q.focus();
  }
  if (key === "Escape" && target === form.elements.q) go({ q: "" });
});

const sheetElement = document.getElementById("evidence");
// Not at "close", which comes late: another cell may have been opened by then.
sheetElement.addEventListener("cancel", closeEvidence);
sheetElement.addEventListener("click", ({ target }) => target === sheetElement && closeEvidence());

applyTheme(remembered());
part("index")
  .then((found) => {
    index = found;
    index.scenarios.forEach((scenario, number) => {
      scenario.number = number;
    });
    fill("probe", index.probes);
    for (const name of ["release", "old", "new"]) fill(name, index.releases);
    document.getElementById("runs").append(...runs());
    return draw();
  })
  .catch((error) => {
    document
      .getElementById("main")
      .replaceChildren(
        h(
          "p",
          { class: "empty" },
          `The page cannot be drawn: ${error}. It takes a browser of 2024 or newer.`,
        ),
      );
  });

// What is looked at, which is all in the address: a link shows the same to everybody.

const DEFAULTS = {
  view: "matrix",
  q: "",
  probe: "",
  release: "",
  verdict: "",
  differs: "",
  disagree: "",
  old: "",
  new: "",
  scenario: "",
  at: "",
  on: "",
};
const CELL = ["scenario", "at", "on"];

let state = { ...DEFAULTS };

/** Read what is looked at from the address. */
function readAddress() {
  state = { ...DEFAULTS };
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (name in DEFAULTS) state[name] = value;
  }
  const { releases, probes } = index;
  if (!["matrix", "drift", "signals", "requests"].includes(state.view)) state.view = "matrix";
  if (!releases.includes(state.release)) state.release = "";
  if (!probes.includes(state.probe)) state.probe = "";
  if (!releases.includes(state.new)) state.new = releases.at(-1) ?? "";
  if (!releases.includes(state.old)) state.old = releases.at(-2) ?? state.new;
}

/** Return the address of what is looked at, with changes. */
function address(changes = {}) {
  const wanted = { ...state, ...changes };
  if (wanted.view !== "drift") wanted.old = wanted.new = "";
  const kept = Object.entries(wanted).filter(([name, value]) => value !== DEFAULTS[name]);
  return `#${new URLSearchParams(kept)}`;
}

/** Return the address of the evidence of a cell. */
const addressOfCell = (scenario, at, on) => address({ scenario, at, on });

/** Look at something else; `keep`: as a step that the browser's Back takes back. */
function go(changes, { keep = false } = {}) {
  const to = address(changes);
  if (to === (location.hash || "#")) return;
  history[keep ? "pushState" : "replaceState"](null, "", to);
  draw();
}

// The data: gzip in base64, each part unpacked when it is first asked for.

const loaded = new Promise((resolve) => {
  if (document.readyState !== "loading") resolve();
  else document.addEventListener("DOMContentLoaded", () => resolve());
});

const unpacked = new Map();

/** Return the promise of the data of a part. */
function part(name) {
  if (!unpacked.has(name)) unpacked.set(name, unpack(name));
  return unpacked.get(name);
}

async function unpack(name) {
  let element = document.getElementById(name);
  if (!element) {
    await loaded;
    element = document.getElementById(name);
  }
  const bytes = Uint8Array.from(atob(element.textContent), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** What the page is about; filled before anything is drawn. */
let index = { runs: [], releases: [], probes: [], scenarios: [] };

const VERDICTS = {
  e: { name: "fault", mark: "!", word: "fault of the harness" },
  c: { name: "differs", mark: "C", word: "crashed" },
  h: { name: "differs", mark: "H", word: "hung" },
  f: { name: "differs", mark: "✗", word: "not as expected" },
  p: { name: "passed", mark: "✓", word: "as expected" },
  n: { name: "none", mark: "–", word: "not applicable" },
  ".": { name: "none", mark: "·", word: "not run" },
};
const WORST_FIRST = Object.keys(VERDICTS);
const WRONG = "ecfh";

/** Return the mark of a verdict, which says nothing to a screen reader. */
const sign = (verdict, more = "") =>
  h(
    "span",
    { class: `mark ${VERDICTS[verdict].name}${more}`, "aria-hidden": "true" },
    VERDICTS[verdict].mark,
  );

/** Return the verdict of a probe on a release, by the place of the release. */
const verdictOf = (scenario, probe, release) => scenario.cells[probe]?.[0][release] ?? ".";

/** Return the worst verdict of a scenario on a release, and the probe that has it. */
function worst(scenario, release) {
  let found = { verdict: ".", probe: Object.keys(scenario.cells)[0] };
  for (const probe of index.probes) {
    const verdict = verdictOf(scenario, probe, release);
    if (WORST_FIRST.indexOf(verdict) < WORST_FIRST.indexOf(found.verdict))
      found = { verdict, probe };
  }
  return found;
}

/** Return in which of the probes the release before this one saw something else, of how many. */
function changedIn(scenario, probes, release) {
  const changed = { before: -1, times: 0, of: 0 };
  for (const probe of probes) {
    const alike = scenario.cells[probe]?.[1];
    if (!alike || alike[release] == null) continue;
    changed.of += 1;
    let before = release - 1;
    while (before >= 0 && alike[before] == null) before -= 1;
    if (before < 0 || alike[before] === alike[release]) continue;
    changed.before = Math.max(changed.before, before);
    changed.times += 1;
  }
  return changed;
}

/** Return whether releases saw different things in one of the probes. */
const differs = (scenario, probes) =>
  probes.some((probe) => new Set(scenario.cells[probe]?.[1].filter((one) => one != null)).size > 1);

/** Return whether the text is found in what names or describes the scenario. */
const isMeant = (scenario, text) =>
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) =>
      `${scenario.id} ${scenario.folder}/ ${scenario.description}`.toLowerCase().includes(word),
    );

/** Return a text in which only paragraphs and lists begin a line of their own. */
const reflowed = (text) => text.replace(/(?<!\n)\n(?!\s*(\n|[-*]|\d+\.))/g, " ");

const firstLine = (scenario) => scenario.description.split("\n", 1)[0];

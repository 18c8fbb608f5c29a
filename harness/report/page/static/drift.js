// What two releases do differently: what was seen, not verdicts.

function* changes(old, other, where = []) {
  const both = [old, other].every((one) => one && typeof one === "object" && !Array.isArray(one));
  if (both) {
    for (const name of new Set([...Object.keys(old), ...Object.keys(other)])) {
      yield* changes(old[name], other[name], [...where, name]);
    }
  } else if (JSON.stringify(old) !== JSON.stringify(other)) {
    yield { where: where.join(", "), old, other };
  }
}

function drawDrift(main, { values, scenarios }) {
  const [old, other] = [state.old, state.new].map((one) => index.releases.indexOf(one));
  let compared = 0;
  const found = [];
  for (const scenario of index.scenarios.filter((one) => isMeant(one, state.q))) {
    for (const probe of index.probes.filter((one) => !state.probe || one === state.probe)) {
      const alike = scenario.cells[probe]?.[1];
      if (!alike || alike[old] == null || alike[other] == null) continue;
      compared += 1;
      if (alike[old] === alike[other]) continue;
      const records = scenarios[scenario.number].records[probe];
      found.push({
        scenario,
        probe,
        differing: [...changes(values[records[old]], values[records[other]])],
      });
    }
  }
  main.replaceChildren(
    found.length
      ? h(
          "div",
          { class: "reading" },
          inCommon(found),
          h("h2", {}, "Cell by cell"),
          h("ol", { class: "cells" }, found.map(changed)),
        )
      : h(
          "p",
          { class: "empty" },
          state.old === state.new
            ? "Choose two releases."
            : "Both do the same, as far as both were run.",
        ),
  );
  return `${found.length} of ${counted(compared, "cell")} differ`;
}

function inCommon(found) {
  const cells = new Map();
  for (const { probe, differing } of found) {
    for (const { where, old, other } of differing) {
      const key = JSON.stringify([`${probe}.${where}`, ...apart(old, other)]);
      cells.set(key, (cells.get(key) ?? 0) + 1);
    }
  }
  const often = [...cells].filter(([, count]) => count > 1).sort((one, two) => two[1] - one[1]);
  if (!often.length) return null;
  return [
    h("h2", {}, "What they have in common"),
    h(
      "div",
      { class: "scroll" },
      h(
        "table",
        { class: "fields common" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["cells", "field", state.old, state.new].map((one) => h("th", { scope: "col" }, one)),
          ),
        ),
        h(
          "tbody",
          {},
          often.slice(0, 12).map(([key, count]) => {
            const [where, old, other] = JSON.parse(key);
            return h(
              "tr",
              {},
              h("td", { class: "number" }, count),
              h("th", { scope: "row" }, where),
              h("td", {}, h("pre", {}, old)),
              h("td", {}, h("pre", {}, other)),
            );
          }),
        ),
      ),
    ),
  ];
}

/** Return two values as text; of long texts only the lines in which they are apart. */
function apart(old, other) {
  const texts = [old, other].map((one) => (one === undefined ? "none" : shown(one) || "empty"));
  const [lines, others] = texts.map((text) => text.split("\n"));
  let start = 0;
  while (start < lines.length && lines[start] === others[start]) start += 1;
  let end = 0;
  while (
    end < Math.min(lines.length, others.length) - start &&
    lines.at(-1 - end) === others.at(-1 - end)
  )
    end += 1;
  return [lines, others].map((all) =>
    [...(start ? ["…"] : []), ...all.slice(start, all.length - end), ...(end ? ["…"] : [])].join(
      "\n",
    ),
  );
}

const changed = ({ scenario, probe, differing }) =>
  h(
    "li",
    {},
    h(
      "h3",
      {},
      h(
        "a",
        {
          href: addressOfCell(scenario.id, probe, state.new),
          onclick: (event) => {
            event.preventDefault();
            go({ scenario: scenario.id, at: probe, on: state.new }, { keep: true });
          },
        },
        named(scenario.id),
        ` ${probe}`,
      ),
    ),
    h("p", { class: "says" }, firstLine(scenario)),
    h(
      "dl",
      {},
      differing.map(({ where, old, other }) =>
        h("div", {}, h("dt", {}, where), h("dd", {}, was(apart(old, other)))),
      ),
    ),
  );

const was = ([old, other]) => [h("del", {}, old), " ", h("ins", {}, other)];

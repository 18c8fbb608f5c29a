"use strict";

// All that is shown goes through here, as text: nothing of the results is ever read as HTML.

/** Return an element with attributes, listeners (`onclick: …`) and children. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((child) => child != null && child !== false));
  return element;
}

/** Return the number and the noun. */
const counted = (number, noun, plural = `${noun}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;

/** Return the name of a scenario, which may be broken before its variant. */
function named(id) {
  const [name, ...variant] = id.split(/(?=\[)/);
  return h("span", { class: "id" }, name, variant.length > 0 && h("span", {}, variant.join("")));
}

/** Return the value as a person reads it: text as it is, anything else as JSON. */
const shown = (value) =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

const SHORT = 40;

/** Return the value as JSON, on several lines unless it is short; text stays as it is. */
function pretty(value) {
  if (typeof value === "string") return value;
  const line = JSON.stringify(value);
  return line.length > SHORT ? JSON.stringify(value, null, 2) : line;
}

// The desk's words, translated by the server, and small pieces of the page made of them.

let words = {};

export const learn = (given) => {
  words = given;
};

/** A sentence by its name, with {places} filled in. */
export const say = (name, places = {}) =>
  (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => (key in places ? String(places[key]) : whole));

/** An element: `make("p", {class: "quiet", onclick: f}, "words", other)`. Nothing is read as HTML. */
export const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

export const day = (iso) =>
  new Intl.DateTimeFormat(document.documentElement.lang || "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(`${iso.slice(0, 10)}T00:00:00Z`),
  );

export const clock = (iso) =>
  new Intl.DateTimeFormat(document.documentElement.lang || "en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date(iso));

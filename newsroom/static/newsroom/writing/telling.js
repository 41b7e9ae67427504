// Elements and sentences.

/** A sentence with its {places} filled in. */
export const fill = (words, places) => words.replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");

export const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};

const SHORT = { hour: "2-digit", minute: "2-digit" };
const LONG = { day: "numeric", month: "long", ...SHORT };

/** A moment as the clock shows it, with the day if that is not today. */
export const time = (iso) => {
  if (!iso) return "";
  const then = new Date(iso);
  const today = then.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, today ? SHORT : LONG).format(then);
};

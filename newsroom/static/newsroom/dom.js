// Make DOM elements.

/**
 * Make an element: `make("p", { class: "quiet", onclick: handler }, "text", otherNode)`. Nothing is read as HTML.
 * Attributes and children that are null, undefined or false are left out.
 */
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

// What is on the screen: the story with its marks, the cards, the bar above them.

import { draw } from "./card.js";
import { desk, elements, here, list, open, page, store, story } from "./state.js";
import { make, say } from "./words.js";

const said = document.getElementById("said");

export const announce = (sentence) => {
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = sentence;
  });
};

export const numberOf = (id) => store.ids.indexOf(id) + 1;

export const drawCard = (id) => {
  const element = elements.get(id);
  if (!element || !store.saved.has(id)) return;
  const hadFocus = element.contains(document.activeElement) && !open.get(id)?.element.contains(document.activeElement);
  const inside = hadFocus && element !== document.activeElement ? document.activeElement.dataset.do : "";
  draw(element, store.card(id), numberOf(id), desk);
  if (hadFocus) (inside ? element.querySelector(`[data-do="${inside}"]`) ?? element : element).focus({ preventScroll: true });
  for (const mark of story.querySelectorAll(`mark[data-mark="c${id}"]`)) {
    mark.className = `claim ${store.card(id).review}${id === here.current ? " current" : ""}`;
  }
};

/** Claims drawn at once: those about the chosen one, which are on the screen. The rest follow, some at a time. */
const NEAR = 12;

/** Draw many cards: first what is on the screen, then the others once that is painted. */
export const drawCards = (ids) => {
  const middle = numberOf(here.current);
  const far = ids.filter((id) => Math.abs(numberOf(id) - middle) > NEAR);
  for (const id of ids) if (!far.includes(id)) drawCard(id);
  const go = () => {
    far.splice(0, NEAR).forEach(drawCard);
    if (far.length) setTimeout(go);
  };
  if (far.length) requestAnimationFrame(() => setTimeout(go));
};

const elementOf = (id) => {
  const element = make("article", { id: `card-${id}`, "data-claim": String(id), tabindex: "-1" });
  elements.set(id, element);
  return element;
};

/** All cards in the order of the text; those that are there already keep their element, and what is typed in it. */
export const drawAll = () => {
  const ids = store.ids;
  for (const id of [...elements.keys()]) {
    if (!ids.includes(id)) {
      elements.get(id).closest("li").remove();
      elements.delete(id);
      open.delete(id);
    }
  }
  ids.forEach((id, at) => {
    const item = elements.has(id) ? elements.get(id).closest("li") : make("li", {}, elementOf(id));
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
    drawCard(id);
  });
  if (here.current !== null && !ids.includes(here.current)) here.current = null;
  if (here.current === null && ids.length) setCurrent(store.waiting()[0] ?? ids[0], { scroll: false });
  drawBar();
};

export const drawStory = (blocks) => {
  story.replaceChildren(
    ...blocks.map((block) => {
      const node = make("div", { class: "block", "data-start": String(block.start) });
      node.innerHTML = block.html; // sanitised when it was stored, marked by the server
      return node;
    }),
  );
  const numbers = new Map(store.ids.map((id, at) => [`c${id}`, at + 1]));
  const begun = new Set();
  for (const mark of story.querySelectorAll("mark[data-mark]")) {
    const key = mark.dataset.mark;
    const id = Number(key.slice(1));
    mark.removeAttribute("id");
    if (!begun.has(key) && numbers.has(key)) mark.dataset.number = String(numbers.get(key));
    begun.add(key);
    mark.className = numbers.has(key) ? `claim ${store.card(id).review}${id === here.current ? " current" : ""}` : "aside";
  }
};

export const drawBar = () => {
  const waiting = store.waiting().length;
  const total = store.ids.length;
  document.getElementById("count").textContent = !total ? say("none_found") : waiting ? say(waiting === 1 ? "one_waits" : "many_wait", { waiting, total }) : say("all_judged", { total });
  const button = (name) => page.querySelector(`[data-do="${name}"]`);
  const show = (name, shown) => {
    const node = button(name);
    if (node) node.disabled = !shown;
  };
  show("rest", waiting > 0);
  const more = button("everything");
  more.hidden = store.aside === 0;
  more.textContent = say("aside", { n: store.aside });
  more.setAttribute("aria-pressed", String(store.everything));
  show("undo", Boolean(desk.undo) || here.unsaved > 0);
  show("new", here.selected.length > 0);
  if (button("undo")) button("undo").title = desk.undo ? desk.undo.sentence : "";
  const publish = button("publish");
  if (publish) publish.hidden = !desk.may_publish;
  document.getElementById("status").textContent = desk.status_name;
};

/** Choose a claim; both sides follow. */
export const setCurrent = (id, { focus = false, scroll = true } = {}) => {
  const before = here.current;
  here.current = id;
  for (const one of new Set([before, id])) {
    const element = elements.get(one);
    if (!element) continue;
    element.tabIndex = one === id ? 0 : -1;
    if (one === id) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
    for (const mark of story.querySelectorAll(`mark[data-mark="c${one}"]`)) mark.classList.toggle("current", one === id);
  }
  const element = elements.get(id);
  if (!element) return;
  if (focus) element.focus({ preventScroll: true });
  if (scroll) {
    element.scrollIntoView({ block: "nearest" });
    story.querySelector(`mark[data-mark="c${id}"]`)?.scrollIntoView({ block: "nearest" });
  }
};

export const step = (by) => {
  const ids = store.ids;
  if (!ids.length) return;
  const at = Math.min(Math.max(ids.indexOf(here.current) + by, 0), ids.length - 1);
  setCurrent(ids[at], { focus: true });
};

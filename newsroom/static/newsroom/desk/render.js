// Render the review desk: the article with its marks, the cards, the bar above them.

import { make } from "../dom.js";
import { say } from "../messages.js";
import { renderCardElement } from "./card.js";
import { articleText, cardElements, cardList, desk, deskElement, openForms, store, ui } from "./state.js";

const message = document.getElementById("desk-message");

/** Write a message for all, and for screen readers even if it is the same as before. */
export const announce = (text) => {
  message.textContent = "";
  requestAnimationFrame(() => {
    message.textContent = text;
  });
};

/** Return the number of a claim: its place in the order of the text. */
export const numberOf = (id) => store.ids.indexOf(id) + 1;

const marksOf = (id) => articleText.querySelectorAll(`mark[data-mark="c${id}"]`);
const markClass = (id) => `claim ${store.card(id).review}${id === ui.currentId ? " current" : ""}`;

export const renderCard = (id) => {
  const element = cardElements.get(id);
  if (!element || !store.saved.has(id)) return;
  const focused = document.activeElement;
  const hadFocus = element.contains(focused) && !openForms.get(id)?.element.contains(focused);
  const focusedAction = hadFocus && element !== focused ? focused.dataset.do : "";
  renderCardElement(element, store.card(id), numberOf(id), desk);
  if (hadFocus) {
    const button = focusedAction && element.querySelector(`[data-do="${focusedAction}"]`);
    (button || element).focus({ preventScroll: true });
  }
  for (const mark of marksOf(id)) mark.className = markClass(id);
};

/** Cards rendered at once, before and after the current one: those that are on the screen. */
const CARDS_AT_ONCE = 12;

/** Render many cards: first those on the screen, then, once these are painted, the others in batches. */
export const renderCards = (ids) => {
  const currentNumber = numberOf(ui.currentId);
  const isFar = (id) => Math.abs(numberOf(id) - currentNumber) > CARDS_AT_ONCE;
  const later = ids.filter(isFar);
  for (const id of ids) if (!later.includes(id)) renderCard(id);
  const renderBatch = () => {
    later.splice(0, CARDS_AT_ONCE).forEach(renderCard);
    if (later.length) setTimeout(renderBatch);
  };
  if (later.length) requestAnimationFrame(() => setTimeout(renderBatch));
};

const createCardElement = (id) => {
  const element = make("article", { id: `card-${id}`, "data-claim": String(id), tabindex: "-1" });
  cardElements.set(id, element);
  return element;
};

/** Render all cards in the order of the text. A card that exists keeps its element, and what is typed in it. */
export const renderAllCards = () => {
  const ids = store.ids;
  for (const id of [...cardElements.keys()]) {
    if (!ids.includes(id)) {
      cardElements.get(id).closest("li").remove();
      cardElements.delete(id);
      openForms.delete(id);
    }
  }
  ids.forEach((id, index) => {
    const item = cardElements.has(id) ? cardElements.get(id).closest("li") : make("li", {}, createCardElement(id));
    if (cardList.children[index] !== item) cardList.insertBefore(item, cardList.children[index] ?? null);
    renderCard(id);
  });
  if (ui.currentId !== null && !ids.includes(ui.currentId)) ui.currentId = null;
  if (ui.currentId === null && ids.length) setCurrent(store.waitingIds()[0] ?? ids[0], { scroll: false });
  renderBar();
};

export const renderArticle = (blocks) => {
  articleText.replaceChildren(
    ...blocks.map((block) => {
      const element = make("div", { class: "block", dir: "auto", "data-start": String(block.start) });
      element.innerHTML = block.html; // the server sanitised it when it was stored
      return element;
    }),
  );
  const numbers = new Map(store.ids.map((id, index) => [`c${id}`, index + 1]));
  const numbered = new Set();
  for (const mark of articleText.querySelectorAll("mark[data-mark]")) {
    const key = mark.dataset.mark;
    mark.removeAttribute("id");
    if (!numbered.has(key) && numbers.has(key)) mark.dataset.number = String(numbers.get(key));
    numbered.add(key);
    mark.className = numbers.has(key) ? markClass(Number(key.slice(1))) : "unlisted";
  }
};

export const renderBar = () => {
  const waiting = store.waitingIds().length;
  const total = store.ids.length;
  const countMessage = () => {
    if (!total) return say("none_found");
    if (!waiting) return say("all_reviewed", { total });
    return say(waiting === 1 ? "one_waits" : "many_wait", { waiting, total });
  };
  document.getElementById("count").textContent = countMessage();
  document.getElementById("status").textContent = desk.status_name;
  const button = (name) => deskElement.querySelector(`.desk-bar [data-do="${name}"]`);
  const enable = (name, isEnabled) => {
    if (button(name)) button(name).disabled = !isEnabled;
  };
  enable("accept-rest", waiting > 0);
  enable("undo", Boolean(desk.undo) || ui.unsavedCount > 0);
  enable("new", ui.selectedSpans.length > 0);
  if (button("undo")) button("undo").title = desk.undo ? desk.undo.sentence : "";
  if (button("publish")) button("publish").hidden = !desk.may_publish;
  const showAll = button("show-all");
  showAll.hidden = store.hiddenCount === 0;
  showAll.textContent = say("hidden_claims", { n: store.hiddenCount });
  showAll.setAttribute("aria-pressed", String(store.showsAll));
};

/** Make a claim the current one: its card and its marks. */
export const setCurrent = (id, { focus = false, scroll = true } = {}) => {
  const previousId = ui.currentId;
  ui.currentId = id;
  for (const changedId of new Set([previousId, id])) {
    const element = cardElements.get(changedId);
    if (!element) continue;
    element.tabIndex = changedId === id ? 0 : -1;
    if (changedId === id) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
    for (const mark of marksOf(changedId)) mark.classList.toggle("current", changedId === id);
  }
  const element = cardElements.get(id);
  if (!element) return;
  if (focus) element.focus({ preventScroll: true });
  if (scroll) {
    element.scrollIntoView({ block: "nearest" });
    marksOf(id)[0]?.scrollIntoView({ block: "nearest" });
  }
};

/** Go some claims forward or back. */
export const moveCurrent = (steps) => {
  const ids = store.ids;
  if (!ids.length) return;
  const index = Math.min(Math.max(ids.indexOf(ui.currentId) + steps, 0), ids.length - 1);
  setCurrent(ids[index], { focus: true });
};

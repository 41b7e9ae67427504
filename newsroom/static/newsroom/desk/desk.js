// The review desk: the article with its claims marked, and a card for each claim. An action is shown at once, sent to
// the server, and shown again as the server answers.

import { get } from "../http.js";
import { say } from "../messages.js";
import { localStore } from "../storage.js";
import { confirmAccept } from "./accept_dialog.js";
import { createChainForm, createClaimForm, createFilingForm, createSameSourceForm } from "./forms.js";
import { confirmPublish } from "./publish_dialog.js";
import { announce, moveCurrent, numberOf, renderAllCards, renderArticle, renderBar, setCurrent } from "./render.js";
import { selectedSpans } from "./selection.js";
import { articleText, cardElements, cardList, desk, deskElement, openForms, store, ui } from "./state.js";
import { queue, refresh, resumeActions, saveAction, showRefusal } from "./sync.js";

const REFRESH_INTERVAL_MS = 30_000;
const keysDialog = document.getElementById("keys-dialog");
let skippedUndos = []; // actions that could not be undone; the next undo goes past them
let isTouchingButton = false; // a touch on a button clears the selection before the button acts

// --- Review -------------------------------------------------------------------------------------

const reviewClaim = async (id, verdict) => {
  const card = store.card(id);
  const review = verdict === "accept" ? "accepted" : "rejected";
  if (card.review === review && (review === "rejected" || card.how === "desk")) return;
  if (verdict === "accept" && card.review === "edited") return;
  const changes = { review, how: "desk", reviewed_by: desk.user, reviewed_at: new Date().toISOString() };
  const saving = saveAction(verdict, [id], { claim: id }, changes);
  const nextId = store.nextWaitingId(id);
  if (nextId !== null) setCurrent(nextId, { focus: true });
  const result = await saving;
  if (!result.ok) {
    showRefusal(id, result.reason);
    setCurrent(id, { focus: true });
  }
};

const acceptRest = async () => {
  const hasSpeaker = (id) => store.card(id).hops.length > 0;
  const waiting = store.waitingIds();
  const acceptable = waiting.filter(hasSpeaker);
  if (!waiting.length) return;
  if (!acceptable.length) {
    announce(say("without_speaker", { n: waiting.length }));
    return;
  }
  const isConfirmed = await confirmAccept(acceptable.length, waiting.length - acceptable.length);
  if (document.activeElement === document.body) cardElements.get(ui.currentId)?.focus(); // its card was rendered again
  // Others may have reviewed some of the claims while the dialog was open.
  const ids = isConfirmed ? store.waitingIds().filter((id) => acceptable.includes(id)) : [];
  if (!ids.length) return;
  const result = await saveAction("accept-rest", ids, {}, { review: "accepted", how: "bulk", reviewed_by: desk.user });
  if (!result.ok) for (const card of result.answer.cards ?? []) showRefusal(card.id, result.reason);
};

const undo = async () => {
  const { ok, answer } = await saveAction("undo", [], { skip: skippedUndos });
  if (!ok && answer.fields?.action) skippedUndos = [...skippedUndos, answer.fields.action];
  const changedId = answer.cards?.[0]?.id;
  if (ok && changedId) setCurrent(changedId, { focus: true });
};

// --- Forms --------------------------------------------------------------------------------------

const isDirty = (form) => JSON.stringify(form.read()) !== form.initialData;
const mayDiscard = (form) => !isDirty(form) || window.confirm(say("discard_form"));

const closeForm = (id, { focus = true } = {}) => {
  openForms.get(id)?.element.remove();
  openForms.delete(id);
  if (focus) cardElements.get(id)?.focus();
};

const attachForm = (id, form) => {
  openForms.set(id, form);
  cardElements.get(id).querySelector(".form-area").append(form.element);
};

/** Open a form in the card of a claim. If it is open already, focus it and keep what is typed in it. */
const openForm = (id, createForm) => {
  const current = openForms.get(id);
  if (current?.createForm === createForm) {
    current.firstField.focus();
    return;
  }
  if (current && !mayDiscard(current)) return;
  if (current) closeForm(id, { focus: false });
  const form = createForm(store.card(id));
  form.createForm = createForm;
  form.initialData = JSON.stringify(form.read());
  form.baseVersion = store.version(id);
  attachForm(id, form);
  form.element.addEventListener("submit", (event) => {
    event.preventDefault();
    submitForm(id, form);
  });
  form.element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submitForm(id, form);
    } else if (event.key === "Escape" && mayDiscard(form)) {
      event.preventDefault();
      closeForm(id);
    }
  });
  form.element.querySelector("[data-cancel]").addEventListener("click", () => mayDiscard(form) && closeForm(id));
  setCurrent(id);
  form.firstField.focus();
  form.firstField.select?.();
};

/** Save a form. It closes at once. If the server refuses, it opens again with what was typed. */
const submitForm = async (id, form) => {
  const data = form.read();
  if (!isDirty(form) && form.kind === "edit") {
    closeForm(id);
    return;
  }
  const claims = form.kind === "same" ? store.ids : [id];
  openForms.delete(id);
  const changes = form.preview(data);
  form.element.remove();
  const saving = saveAction(form.kind, claims, { claim: id, ...data }, changes, { [id]: form.baseVersion });
  cardElements.get(id)?.focus();
  const { ok, answer, reason } = await saving;
  if (ok || !cardElements.has(id)) return;
  if (openForms.has(id)) closeForm(id, { focus: false });
  form.baseVersion = store.version(id); // the card shows the server's state now; saving again puts the form on top of it
  attachForm(id, form);
  const alert = form.element.querySelector(".refused");
  alert.hidden = false;
  alert.textContent = answer.code === "stale" ? `${reason} ${say("save_again")}` : reason;
  setCurrent(id);
  form.firstField.focus();
};

const searchSources = async (text) => {
  const { data } = await get(`${desk.sources}?q=${encodeURIComponent(text)}`);
  return data?.sources ?? [];
};

const claimForm = (card) => createClaimForm(card, numberOf(card.id), desk);
const chainForm = (card) => createChainForm(card, numberOf(card.id), desk, searchSources);
const sameSourceForm = (card) => createSameSourceForm(card, numberOf(card.id), store.speakers());
const filingForm = (card) => createFilingForm(card, numberOf(card.id), desk);

const openFilingForm = (id) => {
  const hasSavedFigures = store.card(id).figures.some((figure) => figure.id !== null);
  if (hasSavedFigures) openForm(id, filingForm);
  else announce(say("no_figures"));
};

// --- The selected text --------------------------------------------------------------------------

/** Save an action on the selected text. `id` is null for a new claim. */
const saveSelection = async (kind, id, data = {}) => {
  const current = selectedSpans(articleText); // "selectionchange" comes late: a key may be faster
  const spans = current.length ? current : ui.selectedSpans;
  if (!spans.length) {
    announce(say("select_first"));
    return;
  }
  document.getSelection()?.removeAllRanges();
  ui.selectedSpans = [];
  const { ok, answer, reason } = await saveAction(kind, id === null ? [] : [id], { claim: id, spans, ...data });
  if (!ok) {
    if (id !== null) showRefusal(id, reason);
    return;
  }
  const changedId = kind === "new" ? answer.cards[0]?.id : id;
  if (changedId === undefined || changedId === null) return;
  setCurrent(changedId, { focus: true });
  if (kind === "new") openForm(changedId, chainForm);
};

const joinWithNext = async (id) => {
  const ids = store.ids;
  const nextId = ids.slice(ids.indexOf(id) + 1).find((other) => store.card(other).review !== "rejected");
  if (nextId === undefined) {
    announce(say("nothing_to_join"));
    return;
  }
  const { ok, reason } = await saveAction("join", [id, nextId], { claim: id, other: nextId });
  if (!ok) showRefusal(id, reason);
  else setCurrent(id, { focus: true });
};

/** Put the caret into the text, to select with the keyboard. The text is editable for the caret only: input is refused. */
const enterText = () => {
  articleText.contentEditable = "true";
  articleText.focus();
  const start = articleText.querySelector(`mark[data-mark="c${ui.currentId}"]`) ?? articleText.querySelector(".block");
  if (start) {
    const range = document.createRange();
    range.setStart(document.createTreeWalker(start, NodeFilter.SHOW_TEXT).nextNode() ?? start, 0);
    range.collapse(true);
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  announce(say("in_text"));
};

const leaveText = () => {
  articleText.contentEditable = "false";
};

for (const name of ["beforeinput", "paste", "drop", "cut"]) {
  articleText.addEventListener(name, (event) => event.preventDefault());
}
articleText.addEventListener("blur", leaveText);

// --- The whole article --------------------------------------------------------------------------

const publishArticle = async () => {
  const showClaim = (id) => store.saved.has(id) && setCurrent(id, { focus: true });
  let refusal = "";
  for (;;) {
    const overruled = await confirmPublish({ waitingCount: store.waitingIds().length, showClaim, refusal });
    if (overruled === null) return;
    const { ok, answer, reason } = await saveAction("publish", [], { overruled });
    if (ok || answer.code !== "warnings") return;
    refusal = reason; // new warnings appeared: ask again
  }
};

const toggleShowAll = async () => {
  store.toggleShowAll();
  renderAllCards();
  const { status, data } = await get(desk.state);
  if (status === 200) renderArticle(data.story);
};

// --- Actions and their keys ---------------------------------------------------------------------

const ACTIONS = {
  next: () => moveCurrent(1),
  previous: () => moveCurrent(-1),
  show: (id) => setCurrent(id, { focus: true }),
  accept: (id) => reviewClaim(id, "accept"),
  reject: (id) => reviewClaim(id, "reject"),
  edit: (id) => openForm(id, claimForm),
  speaker: (id) => openForm(id, chainForm),
  same: (id) => openForm(id, sameSourceForm),
  file: (id) => openFilingForm(id),
  new: () => saveSelection("new", null),
  place: (id) => saveSelection("anchor", id, { part: "content" }),
  place_cue: (id) => saveSelection("anchor", id, { part: "cue" }),
  place_mention: (id) => saveSelection("anchor", id, { part: "source" }),
  split: (id) => saveSelection("split", id),
  join: (id) => joinWithNext(id),
  undo: () => undo(),
  "accept-rest": () => acceptRest(),
  publish: () => publishArticle(),
  keys: () => keysDialog.showModal(),
  text: () => enterText(),
  "show-all": () => toggleShowAll(),
};
const KEYS = {
  j: "next",
  k: "previous",
  a: "accept",
  r: "reject",
  e: "edit",
  Enter: "edit",
  s: "speaker",
  m: "same",
  f: "file",
  n: "new",
  p: "place",
  x: "split",
  o: "join",
  u: "undo",
  A: "accept-rest",
  P: "publish",
  t: "text",
  "?": "keys",
};
/** Actions that change nothing on the server: for everybody, and repeated while the key is held. */
const READ_ONLY_ACTIONS = new Set(["next", "previous", "keys", "text", "show", "show-all"]);
const ACTIONS_WITHOUT_CLAIM = new Set(["new", "undo", "accept-rest", "keys", "publish", "text", "show-all"]);

const perform = (name, id = ui.currentId) => {
  if (!desk.may_review && !READ_ONLY_ACTIONS.has(name) && name !== "publish") return;
  if (id === null && !ACTIONS_WITHOUT_CLAIM.has(name)) return;
  if (name === "publish" && !desk.may_publish) return;
  ACTIONS[name](id);
};

/** The key whatever Caps Lock is: a letter is a capital only while Shift is held. */
const readKey = ({ key, shiftKey }) => {
  if (!/^[a-z]$/i.test(key)) return key;
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
};

// Letter keys can be switched off, for people who speak to their computer (WCAG 2.1.4).
const lettersOff = localStore("desk letters off");
const areLettersOn = () => lettersOff.read() === null;
const lettersCheckbox = document.getElementById("letter-keys");
if (lettersCheckbox) {
  lettersCheckbox.checked = areLettersOn();
  lettersCheckbox.addEventListener("change", () => (lettersCheckbox.checked ? lettersOff.remove() : lettersOff.write(1)));
}

// --- Events -------------------------------------------------------------------------------------

const isTypingIn = (target) => target.closest("input, textarea, select, [role=combobox], dialog") !== null;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTypingIn(event.target)) return;
  if (event.key === "Escape" && articleText.contains(document.activeElement)) {
    leaveText();
    cardElements.get(ui.currentId)?.focus();
    return;
  }
  if (event.key === "Enter" && !event.target.matches("article.card")) return;
  const name = KEYS[readKey(event)];
  if (!name || (event.key !== "Enter" && !areLettersOn())) return;
  event.preventDefault();
  if (event.repeat && !READ_ONLY_ACTIONS.has(name)) return;
  perform(name);
});

/** Choose the claim of a clicked mark. Where claims overlap, another click chooses the next one. */
const chooseMark = (mark) => {
  const ids = [];
  for (let outer = mark; outer; outer = outer.parentElement?.closest("mark[data-mark]")) {
    ids.push(Number(outer.dataset.mark.slice(1)));
  }
  const shownIds = ids.filter((id) => cardElements.has(id));
  if (shownIds.length) setCurrent(shownIds[(shownIds.indexOf(ui.currentId) + 1) % shownIds.length]);
};

deskElement.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button) {
    const claim = button.closest("[data-claim]")?.dataset.claim;
    perform(button.dataset.do, Number(claim ?? ui.currentId) || ui.currentId);
    return;
  }
  const mark = target.closest("mark[data-mark]");
  if (mark && document.getSelection()?.isCollapsed !== false) {
    chooseMark(mark);
    return;
  }
  const card = target.closest("article[data-claim]");
  if (card && !target.closest("form, summary")) setCurrent(Number(card.dataset.claim), { scroll: false });
});

cardList.addEventListener("focusin", ({ target }) => {
  const id = Number(target.closest("article[data-claim]")?.dataset.claim);
  if (id && id !== ui.currentId) setCurrent(id, { scroll: false });
});

// A click on a button keeps the selection.
deskElement.addEventListener("mousedown", (event) => {
  if (event.target.closest("button") && ui.selectedSpans.length) event.preventDefault();
});
deskElement.addEventListener("pointerdown", ({ target }) => {
  isTouchingButton = target.closest("button, summary") !== null;
});
deskElement.addEventListener("click", () => {
  isTouchingButton = false;
});

document.addEventListener("selectionchange", () => {
  if (isTouchingButton) return;
  ui.selectedSpans = selectedSpans(articleText);
  deskElement.classList.toggle("has-selection", ui.selectedSpans.length > 0);
  renderBar();
});

window.addEventListener("online", () => queue.retry());
window.addEventListener("focus", () => (queue.waitingCount ? queue.retry() : refresh()));
setInterval(refresh, REFRESH_INTERVAL_MS);
window.addEventListener("beforeunload", (event) => {
  if (queue.waitingCount || [...openForms.values()].some(isDirty)) event.preventDefault();
});

// --- Start --------------------------------------------------------------------------------------

renderArticle(desk.story);
renderAllCards();
deskElement.hidden = false;
const requestedId = Number(new URLSearchParams(location.search).get("at"));
setCurrent(store.saved.has(requestedId) ? requestedId : ui.currentId, { focus: true });
resumeActions();
deskElement.dataset.ready = "true";

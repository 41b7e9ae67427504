// The desk: a story with its claims marked on one side, a card for each on the other. Every action is shown at once,
// saved one after the other, and shown as the server says when it has answered.

import { confirmAccept } from "./accepting.js";
import { chainForm, fileForm, sameForm, statementForm } from "./forms.js";
import { ask } from "./publishing.js";
import { kept, queue, refresh, refuse, save, settle } from "./saving.js";
import { announce, drawAll, drawBar, drawStory, numberOf, setCurrent, step } from "./screen.js";
import { selectedSpans } from "./selection.js";
import { desk, elements, here, list, open, page, store, story } from "./state.js";
import { say } from "./words.js";
import { get } from "./wire.js";

const LOOK_AGAIN = 30_000; // milliseconds between two looks at what others have done
const keysPage = document.getElementById("keys");
let beside = []; // actions that could not be undone, and are passed over
let touching = false; // a touch on a button takes the selection away before the button is done

// --- Doing --------------------------------------------------------------------------------------

const judge = async (id, verdict) => {
  const card = store.card(id);
  const review = verdict === "accept" ? "accepted" : "rejected";
  if (card.review === review && (review === "rejected" || card.how === "desk")) return;
  if (verdict === "accept" && card.review === "edited") return;
  const saving = save(verdict, [id], { claim: id }, { review, how: "desk", reviewed_by: desk.user, reviewed_at: new Date().toISOString() });
  const next = store.nextWaiting(id);
  if (next !== null) setCurrent(next, { focus: true });
  const done = await saving;
  if (!done.ok) {
    refuse(id, done.why);
    setCurrent(id, { focus: true });
  }
};

const acceptRest = async () => {
  const named = (id) => store.card(id).hops.length > 0;
  const all = store.waiting();
  const asked = all.filter(named);
  if (!all.length) return;
  if (!asked.length) {
    announce(say("without_speaker", { n: all.length }));
    return;
  }
  const agreed = await confirmAccept(asked.length, all.length - asked.length);
  if (document.activeElement === document.body) elements.get(here.current)?.focus(); // its card was drawn again meanwhile
  const waiting = agreed ? store.waiting().filter((id) => asked.includes(id)) : [];
  if (!waiting.length) return;
  const done = await save("accept-rest", waiting, {}, { review: "accepted", how: "bulk", reviewed_by: desk.user });
  if (!done.ok) for (const id of done.answer.cards?.map((card) => card.id) ?? []) refuse(id, done.why);
};

const undo = async () => {
  const done = await save("undo", [], { beside });
  if (!done.ok && done.answer.fields?.action) beside = [...beside, done.answer.fields.action];
  const changed = done.answer.cards?.[0]?.id;
  if (done.ok && changed) setCurrent(changed, { focus: true });
};

const closeForm = (id, { focus = true } = {}) => {
  open.get(id)?.element.remove();
  open.delete(id);
  if (focus) elements.get(id)?.focus();
};

/** Open a form in a claim's card. A form that is open already is gone to, with what is typed in it. */
const openForm = (id, build) => {
  const there = open.get(id);
  if (there?.build === build) {
    there.first.focus();
    return there;
  }
  if (there && !sure(there)) return there;
  if (there) closeForm(id, { focus: false });
  const form = build(store.card(id));
  form.build = build;
  form.as = JSON.stringify(form.read());
  form.base = store.version(id);
  open.set(id, form);
  elements.get(id).querySelector(".drawer").append(form.element);
  form.element.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(id, form);
  });
  form.element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit(id, form);
    } else if (event.key === "Escape" && sure(form)) {
      event.preventDefault();
      closeForm(id);
    }
  });
  form.element.querySelector("[data-cancel]").addEventListener("click", () => sure(form) && closeForm(id));
  setCurrent(id);
  form.first.focus();
  form.first.select?.();
  return form;
};

const dirty = (form) => JSON.stringify(form.read()) !== form.as;
const sure = (form) => !dirty(form) || window.confirm(say("discard"));

/** Save what is in a form. The form goes at once and comes back, with what was typed, if the server refuses. */
const submit = async (id, form) => {
  const given = form.read();
  if (!dirty(form) && form.kind === "edit") {
    closeForm(id);
    return;
  }
  const claims = form.kind === "same" ? store.ids : [id];
  const changes = form.hope(given);
  open.delete(id);
  form.element.remove();
  const saving = save(form.kind, claims, { claim: id, ...given }, changes, { [id]: form.base });
  elements.get(id)?.focus();
  const done = await saving;
  if (done.ok) return;
  const element = elements.get(id);
  if (!element) return;
  if (open.has(id)) closeForm(id, { focus: false });
  form.base = store.version(id); // what the server said is on the card now, so the next save is on top of it
  open.set(id, form);
  element.querySelector(".drawer").append(form.element);
  const alert = form.element.querySelector(".refused");
  alert.hidden = false;
  alert.textContent = `${done.why}${done.answer.code === "stale" ? ` ${say("save_again")}` : ""}`;
  setCurrent(id);
  form.first.focus();
};

const edit = (card) => statementForm(card, numberOf(card.id), desk);
const find = async (words) => {
  const { data: answer } = await get(`${desk.sources}?q=${encodeURIComponent(words)}`);
  return answer?.sources ?? [];
};
const chain = (card) => chainForm(card, numberOf(card.id), desk, find);
const same = (card) => sameForm(card, numberOf(card.id), store.speakers());

const fileIn = (card) => fileForm(card, numberOf(card.id), desk);
const fileFigures = (id) => (store.card(id).figures.some((figure) => figure.id !== null) ? openForm(id, fileIn) : announce(say("no_figures")));

/** Do something with the selected words; they are what was selected when the key was pressed. */
const withSelection = async (kind, id, more = {}) => {
  const now = selectedSpans(story); // the browser tells of a selection's change some keys later
  const spans = now.length ? now : here.selected;
  if (!spans.length) {
    announce(say("select_first"));
    return;
  }
  document.getSelection()?.removeAllRanges();
  here.selected = [];
  const done = await save(kind, id === null ? [] : [id], { claim: id, spans, ...more });
  if (!done.ok) {
    if (id !== null) refuse(id, done.why);
    return;
  }
  const made = kind === "new" ? done.answer.cards[0]?.id : id;
  if (made === undefined || made === null) return;
  setCurrent(made, { focus: true });
  if (kind === "new") openForm(made, chain);
};

const join = async (id) => {
  const ids = store.ids;
  const next = ids.slice(ids.indexOf(id) + 1).find((one) => store.card(one).review !== "rejected");
  if (next === undefined) {
    announce(say("nothing_to_join"));
    return;
  }
  const done = await save("join", [id, next], { claim: id, other: next });
  if (!done.ok) refuse(id, done.why);
  else setCurrent(id, { focus: true });
};

const publish = async () => {
  const show = (id) => store.saved.has(id) && setCurrent(id, { focus: true });
  for (let refused = ""; ; ) {
    const over = await ask({ waiting: store.waiting().length, show, refused });
    if (over === null) return;
    const done = await save("publish", [], { over });
    if (done.ok || done.answer.code !== "warnings") return;
    refused = done.why;
  }
};

/** Let the caret into the text, so that words can be selected with the keyboard alone. Nothing can be typed there. */
const intoText = () => {
  story.contentEditable = "true";
  story.focus();
  const mark = story.querySelector(`mark[data-mark="c${here.current}"]`) ?? story.querySelector(".block");
  if (mark) {
    const range = document.createRange();
    const words = document.createTreeWalker(mark, NodeFilter.SHOW_TEXT).nextNode();
    range.setStart(words ?? mark, 0);
    range.collapse(true);
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  announce(say("in_text"));
};

const outOfText = () => {
  story.contentEditable = "false";
};

/** Show, or hide again, what is shown on demand only. */
const everything = async () => {
  store.toggle();
  drawAll();
  const { status, data: answer } = await get(desk.state);
  if (status === 200) drawStory(answer.story);
};

const DO = {
  next: () => step(1),
  previous: () => step(-1),
  accept: (id) => judge(id, "accept"),
  reject: (id) => judge(id, "reject"),
  edit: (id) => openForm(id, edit),
  speaker: (id) => openForm(id, chain),
  same: (id) => openForm(id, same),
  file: (id) => fileFigures(id),
  new: () => withSelection("new", null),
  place: (id) => withSelection("anchor", id, { part: "content" }),
  place_cue: (id) => withSelection("anchor", id, { part: "cue" }),
  place_mention: (id) => withSelection("anchor", id, { part: "source" }),
  split: (id) => withSelection("split", id),
  join: (id) => join(id),
  undo: () => undo(),
  rest: () => acceptRest(),
  publish: () => publish(),
  keys: () => keysPage.showModal(),
  text: () => intoText(),
  everything: () => everything(),
  show: (id) => setCurrent(id, { focus: true }),
};
const KEYS = { j: "next", k: "previous", a: "accept", r: "reject", e: "edit", s: "speaker", m: "same", f: "file", n: "new", p: "place", x: "split", o: "join", u: "undo", A: "rest", P: "publish", t: "text", "?": "keys", Enter: "edit" };
/** The key without regard to Caps Lock: a letter is a capital only while Shift is held. */
const keyOf = ({ key, shiftKey }) => (/^[a-z]$/i.test(key) ? (shiftKey ? key.toUpperCase() : key.toLowerCase()) : key);
const LOOKING = new Set(["next", "previous", "keys", "text", "show", "everything"]);

const perform = (name, id = here.current) => {
  if (!desk.may_review && !LOOKING.has(name) && name !== "publish") return;
  if (id === null && !["new", "undo", "rest", "keys", "publish", "text", "everything"].includes(name)) return;
  if (name === "publish" && !desk.may_publish) return;
  DO[name](id);
};

// --- Listening ----------------------------------------------------------------------------------

const typing = (target) => target.closest("input, textarea, select, [role=combobox], dialog") !== null;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (event.key === "Escape" && story.contains(document.activeElement)) {
    outOfText();
    elements.get(here.current)?.focus();
    return;
  }
  if (event.key === "Enter" && !event.target.matches("article.card")) return;
  const name = KEYS[keyOf(event)];
  if (!name || (event.key !== "Enter" && !lettersOn())) return;
  event.preventDefault();
  if (event.repeat && !LOOKING.has(name)) return;
  perform(name);
});

page.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-do]");
  if (pressed) {
    perform(pressed.dataset.do, Number(pressed.closest("[data-claim]")?.dataset.claim ?? here.current) || here.current);
    return;
  }
  const mark = event.target.closest("mark[data-mark]");
  if (mark && document.getSelection()?.isCollapsed !== false) {
    // Where claims overlap, another click goes on to the next of them.
    const covering = [];
    for (let one = mark; one; one = one.parentElement?.closest("mark[data-mark]")) covering.push(Number(one.dataset.mark.slice(1)));
    const known = covering.filter((id) => elements.has(id));
    if (known.length) setCurrent(known[(known.indexOf(here.current) + 1) % known.length]);
    return;
  }
  const card = event.target.closest("article[data-claim]");
  if (card && !event.target.closest("form, summary")) setCurrent(Number(card.dataset.claim), { scroll: false });
});

list.addEventListener("focusin", (event) => {
  const id = Number(event.target.closest("article[data-claim]")?.dataset.claim);
  if (id && id !== here.current) setCurrent(id, { scroll: false });
});

// A button that is pressed must not take the selection away.
page.addEventListener("mousedown", (event) => {
  if (event.target.closest("button") && here.selected.length) event.preventDefault();
});
page.addEventListener("pointerdown", (event) => {
  touching = event.target.closest("button, summary") !== null;
});
page.addEventListener("click", () => {
  touching = false;
});

document.addEventListener("selectionchange", () => {
  if (touching) return;
  here.selected = selectedSpans(story);
  page.classList.toggle("has-selection", here.selected.length > 0);
  drawBar();
});

for (const name of ["beforeinput", "paste", "drop", "cut"]) story.addEventListener(name, (event) => event.preventDefault());
story.addEventListener("blur", outOfText);

window.addEventListener("online", () => queue.retry());
window.addEventListener("focus", () => (queue.waiting ? queue.retry() : refresh()));
setInterval(refresh, LOOK_AGAIN);
window.addEventListener("beforeunload", (event) => {
  if (queue.waiting || [...open.values()].some(dirty)) event.preventDefault();
});

// Letter keys can be switched off: somebody who speaks to their computer says letters without meaning them.
const LETTERS = "desk letters off";
const lettersOn = () => localStorage.getItem(LETTERS) === null;
const letters = document.getElementById("letters");
if (letters) {
  letters.checked = lettersOn();
  letters.addEventListener("change", () => (letters.checked ? localStorage.removeItem(LETTERS) : localStorage.setItem(LETTERS, "1")));
}

// --- Beginning ----------------------------------------------------------------------------------

drawStory(desk.story);
drawAll();
page.hidden = false;
const asked = Number(new URLSearchParams(location.search).get("at"));
setCurrent(store.saved.has(asked) ? asked : here.current, { focus: true });
for (const item of kept.kept()) queue.add(item).then((answer) => settle(item, answer));
page.dataset.ready = "true";


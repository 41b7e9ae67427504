// The desk: a story with its claims marked on one side, a card for each on the other. Every action is shown at once,
// saved one after the other, and shown as the server says when it has answered.

import { draw } from "./card.js";
import { chainForm, sameForm, statementForm } from "./forms.js";
import { Queue } from "./queue.js";
import { selectedSpans } from "./selection.js";
import { Store, differences } from "./store.js";
import { clock, learn, make, say } from "./words.js";
import { drawer, get, newId, post } from "./wire.js";

const data = (id) => JSON.parse(document.getElementById(id).textContent);
const desk = data("desk-state");
learn(data("desk-words"));
desk.formNames = Object.fromEntries(desk.forms);
desk.modalityNames = Object.fromEntries(desk.modalities);

const page = document.getElementById("desk");
const story = document.getElementById("story");
const list = document.getElementById("cards");
const said = document.getElementById("said");
const trouble = document.getElementById("trouble");
const keysPage = document.getElementById("keys");
const store = new Store(desk.cards);
const elements = new Map(); // claim -> its card's element
const open = new Map(); // claim -> the form that is open in its card
let current = null;
let selected = []; // what is selected in the story; a touch on a button takes it away only after the button is done
let touching = false;
const LOOK_AGAIN = 30_000; // milliseconds between two looks at what others have done
let beside = []; // actions that could not be undone, and are passed over

// --- Showing ------------------------------------------------------------------------------------

const announce = (sentence) => {
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = sentence;
  });
};

const numberOf = (id) => store.ids.indexOf(id) + 1;

const drawCard = (id) => {
  const element = elements.get(id);
  if (!element) return;
  const hadFocus = element.contains(document.activeElement) && !open.get(id)?.element.contains(document.activeElement);
  const inside = hadFocus && element !== document.activeElement ? document.activeElement.dataset.do : "";
  draw(element, store.card(id), numberOf(id), desk);
  if (hadFocus) (inside ? element.querySelector(`[data-do="${inside}"]`) ?? element : element).focus({ preventScroll: true });
  for (const mark of story.querySelectorAll(`mark[data-mark="c${id}"]`)) {
    mark.className = `claim ${store.card(id).review}${id === current ? " current" : ""}`;
  }
};

const elementOf = (id) => {
  const element = make("article", { id: `card-${id}`, "data-claim": String(id), tabindex: "-1" });
  elements.set(id, element);
  return element;
};

/** All cards in the order of the text; those that are there already keep their element, and what is typed in it. */
const drawAll = () => {
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
  if (current !== null && !ids.includes(current)) current = null;
  if (current === null && ids.length) setCurrent(store.waiting()[0] ?? ids[0], { scroll: false });
  drawBar();
};

const drawStory = (blocks) => {
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
    if (!begun.has(key)) mark.dataset.number = String(numbers.get(key) ?? "");
    begun.add(key);
    if (store.saved.has(id)) mark.className = `claim ${store.card(id).review}${id === current ? " current" : ""}`;
  }
};

const drawBar = () => {
  const waiting = store.waiting().length;
  const total = store.saved.size;
  document.getElementById("count").textContent = !total ? say("none_found") : waiting ? say(waiting === 1 ? "one_waits" : "many_wait", { waiting, total }) : say("all_judged", { total });
  const button = (name) => page.querySelector(`[data-do="${name}"]`);
  const show = (name, shown) => {
    const node = button(name);
    if (node) node.disabled = !shown;
  };
  show("rest", waiting > 0);
  show("undo", Boolean(desk.undo) || queue.waiting > 0);
  show("new", selected.length > 0);
  if (button("undo")) button("undo").title = desk.undo ? desk.undo.sentence : "";
  const publish = button("publish");
  if (publish) publish.hidden = !desk.may_publish;
  document.getElementById("status").textContent = desk.status_name;
};

/** Choose a claim; both sides follow. */
const setCurrent = (id, { focus = false, scroll = true } = {}) => {
  const before = current;
  current = id;
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

const step = (by) => {
  const ids = store.ids;
  if (!ids.length) return;
  const at = Math.min(Math.max(ids.indexOf(current) + by, 0), ids.length - 1);
  setCurrent(ids[at], { focus: true });
};

// --- Saving -------------------------------------------------------------------------------------

const kept = drawer(`desk ${desk.article} ${desk.user}`);
const mine = new Map(); // claim -> the version that this page's last saved action left

const send = (item) => {
  const seen = Object.fromEntries(item.claims.map((id) => [id, item.follows.includes(id) ? (mine.get(id) ?? store.version(id)) : item.seen[id]]));
  return post(desk.act, { ...item.given, id: item.id, kind: item.kind, seen, revision: item.revision });
};

const showTrouble = ({ state, waiting }) => {
  page.dataset.saving = state;
  const quiet = state === "idle" || state === "saving";
  trouble.hidden = quiet;
  if (!quiet) {
    const again = make("button", { type: "button", onclick: () => queue.retry() }, say("try_again"));
    const link = state === "signed-out" ? make("a", { href: desk.sign_in, target: "_blank", rel: "noopener" }, say("sign_in")) : "";
    const words = say(state === "signed-out" ? "signed_out" : "offline", { waiting });
    if (trouble.dataset.words !== words) trouble.replaceChildren(make("span", {}, words), " ", link, " ", again);
    trouble.dataset.words = words;
  } else trouble.dataset.words = "";
};

const queue = new Queue({ send, keep: kept.keep, changed: showTrouble });

/**
 * Save an action. `claims` are those whose state it rests on; `changes`, if any, are shown at once. `base` has the
 * versions of those that a form was opened on. Answers whether it was saved.
 */
const save = async (kind, claims, given = {}, changes = null, base = {}) => {
  const item = {
    id: newId(),
    kind,
    claims,
    given,
    revision: desk.revision,
    seen: Object.fromEntries(claims.map((id) => [id, base[id] ?? store.version(id)])),
    follows: claims.filter((id) => queue.touches(id)),
  };
  if (changes) {
    store.hope(item.id, claims, changes);
    claims.forEach(drawCard);
  }
  const answer = queue.add(item);
  drawBar();
  return settle(item, await answer);
};

const settle = (item, { status, data: answer }) => {
  const before = new Map(item.claims.map((id) => [id, store.saved.get(id)]));
  const order = store.ids.join();
  store.settle(item.id);
  store.learn(answer.cards ?? [], answer.removed ?? []);
  if (status === 200) {
    for (const card of answer.cards ?? []) {
      mine.set(card.id, card.version);
      if (open.has(card.id)) open.get(card.id).base = card.version;
    }
  }
  // What was done on top of a refused action is refused with it.
  else for (const id of item.claims) mine.set(id, "");
  for (const name of ["revision", "status", "status_name", "undo", "may_publish"]) if (name in answer) desk[name] = answer[name];
  if (answer.story) drawStory(answer.story);
  if (order !== store.ids.join()) drawAll();
  else for (const id of new Set([...item.claims, ...(answer.cards ?? []).map((card) => card.id)])) drawCard(id);
  drawBar();
  if (status === 200) {
    announce(say("saved", { what: answer.saved }));
    return { ok: true, answer };
  }
  const why = [answer.sentence, ...whatChanged(answer, before)].join(" ");
  announce(why);
  return { ok: false, answer, why };
};

/** Of each refused claim: who changed what, and when. */
const whatChanged = (answer, before) =>
  Object.entries(answer.changes ?? {}).map(([id, change]) => {
    const was = before.get(Number(id));
    const now = store.saved.get(Number(id));
    const parts = was && now ? differences(was, now).map((name) => say(`part_${name}`)) : [];
    const places = { by: change.by || say("somebody"), at: change.at ? clock(change.at) : "", what: parts.join(", "), number: numberOf(Number(id)), did: change.sentence };
    return say(parts.length ? "changed_parts" : "changed", places);
  });

/** Take in what others have done meanwhile. A form that is open rests on what it was opened on all the same. */
const refresh = async () => {
  if (document.hidden || queue.waiting) return;
  let answer = null;
  try {
    answer = await get(desk.state);
  } catch {
    return; // without a connection there is nothing new
  }
  if (answer.status !== 200 || queue.waiting || answer.data.revision !== desk.revision) return;
  const there = new Set(answer.data.cards.map((card) => card.id));
  const removed = store.ids.filter((id) => !there.has(id) && !open.has(id));
  const changed = answer.data.cards.filter((card) => store.version(card.id) !== card.version);
  for (const name of ["status", "status_name", "undo", "may_publish"]) desk[name] = answer.data[name];
  if (changed.length || removed.length) {
    store.learn(changed, removed);
    if (document.getSelection()?.isCollapsed !== false) drawStory(answer.data.story);
    drawAll();
    announce(say("others", { n: changed.length + removed.length }));
  }
  drawBar();
};

/** A refusal stands on the card until something else is done with it. */
const refuse = (id, why) => {
  const element = elements.get(id);
  if (!element) return;
  element.querySelector(":scope > .refused")?.remove();
  element.querySelector(".statement").before(make("p", { class: "refused" }, why));
};

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
  const waiting = store.waiting();
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

/** Do something with the selected words; they are what was selected when the key was pressed. */
const withSelection = async (kind, id, more = {}) => {
  const now = selectedSpans(story); // the browser tells of a selection's change some keys later
  const spans = now.length ? now : selected;
  if (!spans.length) {
    announce(say("select_first"));
    return;
  }
  document.getSelection()?.removeAllRanges();
  selected = [];
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
  const waiting = store.waiting().length;
  if (!window.confirm(say(waiting ? "publish_waiting" : "publish_sure", { waiting }))) return;
  await save("publish", []);
};

/** Let the caret into the text, so that words can be selected with the keyboard alone. Nothing can be typed there. */
const intoText = () => {
  story.contentEditable = "true";
  story.focus();
  const mark = story.querySelector(`mark[data-mark="c${current}"]`) ?? story.querySelector(".block");
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

const DO = {
  next: () => step(1),
  previous: () => step(-1),
  accept: (id) => judge(id, "accept"),
  reject: (id) => judge(id, "reject"),
  edit: (id) => openForm(id, edit),
  speaker: (id) => openForm(id, chain),
  same: (id) => openForm(id, same),
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
  show: (id) => setCurrent(id, { focus: true }),
};
const KEYS = { j: "next", k: "previous", a: "accept", r: "reject", e: "edit", s: "speaker", m: "same", n: "new", p: "place", x: "split", o: "join", u: "undo", A: "rest", P: "publish", t: "text", "?": "keys", Enter: "edit" };
const LOOKING = new Set(["next", "previous", "keys", "text", "show"]);

const perform = (name, id = current) => {
  if (!desk.may_review && !LOOKING.has(name) && name !== "publish") return;
  if (id === null && !["new", "undo", "rest", "keys", "publish", "text"].includes(name)) return;
  if (name === "publish" && !desk.may_publish) return;
  DO[name](id);
};

// --- Listening ----------------------------------------------------------------------------------

const typing = (target) => target.closest("input, textarea, select, [role=combobox], dialog") !== null;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (event.key === "Escape" && story.contains(document.activeElement)) {
    outOfText();
    elements.get(current)?.focus();
    return;
  }
  if (event.key === "Enter" && !event.target.matches("article.card")) return;
  const name = KEYS[event.key];
  if (!name || (event.key !== "Enter" && !lettersOn())) return;
  event.preventDefault();
  if (event.repeat && !LOOKING.has(name)) return;
  perform(name);
});

page.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-do]");
  if (pressed) {
    perform(pressed.dataset.do, Number(pressed.closest("[data-claim]")?.dataset.claim ?? current) || current);
    return;
  }
  const mark = event.target.closest("mark[data-mark]");
  if (mark && document.getSelection()?.isCollapsed !== false) {
    // Where claims overlap, another click goes on to the next of them.
    const here = [];
    for (let one = mark; one; one = one.parentElement?.closest("mark[data-mark]")) here.push(Number(one.dataset.mark.slice(1)));
    const known = here.filter((id) => store.saved.has(id));
    if (known.length) setCurrent(known[(known.indexOf(current) + 1) % known.length]);
    return;
  }
  const card = event.target.closest("article[data-claim]");
  if (card && !event.target.closest("form, summary")) setCurrent(Number(card.dataset.claim), { scroll: false });
});

list.addEventListener("focusin", (event) => {
  const id = Number(event.target.closest("article[data-claim]")?.dataset.claim);
  if (id && id !== current) setCurrent(id, { scroll: false });
});

// A button that is pressed must not take the selection away.
page.addEventListener("mousedown", (event) => {
  if (event.target.closest("button") && selected.length) event.preventDefault();
});
page.addEventListener("pointerdown", (event) => {
  touching = event.target.closest("button, summary") !== null;
});
page.addEventListener("click", () => {
  touching = false;
});

document.addEventListener("selectionchange", () => {
  if (touching) return;
  selected = selectedSpans(story);
  page.classList.toggle("has-selection", selected.length > 0);
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
setCurrent(store.saved.has(asked) ? asked : current, { focus: true });
for (const item of kept.kept()) queue.add(item).then((answer) => settle(item, answer));
page.dataset.ready = "true";


// Saving: actions go to the server one after the other, and what it answers is shown.

import { Queue } from "./queue.js";
import { announce, drawAll, drawBar, drawCards, drawStory, numberOf } from "./screen.js";
import { desk, elements, here, open, page, store } from "./state.js";
import { differences } from "./store.js";
import { clock, make, say } from "./words.js";
import { drawer, get, newId, post } from "./wire.js";

const trouble = document.getElementById("trouble");

export const kept = drawer(`desk ${desk.article} ${desk.user}`);
const mine = new Map(); // claim -> the version that this page's last saved action left

const send = (item) => {
  const seen = Object.fromEntries(item.claims.map((id) => [id, item.follows.includes(id) ? (mine.get(id) ?? store.version(id)) : item.seen[id]]));
  return post(desk.act, { ...item.given, id: item.id, kind: item.kind, seen, revision: item.revision });
};

const showTrouble = ({ state, waiting }) => {
  here.unsaved = waiting;
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

export const queue = new Queue({ send, keep: kept.keep, changed: showTrouble });

/**
 * Save an action. `claims` are those whose state it rests on; `changes`, if any, are shown at once. `base` has the
 * versions of those that a form was opened on. Answers whether it was saved.
 */
export const save = async (kind, claims, given = {}, changes = null, base = {}) => {
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
    drawCards(claims);
  }
  const answer = queue.add(item);
  drawBar();
  return settle(item, await answer);
};

export const settle = (item, { status, data: answer }) => {
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
  else drawCards([...new Set([...item.claims, ...(answer.cards ?? []).map((card) => card.id)])]);
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
export const refresh = async () => {
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
export const refuse = (id, why) => {
  const element = elements.get(id);
  if (!element) return;
  element.querySelector(":scope > .refused")?.remove();
  element.querySelector(".statement").before(make("p", { class: "refused" }, why));
};

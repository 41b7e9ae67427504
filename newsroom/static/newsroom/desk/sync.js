// Save actions on the server, and show its answers.

import { formatClock } from "../dates.js";
import { make } from "../dom.js";
import { createId, get, post } from "../http.js";
import { say } from "../messages.js";
import { tabStore } from "../storage.js";
import { Queue } from "./queue.js";
import { announce, numberOf, renderAllCards, renderArticle, renderBar, renderCards } from "./render.js";
import { cardElements, desk, deskElement, openForms, store, ui } from "./state.js";
import { changedParts } from "./store.js";

const connectionProblem = document.getElementById("connection-problem");
const keptActions = tabStore(`desk ${desk.article} ${desk.user}`);
const DESK_FIELDS = ["status", "status_name", "undo", "may_publish"];

/** Claim id -> its version after the last action that this page saved. */
const ownVersions = new Map();

const keepActions = (items) => (items.length ? keptActions.write(items) : keptActions.remove());

const sendAction = (item) => {
  const versionSeen = (id) => (item.follows.includes(id) ? (ownVersions.get(id) ?? store.version(id)) : item.seen[id]);
  const seen = Object.fromEntries(item.claims.map((id) => [id, versionSeen(id)]));
  return post(desk.act, { ...item.given, id: item.id, kind: item.kind, seen, revision: item.revision });
};

/** State of the queue -> its message. */
const PROBLEMS = { offline: "offline", "signed-out": "signed_out", failed: "failed" };

const discardAction = () =>
  queue.discardFirst({ status: 410, data: { code: "discarded", sentence: say("discarded") } });

const showQueueState = ({ state, waitingCount, status }) => {
  ui.unsavedCount = waitingCount;
  deskElement.dataset.saving = state;
  const problem = PROBLEMS[state];
  connectionProblem.hidden = !problem;
  const text = problem ? say(problem, { waiting: waitingCount, status }) : "";
  // The same text again is not written again: screen readers would repeat it, and the focus would be lost.
  if (problem && connectionProblem.dataset.text !== text) {
    const retry = make("button", { type: "button", onclick: () => queue.retry() }, say("try_again"));
    const signIn = state === "signed-out" ? make("a", { href: desk.sign_in, target: "_blank", rel: "noopener" }, say("sign_in")) : "";
    const discard = state === "failed" ? make("button", { type: "button", onclick: discardAction }, say("discard_change")) : "";
    connectionProblem.replaceChildren(make("span", {}, text), " ", signIn, " ", retry, " ", discard);
  }
  connectionProblem.dataset.text = text;
};

export const queue = new Queue({ send: sendAction, keep: keepActions, onChange: showQueueState });

/**
 * Save an action. `claims` are ids: the server compares their versions. `changes` are shown before the answer.
 * `base` gives the versions on which a form was opened. Return {ok, answer, reason}.
 */
export const saveAction = async (kind, claims, given = {}, changes = null, base = {}) => {
  const item = {
    id: createId(),
    kind,
    claims,
    given,
    revision: desk.revision,
    seen: Object.fromEntries(claims.map((id) => [id, base[id] ?? store.version(id)])),
    follows: claims.filter((id) => queue.hasActionOn(id)),
  };
  if (changes) {
    store.addPending(item.id, claims, changes);
    renderCards(claims);
  }
  const answer = queue.add(item);
  renderBar();
  return applyAnswer(item, await answer);
};

/** Send the actions that this tab kept when the page was closed or reloaded. */
export const resumeActions = () => {
  for (const item of keptActions.read() ?? []) queue.add(item).then((answer) => applyAnswer(item, answer));
};

const applyAnswer = (item, { status, data: answer }) => {
  const before = new Map(item.claims.map((id) => [id, store.saved.get(id)]));
  const orderBefore = store.ids.join();
  const cards = answer.cards ?? [];
  store.removePending(item.id);
  store.update(cards, answer.removed ?? []);
  if (status === 200) {
    for (const card of cards) {
      ownVersions.set(card.id, card.version);
      if (openForms.has(card.id)) openForms.get(card.id).baseVersion = card.version;
    }
  }
  // An action that follows a refused one must be refused too: no claim has an empty version.
  else for (const id of item.claims) ownVersions.set(id, "");
  for (const name of ["revision", ...DESK_FIELDS]) if (name in answer) desk[name] = answer[name];
  if (answer.story) renderArticle(answer.story);
  if (orderBefore !== store.ids.join()) renderAllCards();
  else renderCards([...new Set([...item.claims, ...cards.map((card) => card.id)])]);
  renderBar();
  if (status === 200) {
    announce(say("saved", { what: answer.saved }));
    return { ok: true, answer };
  }
  const reason = [answer.sentence, ...describeChanges(answer, before)].join(" ");
  announce(reason);
  return { ok: false, answer, reason };
};

/** Say for each refused claim who changed what, and when. */
const describeChanges = (answer, before) =>
  Object.entries(answer.changes ?? {}).map(([key, change]) => {
    const id = Number(key);
    const [old, current] = [before.get(id), store.saved.get(id)];
    const parts = old && current ? changedParts(old, current).map((name) => say(`part_${name}`)) : [];
    const text = say(parts.length ? "changed_parts" : "changed", {
      number: numberOf(id),
      what: parts.join(", "),
      did: change.sentence,
    });
    const userAndTime = [change.by, change.at && formatClock(change.at)].filter(Boolean).join(", ");
    return `${text}${userAndTime && ` (${userAndTime})`}.`;
  });

/** Fetch what others have changed. An open form keeps the version on which it was opened. */
export const refresh = async () => {
  if (document.hidden || queue.waitingCount) return;
  let answer = null;
  try {
    answer = await get(desk.state);
  } catch {
    return; // no connection: try again next time
  }
  const { status, data } = answer;
  if (status !== 200 || queue.waitingCount || data.revision !== desk.revision) return;
  const currentIds = new Set(data.cards.map((card) => card.id));
  const removed = store.ids.filter((id) => !currentIds.has(id) && !openForms.has(id));
  const changed = data.cards.filter((card) => store.version(card.id) !== card.version);
  for (const name of DESK_FIELDS) desk[name] = data[name];
  if (changed.length || removed.length) {
    store.update(changed, removed);
    if (document.getSelection()?.isCollapsed !== false) renderArticle(data.story);
    renderAllCards();
    announce(say("others", { n: changed.length + removed.length }));
  }
  renderBar();
};

/** Show on a card why an action was refused. It disappears when the card is rendered again. */
export const showRefusal = (id, reason) => {
  const element = cardElements.get(id);
  if (!element) return;
  element.querySelector(":scope > .refused")?.remove();
  element.querySelector(".statement").before(make("p", { class: "refused" }, reason));
};

// The article form: keep unsaved text as it is typed, and say who else has the article open.

import { formatTime } from "../dates.js";
import { make } from "../dom.js";
import { createId, get, post, readCookie } from "../http.js";
import { say, setMessages } from "../messages.js";
import { localStore } from "../storage.js";

const AUTOSAVE_DELAY_MS = 1_500; // after the last key
const AUTOSAVE_MAX_DELAY_MS = 10_000; // after the first key, however fast somebody types
const HEARTBEAT_INTERVAL_MS = 25_000;
/** A page that is left says so a moment late: a page that opens then asks a second time. */
const SECOND_HEARTBEAT_DELAY_MS = 4_000;
/** Browsers limit what a page may send while it is left to 64 KiB. */
const MAX_KEEPALIVE_CHARS = 60_000;
const FIELDS = ["headline", "summary", "body", "note"];

const start = (form, data) => {
  setMessages(data.messages);
  const inputs = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]]).filter(([, input]) => input));
  const keyInput = form.elements.writing;
  keyInput.value ||= createId();
  const key = keyInput.value;
  const revision = Number(form.elements.based_on?.value) || null;
  const browserCopy = localStore(`writing ${data.article ?? "new"} ${data.user}`);

  const readText = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]));
  const isSameText = (text, other) => Object.keys(text).every((name) => text[name] === (other[name] ?? ""));
  const initialText = readText();
  let savedText = form.querySelector(".errornote") ? null : initialText; // a form with errors was not saved
  let timer = 0;
  let unsavedSince = 0; // time of the first key that the server does not have
  let hasSentText = false;
  let isSubmitting = false;
  const isUnsaved = () => savedText === null || !isSameText(readText(), savedText);

  // --- Messages ---

  const status = make("p", { class: "autosave-status", role: "status", "aria-live": "polite" });
  const problem = make("p", { class: "autosave-problem", role: "alert", hidden: true });
  form.querySelector(".field-body").append(status, problem);

  const showStatus = (text) => {
    problem.hidden = true;
    status.replaceChildren(text);
  };
  const showProblem = (text, link = "") => {
    status.replaceChildren();
    problem.replaceChildren(text, " ", link);
    problem.hidden = false;
  };
  const signInLink = () => make("a", { href: data.sign_in, target: "_blank", rel: "noopener" }, say("sign_in"));

  const describeOther = (other) => {
    if (!other.is_me) return say(other.is_writing ? "writing" : "open", { name: other.name, at: formatTime(other.since) });
    return other.is_writing ? say("other_window") : "";
  };
  const showOthers = (others) => {
    const text = others.map(describeOther).filter(Boolean).join(" ");
    const element = document.getElementById("autosave-others");
    if (element.textContent !== text) element.textContent = text; // the same text again would be read out again
  };
  const showNewerRevision = (latest) => {
    if (!latest || !revision || latest.id === revision) return;
    const text = say("newer", { name: latest.by, number: latest.number, at: formatTime(latest.at) });
    const element = document.getElementById("autosave-newer");
    if (element.textContent.startsWith(text)) return;
    element.replaceChildren(text, " ", make("a", { href: data.compare, target: "_blank" }, say("see_newer")));
  };

  // --- Autosave ---

  /** Keep the text in this browser too, for when the server cannot be reached. */
  const writeBrowserCopy = () =>
    browserCopy.write({ key, text: readText(), at: new Date().toISOString(), sent: hasSentText });

  /** Send a heartbeat, with the text if the server does not have it. Return the HTTP status; 0 without a connection. */
  const send = async ({ force = false } = {}) => {
    clearTimeout(timer);
    const text = readText();
    const sendsText = force || (unsavedSince && isUnsaved());
    let answer;
    try {
      answer = await post(data.url, { key, revision, ...(sendsText ? { text } : {}) });
    } catch {
      if (unsavedSince) showProblem(say("offline"));
      return 0;
    }
    if (answer.status === 200) {
      if (sendsText) confirmSaved(text, answer.data.saved_at);
      else if (!unsavedSince) problem.hidden = true;
      showOthers(answer.data.others);
      showNewerRevision(answer.data.latest);
      offerUnsavedTexts(answer.data.unsaved);
    } else if (answer.status === 401) showProblem(say("signed_out"), signInLink());
    else showProblem(answer.data?.sentence ?? say("offline"));
    return answer.status;
  };

  const confirmSaved = (text, savedAt) => {
    savedText = text;
    hasSentText = true;
    writeBrowserCopy();
    if (!isUnsaved()) unsavedSince = 0;
    showStatus(say("kept", { at: formatTime(savedAt) }));
    if (unsavedSince) sendSoon(); // somebody has typed since it was sent
  };

  const sendSoon = () => {
    clearTimeout(timer);
    const now = Date.now();
    unsavedSince ||= now;
    timer = setTimeout(send, Math.min(AUTOSAVE_DELAY_MS, Math.max(0, unsavedSince + AUTOSAVE_MAX_DELAY_MS - now)));
  };

  for (const input of Object.values(inputs)) {
    input.addEventListener("input", () => {
      if (!isUnsaved()) return;
      writeBrowserCopy();
      sendSoon();
    });
  }
  setInterval(() => document.hidden || send(), HEARTBEAT_INTERVAL_MS);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  window.addEventListener("online", () => send());

  window.addEventListener("pagehide", () => {
    if (isSubmitting) return;
    const text = readText();
    const sendsText = isUnsaved() && unsavedSince && JSON.stringify(text).length < MAX_KEEPALIVE_CHARS;
    const body = { key, revision, closed: true, ...(sendsText ? { text } : {}) };
    post(data.url, body, { keepalive: true }).catch(() => {});
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSubmitting && unsavedSince && isUnsaved()) event.preventDefault();
  });

  // --- Submit ---

  // A form that is sent without a session or a connection would lose its text: send the text first.
  form.addEventListener("submit", async (event) => {
    if (isSubmitting) return;
    event.preventDefault();
    const { submitter } = event;
    writeBrowserCopy();
    const sent = await send({ force: true });
    if (sent === 0) return showProblem(say("offline_save"));
    if (sent === 401) return showProblem(say("signed_out"), signInLink());
    form.elements.csrfmiddlewaretoken.value = readCookie("csrftoken"); // a login in another tab has changed it
    isSubmitting = true;
    form.requestSubmit(submitter?.isConnected ? submitter : null);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isSubmitting = false; // the browser's Back button
  });

  // --- Unsaved text of earlier pages ---

  const restoreText = (text) => {
    for (const [name, input] of Object.entries(inputs)) {
      if (typeof text[name] !== "string") continue;
      input.value = text[name];
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    showStatus(say("restored"));
    inputs.body.focus();
  };

  /** Offer a text. `restore(done)` and `discard(done)` call `done` to remove the offer. */
  const offerText = ({ description, fromRevision, restore, discard }) => {
    const done = () => offer.remove();
    const confirmDiscard = () => window.confirm(say("confirm_discard")) && discard(done);
    const offer = make(
      "div",
      { class: "unsaved-text", role: "note" },
      make("p", {}, description, fromRevision ? ` ${say("based_on", { number: fromRevision })}` : ""),
      make("button", { type: "button", class: "button", onclick: () => restore(done) }, say("restore")),
      " ",
      make("button", { type: "button", class: "button quiet-button", onclick: confirmDiscard }, say("discard")),
    );
    document.getElementById("autosave-unsaved").append(offer);
  };

  const describeText = (message, at, headline) => say(message, { at: formatTime(at), headline: headline || say("no_headline") });

  const offerServerText = (unsaved) => {
    const discardServerText = () => post(data.url, { key: unsaved.key, discard: true });
    offerText({
      description: describeText("unsaved", unsaved.at, unsaved.headline),
      fromRevision: unsaved.revision,
      restore: async (done) => {
        const answer = await get(`${data.url}?key=${unsaved.key}`).catch(() => null);
        if (answer?.status !== 200) return showProblem(say(answer ? "gone" : "offline"));
        restoreText(answer.data.text);
        done();
        await send({ force: true });
        discardServerText().catch(() => {});
      },
      discard: (done) => discardServerText().then(done, () => showProblem(say("offline"))),
    });
  };

  const offeredKeys = new Set();
  const offerUnsavedTexts = (texts) => {
    for (const unsaved of texts.filter(({ key }) => !offeredKeys.has(key))) {
      offeredKeys.add(unsaved.key);
      offerServerText(unsaved);
    }
  };

  /** Offer what only this browser has: text typed without a connection, or after the session ended. */
  const offerBrowserCopy = () => {
    const copy = browserCopy.read();
    if (!copy || copy.key === key) return;
    if (isSameText(copy.text, initialText)) return browserCopy.remove();
    const onServer = data.unsaved.find((unsaved) => unsaved.key === copy.key);
    const isOpenElsewhere = !onServer && data.page_keys.includes(copy.key);
    if (isOpenElsewhere) return;
    if (!onServer && copy.sent) return browserCopy.remove(); // it was saved or discarded since
    if (onServer && new Date(copy.at) - new Date(onServer.at) <= AUTOSAVE_MAX_DELAY_MS) return; // the same text
    offerText({
      description: describeText("unsaved_here", copy.at, copy.text.headline),
      fromRevision: null,
      restore: (done) => {
        restoreText(copy.text);
        done();
      },
      discard: (done) => {
        browserCopy.remove();
        done();
      },
    });
  };

  offerUnsavedTexts(data.unsaved);
  offerBrowserCopy();
  showOthers(data.others);
  showNewerRevision(data.latest);
  send();
  setTimeout(send, SECOND_HEARTBEAT_DELAY_MS);
  document.documentElement.dataset.autosave = "ready";
};

const dataElement = document.getElementById("autosave-data");
const form = document.querySelector("#content-main form");
// Whoever may only read the article gets the same page without these fields.
if (dataElement && form?.elements.writing && form.elements.body) start(form, JSON.parse(dataElement.textContent));

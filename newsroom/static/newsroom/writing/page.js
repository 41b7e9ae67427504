// A story's form: its words are kept as they are typed, and who else has it open is said.

import { fill, make, time } from "./telling.js";
import { cookie, newId, post } from "./wire.js";

const data = JSON.parse(document.getElementById("writing-data").textContent);
const form = document.querySelector("#content-main form");
const inputs = Object.fromEntries(["headline", "summary", "body", "note"].map((name) => [name, form.elements[name]]).filter(([, input]) => input));
const keyInput = form.elements.writing;
const say = (name, places = {}) => fill(data.words[name], places);

const PAUSE = 1_500; // milliseconds without a key after which the words are kept
const LONGEST = 10_000; // and at the latest after so many, however fast somebody types
const SIGN = 25_000; // between two signs of life
const AGAIN = 4_000; // after which a new page asks once more: the one before it may say only now that it was left
const SMALL = 60_000; // characters that a page may still send while it is left

keyInput.value ||= newId();
const key = keyInput.value;
const revision = Number(form.elements.based_on?.value) || null;
const drawer = `writing ${data.article ?? "new"} ${data.user}`;

const read = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]));
const same = (one, other) => Object.keys(one).every((name) => one[name] === (other[name] ?? ""));
const begun = read();
let kept = form.querySelector(".errornote") ? null : begun; // what the server has; after an error it has none of it
let timer = 0;
let since = 0; // since when there are words that the server does not have
let sent = false; // whether the server has had any words of this page
let leaving = false;

// --- What is said ---------------------------------------------------------------------------------

const said = make("p", { class: "writing-said", role: "status", "aria-live": "polite" });
const trouble = make("p", { class: "writing-trouble", role: "alert", hidden: true });
form.querySelector(".field-body").append(said, trouble);

const tell = (words, more = "") => {
  trouble.hidden = true;
  said.replaceChildren(words, more);
};
const complain = (words, more = "") => {
  said.replaceChildren();
  trouble.replaceChildren(words, " ", more);
  trouble.hidden = false;
};
const signIn = () => make("a", { href: data.sign_in, target: "_blank", rel: "noopener" }, say("sign_in"));

const showOthers = (others) => {
  const line = (one) => (one.mine ? (one.writing ? say("other_window") : "") : say(one.writing ? "writing" : "open", { name: one.name, at: time(one.since) }));
  const words = others.map(line).filter(Boolean).join(" ");
  const node = document.getElementById("writing-others");
  if (node.textContent !== words) node.textContent = words;
};

const showNewer = (latest) => {
  const node = document.getElementById("writing-newer");
  if (!latest || !revision || latest.id === revision) return;
  const words = say("newer", { name: latest.by, number: latest.number, at: time(latest.at) });
  if (!node.textContent.startsWith(words)) node.replaceChildren(words, " ", make("a", { href: data.compare, target: "_blank" }, say("see_newer")));
};

// --- Keeping --------------------------------------------------------------------------------------

/** This browser's own copy, for when there is no server to be had. */
const local = {
  keep: (words) => {
    try {
      localStorage.setItem(drawer, JSON.stringify({ key, words, at: new Date().toISOString(), sent }));
    } catch {
      // A browser that keeps nothing still has the page and the server.
    }
  },
  read: () => {
    try {
      return JSON.parse(localStorage.getItem(drawer));
    } catch {
      return null;
    }
  },
  drop: () => {
    try {
      localStorage.removeItem(drawer);
    } catch {
      // As above.
    }
  },
};

const unkept = () => (kept === null ? true : !same(read(), kept));

/** Send a sign of life, and the words if the server has not got them. Answers the HTTP status; 0 without a connection. */
const send = async ({ force = false } = {}) => {
  clearTimeout(timer);
  const words = read();
  const fresh = force || (since && unkept());
  let answer;
  try {
    answer = await post(data.url, { key, revision, ...(fresh ? { words } : {}) });
  } catch {
    if (since) complain(say("offline"));
    return 0;
  }
  const { status, data: now } = answer;
  if (status === 200) {
    if (fresh) {
      kept = words;
      sent = true;
      local.keep(read());
      since = unkept() ? since : 0;
      tell(say("kept", { at: time(now.kept) }));
      if (since) later();
    } else if (!trouble.hidden && !since) trouble.hidden = true;
    showOthers(now.others);
    showNewer(now.latest);
    showLeft(now.left);
  } else if (status === 401) complain(say("signed_out"), signIn());
  else complain(now?.sentence ?? say("offline"));
  return status;
};

const later = () => {
  clearTimeout(timer);
  const now = Date.now();
  since ||= now;
  timer = setTimeout(send, Math.min(PAUSE, Math.max(0, since + LONGEST - now)));
};

const typed = () => {
  if (!unkept()) return;
  local.keep(read());
  later();
};
for (const input of Object.values(inputs)) input.addEventListener("input", typed);
setInterval(() => document.hidden || send(), SIGN);
document.addEventListener("visibilitychange", () => document.hidden || send());
window.addEventListener("online", () => send());

window.addEventListener("pagehide", () => {
  if (leaving) return;
  const words = read();
  const more = unkept() && since && JSON.stringify(words).length < SMALL ? { words } : {};
  post(data.url, { key, revision, closed: true, ...more }, { keepalive: true }).catch(() => {});
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && since && unkept()) event.preventDefault();
});

// --- Saving ---------------------------------------------------------------------------------------

// A form that is sent while somebody is signed out, or without a connection, would lose its words with the page.
form.addEventListener("submit", async (event) => {
  if (leaving) return;
  event.preventDefault();
  const { submitter } = event;
  local.keep(read());
  const status = await send({ force: true });
  if (status === 0) return complain(say("offline_save"));
  if (status === 401) return complain(say("signed_out"), signIn());
  form.elements.csrfmiddlewaretoken.value = cookie("csrftoken"); // signing in again, in another tab, changed it
  leaving = true;
  form.requestSubmit(submitter?.isConnected ? submitter : null);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) leaving = false;
});

// --- What was left behind -------------------------------------------------------------------------

const place = document.getElementById("writing-left");

const take = (words) => {
  for (const [name, input] of Object.entries(inputs)) {
    if (typeof words[name] !== "string") continue;
    input.value = words[name];
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  tell(say("taken"));
  inputs.body.focus();
};

const offer = ({ words, from, use, drop }) => {
  const row = make("div", { class: "left-behind", role: "note" });
  const done = () => row.remove();
  row.append(
    make("p", {}, words, from ? ` ${say("left_on", { number: from })}` : ""),
    make("button", { type: "button", class: "button", onclick: () => use(done) }, say("use")),
    " ",
    make("button", { type: "button", class: "button quiet-button", onclick: () => window.confirm(say("throw_sure")) && drop(done) }, say("throw")),
  );
  place.append(row);
};

const offered = new Set();

/** What the server keeps of pages that were left. One that is just being left is told of a moment later. */
const showLeft = (all) => {
  for (const left of all.filter((one) => !offered.has(one.key))) {
    offered.add(left.key);
    offerKept(left);
  }
};

const offerKept = (left) =>
  offer({
    words: say("left", { at: time(left.at), headline: left.headline || say("no_headline") }),
    from: left.revision,
    use: async (done) => {
      const answer = await fetch(`${data.url}?key=${left.key}`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok) return complain(say(answer ? "gone" : "offline"));
      take((await answer.json()).words);
      done();
      await send({ force: true });
      post(data.url, { key: left.key, drop: true }).catch(() => {});
    },
    drop: (done) => post(data.url, { key: left.key, drop: true }).then(done, () => complain(say("offline"))),
  });
showLeft(data.left);

// What only this browser has: words typed while there was no connection, or after somebody was signed out.
const own = local.read();
if (own && own.key !== key && !same(own.words, begun)) {
  const there = data.left.find((left) => left.key === own.key);
  const open = !there && data.mine.includes(own.key); // in another window of this browser
  if (!there && !open && own.sent) local.drop(); // it was saved, or thrown away
  else if (!open && (!there || new Date(own.at) - new Date(there.at) > LONGEST)) {
    offer({
      words: say("left_here", { at: time(own.at), headline: own.words.headline || say("no_headline") }),
      from: null,
      use: (done) => {
        take(own.words);
        done();
      },
      drop: (done) => {
        local.drop();
        done();
      },
    });
  }
} else if (own && own.key !== key) local.drop();

showOthers(data.others);
showNewer(data.latest);
send();
setTimeout(send, AGAIN);
document.documentElement.dataset.writing = "ready";

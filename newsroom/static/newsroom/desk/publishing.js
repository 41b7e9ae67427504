// What is asked before a story is published: the warnings that stand, each leading to its place.

import { get } from "./wire.js";
import { desk } from "./state.js";
import { make, say } from "./words.js";

const dialog = document.getElementById("publishing");
const WAITS = "claim-still-proposed";

const part = (name) => dialog.querySelector(`[data-part="${name}"]`);

/** A line for a warning; with a place or a claim it leads there. */
const line = (warning, show) => {
  const words = warning.words ? make("q", {}, warning.words) : "";
  if (warning.claim === null) return make("li", {}, warning.sentence, " ", words);
  const leave = () => {
    dialog.close("");
    show(warning.claim);
  };
  return make("li", {}, make("button", { type: "button", class: "plain", onclick: leave }, warning.sentence), " ", words);
};

/**
 * Ask; answers with the keys of the warnings to publish over, or null for "not now". `waiting` claims wait for review;
 * `show` leads to a claim; `refused` says why the last try was refused.
 */
export const ask = async ({ waiting, show, refused = "" }) => {
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  const end = closed();
  const go = part("go");
  const over = part("over");
  go.disabled = true;
  part("refused").textContent = refused;
  part("about").textContent = say("looking");
  part("warnings").replaceChildren();
  part("overrule").hidden = true;
  part("settle").hidden = true;
  over.checked = false;
  let answer;
  try {
    answer = await get(desk.checks);
  } catch {
    answer = { status: 0, data: null };
  }
  if (answer.status !== 200) {
    part("about").textContent = answer.data?.sentence ?? say("unchecked");
    await end;
    return null;
  }
  if (!dialog.open) return null;
  const { warnings, may_overrule: mayOverrule } = answer.data;
  const others = warnings.filter((warning) => warning.code !== WAITS);
  part("about").textContent = !warnings.length ? say("nothing_stands") : waiting ? say("publish_waiting", { waiting }) : say("warnings_stand", { n: others.length });
  part("warnings").replaceChildren(...others.map((warning) => line(warning, show)));
  part("overrule").hidden = !warnings.length || !mayOverrule;
  part("settle").hidden = !warnings.length;
  part("refused").textContent ||= warnings.length && !mayOverrule ? say("ask_chief") : "";
  const allow = () => {
    go.disabled = warnings.length > 0 && !(mayOverrule && over.checked);
  };
  over.onchange = allow;
  allow();
  (go.disabled ? (mayOverrule ? over : part("stay")) : go).focus();
  return (await end) ? warnings.map((warning) => warning.key) : null;
};

/**
 * Whether it was closed by its button. The browser tells of a closing some time after it: the dialog may be open again
 * by then, for another question, which that closing does not answer.
 */
let answered = () => {};
const closed = () => {
  answered(false);
  return new Promise((resolve) => {
    answered = resolve;
  });
};
dialog.addEventListener("close", () => {
  if (!dialog.open) answered(dialog.returnValue === "go");
});

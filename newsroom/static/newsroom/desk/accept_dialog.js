// The dialog before many claims are accepted together.

import { say } from "../messages.js";

const dialog = document.getElementById("accept-dialog");
const part = (name) => dialog.querySelector(`[data-part="${name}"]`);

/** Answers the open question. The "close" event comes late: it must not answer a question that was asked since. */
let answer = () => {};
dialog.addEventListener("close", () => {
  if (!dialog.open) answer(dialog.returnValue === "accept");
});

/** Ask whether to accept `count` claims. `skipped` others name no speaker. Return true or false. */
export const confirmAccept = (count, skipped) => {
  answer(false);
  dialog.returnValue = "";
  part("question").textContent = say(count === 1 ? "accept_one_unseen" : "accept_many_unseen", { n: count });
  part("skipped").textContent = skipped ? say("without_speaker", { n: skipped }) : "";
  part("accept").textContent = say("accept_n", { n: count });
  dialog.showModal();
  part("accept").focus();
  return new Promise((resolve) => {
    answer = resolve;
  });
};

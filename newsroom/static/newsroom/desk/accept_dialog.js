// The dialog before many claims are accepted together.

import { say } from "../messages.js";

const dialog = document.getElementById("accept-dialog");
const part = (name) => dialog.querySelector(`[data-part="${name}"]`);

/** Ask whether to accept `count` claims. `skipped` others name no speaker. Return true or false. */
export const confirmAccept = (count, skipped) =>
  new Promise((resolve) => {
    dialog.returnValue = "";
    part("question").textContent = say(count === 1 ? "accept_one_unseen" : "accept_many_unseen", { n: count });
    part("skipped").textContent = skipped ? say("without_speaker", { n: skipped }) : "";
    part("accept").textContent = say("accept_n", { n: count });
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "accept"), { once: true });
    dialog.showModal();
    part("accept").focus();
  });

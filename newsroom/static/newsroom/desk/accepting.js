// What is asked before many claims are accepted together.

import { say } from "./words.js";

const dialog = document.getElementById("accepting");
const part = (name) => dialog.querySelector(`[data-part="${name}"]`);

/** Ask whether to accept `n` claims together, while `silent` others name nobody who said them. Answers true or false. */
export const confirmAccept = (n, silent) =>
  new Promise((resolve) => {
    dialog.returnValue = "";
    part("question").textContent = say(n === 1 ? "accept_one_unseen" : "accept_many_unseen", { n });
    part("silent").textContent = silent ? say("without_speaker", { n: silent }) : "";
    part("go").textContent = say("accept_n", { n });
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "go"), { once: true });
    dialog.showModal();
    part("go").focus();
  });

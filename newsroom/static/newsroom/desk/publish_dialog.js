// The dialog before an article is published. It lists the open warnings; each leads to its claim.

import { get } from "../http.js";
import { make } from "../dom.js";
import { say } from "../messages.js";
import { desk } from "./state.js";

const dialog = document.getElementById("publish-dialog");
const part = (name) => dialog.querySelector(`[data-part="${name}"]`);

/** The code of the check for proposed claims. The dialog counts these claims and does not list them. */
const PROPOSED_CLAIM = "claim-still-proposed";

const warningItem = (warning, showClaim) => {
  const quote = warning.passage ? make("q", { dir: "auto" }, warning.passage) : "";
  if (warning.claim === null) return make("li", {}, warning.sentence, " ", quote);
  const leave = () => {
    dialog.close("");
    showClaim(warning.claim);
  };
  return make("li", {}, make("button", { type: "button", class: "link-button", onclick: leave }, warning.sentence), " ", quote);
};

const getWarnings = async () => {
  try {
    return await get(desk.checks);
  } catch {
    return { status: 0, data: null };
  }
};

/**
 * Ask whether to publish. Return the keys of the warnings to overrule, or null for "not now".
 * `waitingCount` claims wait for review. `showClaim` goes to a claim. `refusal` says why the last try failed.
 */
export const confirmPublish = async ({ waitingCount, showClaim, refusal = "" }) => {
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  const closed = waitForClose();
  const publish = part("publish");
  const overrule = part("overrule");
  publish.disabled = true;
  part("refusal").textContent = refusal;
  part("summary").textContent = say("looking");
  part("warnings").replaceChildren();
  part("overrule-row").hidden = true;
  part("acknowledge-row").hidden = true;
  overrule.checked = false;
  const { status, data } = await getWarnings();
  if (status !== 200) {
    part("summary").textContent = data?.sentence ?? say("unchecked");
    await closed;
    return null;
  }
  if (!dialog.open) return null;
  const { warnings, may_overrule: mayOverrule } = data;
  const listed = warnings.filter((warning) => warning.code !== PROPOSED_CLAIM);
  if (!warnings.length) part("summary").textContent = say("no_warnings");
  else if (waitingCount) part("summary").textContent = say("publish_waiting", { waiting: waitingCount });
  else part("summary").textContent = say("warnings", { n: listed.length });
  part("warnings").replaceChildren(...listed.map((warning) => warningItem(warning, showClaim)));
  part("overrule-row").hidden = !warnings.length || !mayOverrule;
  part("acknowledge-row").hidden = !warnings.length;
  if (!refusal && warnings.length && !mayOverrule) part("refusal").textContent = say("ask_chief");
  const updateButton = () => {
    publish.disabled = warnings.length > 0 && !(mayOverrule && overrule.checked);
  };
  overrule.onchange = updateButton;
  updateButton();
  if (!publish.disabled) publish.focus();
  else if (mayOverrule) overrule.focus();
  else part("cancel").focus();
  return (await closed) ? warnings.map((warning) => warning.key) : null;
};

/**
 * Resolve to whether the dialog was closed by its Publish button. The "close" event comes some time after the dialog
 * closes: it may be open again by then, with another question, which that event must not answer.
 */
let resolveClosed = () => {};
const waitForClose = () => {
  resolveClosed(false);
  return new Promise((resolve) => {
    resolveClosed = resolve;
  });
};
dialog.addEventListener("close", () => {
  if (!dialog.open) resolveClosed(dialog.returnValue === "publish");
});

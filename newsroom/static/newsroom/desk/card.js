// The card of a claim: what was said, by whom, how many, when; and the buttons for it.

import { formatClock, formatDay } from "../dates.js";
import { make } from "../dom.js";
import { say } from "../messages.js";

/** Text of the article, in its own direction: it may be Arabic in an English page. */
const copyText = (text, className = null) => make("bdi", { class: className }, text);
const quiet = (...children) => make("span", { class: "quiet" }, ...children);

const hopItem = (hop) => {
  const name = hop.source ? copyText(hop.source.name, "name") : copyText(hop.mention, "unnamed");
  const organisation = !hop.source && hop.organisation ? [" (", copyText(hop.organisation.name), ")"] : "";
  const mention = hop.source && hop.mention && hop.mention !== hop.source.name ? quiet(" “", copyText(hop.mention), "”") : "";
  const verb = hop.verb ? quiet(", ", copyText(hop.verb)) : "";
  const inferred = hop.explicit ? "" : quiet(` (${say("inferred")})`);
  return make("li", {}, name, organisation, mention, verb, inferred);
};

const chain = (card) =>
  card.hops.length ? make("ol", { class: "chain" }, ...card.hops.map(hopItem)) : make("span", { class: "missing" }, say("no_speaker"));

const manner = (card, desk) => [
  `${desk.formNames[card.form]}, ${desk.modalityNames[card.modality]}`,
  ...(card.cue ? [", “", copyText(card.cue), "”"] : []),
];

const figureParts = (figure, desk) => {
  const approximate = figure.approximate && figure.lower !== figure.upper ? `, ${say("approximate")}` : "";
  // The server writes the bounds. An edited figure has none until it is saved.
  const bounds = make("span", { class: "bounds" }, figure.bounds ? `(${figure.bounds}${approximate})` : "");
  const ledger = figure.ledger ? quiet(` ${say("filed", { ledger: desk.ledgerNames[figure.ledger] ?? figure.ledger })}`) : "";
  return [copyText(`${figure.raw}${figure.counts ? ` ${figure.counts}` : ""}`), " ", bounds, ledger];
};

const figureList = (card, desk) => card.figures.flatMap((figure, index) => [index ? " · " : "", ...figureParts(figure, desk)]);

const dates = (card) => {
  const isRange = card.stated_to && card.stated_to !== card.stated_from;
  const days = card.stated_from ? formatDay(card.stated_from) + (isRange ? ` – ${formatDay(card.stated_to)}` : "") : "";
  const quote = card.stated_words ? ["“", copyText(card.stated_words), "”"] : [];
  return [days, days && quote.length ? ", " : "", ...quote].filter(Boolean);
};

const origin = (card) => {
  const confidence = card.confidence === null ? "" : say("confidence", { percent: Math.round(card.confidence * 100) });
  return card.extractor ? [confidence, card.extractor].filter(Boolean).join(", ") : say("by_editor");
};

const row = (label, ...value) => make("div", {}, make("dt", {}, label), make("dd", {}, ...value));

const facts = (card, desk) =>
  make(
    "dl",
    {},
    row(say("who"), chain(card)),
    row(say("how"), ...manner(card, desk)),
    card.figures.length ? row(say("figures"), ...figureList(card, desk)) : null,
    dates(card).length ? row(say("when"), ...dates(card)) : null,
    row(say("found"), quiet(origin(card))),
  );

const reviewedBy = (card, desk) => {
  if (card.review === "proposed") return "";
  const parts = [desk.review_methods[card.how], card.reviewed_by, card.reviewed_at && formatClock(card.reviewed_at)];
  return parts.filter(Boolean).join(", ");
};

const actionButton = (number, action, key = "") =>
  make(
    "button",
    {
      type: "button",
      class: action,
      "data-do": action,
      "aria-label": `${say(action)}: ${say("claim", { number })}`,
      "aria-keyshortcuts": key || null,
    },
    say(action),
    key ? make("kbd", { "aria-hidden": "true" }, key) : "",
  );

const actionButtons = (card, number) => {
  const button = (action, key) => actionButton(number, action, key);
  // A claim that was accepted with many others can still be accepted by itself.
  const isAccepted = card.review === "edited" || (card.review === "accepted" && card.how === "desk");
  return make(
    "div",
    { class: "button-row" },
    isAccepted ? "" : button("accept", "a"),
    card.review === "rejected" ? "" : button("reject", "r"),
    button("edit", "e"),
    button("speaker", "s"),
    make(
      "details",
      { class: "more" },
      make("summary", { "aria-label": `${say("more")}: ${say("claim", { number })}` }, say("more")),
      make(
        "div",
        {},
        button("place", "p"),
        button("place_cue"),
        button("place_mention"),
        button("split", "x"),
        button("join", "o"),
        button("same", "m"),
        card.figures.length ? button("file", "f") : "",
      ),
    ),
  );
};

const header = (card, number, desk) =>
  make(
    "header",
    {},
    make(
      "button",
      { type: "button", class: "number", id: `number-${card.id}`, "data-do": "show", "aria-label": say("claim", { number }) },
      String(number),
    ),
    make("span", { class: `badge badge-${card.review}` }, desk.reviews[card.review]),
    quiet(reviewedBy(card, desk)),
    card.lost ? make("span", { class: "badge badge-lost" }, say("lost")) : "",
    make("span", { class: "unsaved-label" }, card.isUnsaved ? say("unsaved") : ""),
  );

/** Render a card again. The part with its form stays as it is: somebody may be typing there. */
export const renderCardElement = (element, card, number, desk) => {
  const formArea = element.querySelector(":scope > .form-area") ?? element.appendChild(make("div", { class: "form-area" }));
  const isMoreOpen = element.querySelector("details.more")?.open ?? false;
  element.className = `card ${card.review}${card.isUnsaved ? " unsaved" : ""}`;
  element.setAttribute("aria-labelledby", `number-${card.id} statement-${card.id}`);
  while (formArea.previousSibling) formArea.previousSibling.remove();
  formArea.before(
    header(card, number, desk),
    make("p", { class: "statement", id: `statement-${card.id}`, dir: "auto" }, card.statement),
    facts(card, desk),
    desk.may_review ? actionButtons(card, number) : "",
  );
  if (isMoreOpen) element.querySelector("details.more").open = true;
};

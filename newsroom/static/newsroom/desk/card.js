// A claim's card: what it says, who said it, how many, when; and what can be done with it.

import { bounds } from "./store.js";
import { clock, day, make, say } from "./words.js";

const speaker = (hop) => {
  const name = hop.source ? make("span", { class: "name" }, hop.source.name) : make("span", { class: "unnamed" }, hop.mention);
  const whose = !hop.source && hop.organisation ? ` (${hop.organisation.name})` : "";
  const mention = hop.source && hop.mention && hop.mention !== hop.source.name ? make("span", { class: "quiet" }, ` “${hop.mention}”`) : "";
  const verb = hop.verb ? make("span", { class: "quiet" }, `, ${hop.verb}`) : "";
  const inferred = hop.explicit ? "" : make("span", { class: "quiet" }, ` (${say("inferred")})`);
  return make("li", {}, name, whose, mention, verb, inferred);
};

const row = (label, ...value) => make("div", {}, make("dt", {}, label), make("dd", {}, ...value));

const when = (card) => {
  if (!card.stated_from) return card.stated_words ? `“${card.stated_words}”` : null;
  const days = card.stated_to && card.stated_to !== card.stated_from ? `${day(card.stated_from)} – ${day(card.stated_to)}` : day(card.stated_from);
  return card.stated_words ? `${days}, “${card.stated_words}”` : days;
};

const judged = (card, desk) => {
  if (card.review === "proposed") return "";
  const parts = [desk.hows[card.how], card.reviewed_by, card.reviewed_at && clock(card.reviewed_at)];
  return parts.filter(Boolean).join(", ");
};

/** What the card says, without what can be done. */
const facts = (card, desk) => {
  const sure = card.confidence === null ? "" : say("sure", { percent: Math.round(card.confidence * 100) });
  const found = card.extractor ? [sure, card.extractor].filter(Boolean).join(", ") : say("by_editor");
  return make(
    "dl",
    {},
    row(say("who"), card.hops.length ? make("ol", { class: "chain" }, ...card.hops.map(speaker)) : make("span", { class: "missing" }, say("nobody"))),
    row(say("how"), `${desk.formNames[card.form]}, ${desk.modalityNames[card.modality]}`, card.cue ? `, “${card.cue}”` : ""),
    card.figures.length
      ? row(
          say("figures"),
          ...card.figures.flatMap((figure, at) => [
            at ? " · " : "",
            `${figure.raw}${figure.counts ? ` ${figure.counts}` : ""} `,
            make("span", { class: "bounds" }, bounds(figure), figure.unit ? ` ${figure.unit}` : "", figure.approximate ? ` ${say("approximate")}` : ""),
            figure.ledger ? make("span", { class: "quiet" }, ` ${say("filed", { ledger: desk.ledgerNames[figure.ledger] ?? figure.ledger })}`) : "",
          ]),
        )
      : null,
    when(card) ? row(say("when"), when(card)) : null,
    row(say("found"), make("span", { class: "quiet" }, found)),
  );
};

const button = (card, number, action, key, more = {}) =>
  make(
    "button",
    { type: "button", class: action, "data-do": action, "aria-label": `${say(action)}: ${say("claim", { number })}`, "aria-keyshortcuts": key || null, ...more },
    say(action),
    key ? make("kbd", { "aria-hidden": "true" }, key) : "",
  );

const actions = (card, number) => {
  const seen = card.review === "edited" || (card.review === "accepted" && card.how === "desk");
  return make(
    "div",
    { class: "verdicts" },
    seen ? "" : button(card, number, "accept", "a"),
    card.review === "rejected" ? "" : button(card, number, "reject", "r"),
    button(card, number, "edit", "e"),
    button(card, number, "speaker", "s"),
    make(
      "details",
      { class: "more" },
      make("summary", { "aria-label": `${say("more")}: ${say("claim", { number })}` }, say("more")),
      make(
        "div",
        {},
        button(card, number, "place", "p"),
        button(card, number, "place_cue", ""),
        button(card, number, "place_mention", ""),
        button(card, number, "split", "x"),
        button(card, number, "join", "o"),
        button(card, number, "same", "m"),
        card.figures.length ? button(card, number, "file", "f") : "",
      ),
    ),
  );
};

/** Fill a card's element anew. Its drawer stays as it is: somebody may be typing in a form there. */
export const draw = (element, card, number, desk) => {
  const drawer = element.querySelector(":scope > .drawer") ?? element.appendChild(make("div", { class: "drawer" }));
  const more = element.querySelector("details.more")?.open ?? false;
  element.className = `card ${card.review}${card.unsaved ? " unsaved" : ""}`;
  element.setAttribute("aria-labelledby", `number-${card.id} statement-${card.id}`);
  while (drawer.previousSibling) drawer.previousSibling.remove();
  drawer.before(
    make(
      "header",
      {},
      make("button", { type: "button", class: "number", id: `number-${card.id}`, "data-do": "show", "aria-label": say("claim", { number }) }, String(number)),
      make("span", { class: `badge badge-${card.review}` }, desk.reviews[card.review]),
      make("span", { class: "quiet" }, judged(card, desk)),
      card.lost ? make("span", { class: "badge badge-lost" }, say("lost")) : "",
      make("span", { class: "unsaved-sign" }, card.unsaved ? say("unsaved") : ""),
    ),
    make("p", { class: "statement", id: `statement-${card.id}` }, card.statement),
    facts(card, desk),
    desk.may_review ? actions(card, number) : "",
  );
  if (more) element.querySelector("details.more").open = true;
};

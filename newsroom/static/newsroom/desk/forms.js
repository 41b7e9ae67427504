// The forms that open in a card: the claim itself, its speakers, two speakers who are one source, its ledgers.
//
// Each returns {element, firstField, read, preview, kind}. `read()` gives the data of the action `kind`;
// `preview(data)` gives the changes that the card shows before the server has answered.

import { make } from "../dom.js";
import { say } from "../messages.js";
import { createSourcePicker } from "./source_picker.js";
import { speakerKey } from "./store.js";

let fieldCount = 0;

const field = (label, control) => {
  fieldCount += 1;
  control.id ||= `field-${fieldCount}`;
  return make("div", { class: "field" }, make("label", { for: control.id }, label), control);
};

const textInput = (name, value, attributes = {}) => {
  const input = make("input", { type: "text", name, dir: "auto", autocomplete: "off", ...attributes });
  input.value = value;
  return input;
};

const dateInput = (name, value) => make("input", { type: "date", name, value });

const selectInput = (name, options, selected) => {
  const option = ([value, label]) => make("option", { value, selected: value === selected }, label);
  const select = make("select", { name }, ...options.map(option));
  select.value = selected;
  return select;
};

const checkbox = (name, label, isChecked) => {
  const input = make("input", { type: "checkbox", name });
  input.checked = isChecked;
  return make("label", { class: "checkbox" }, input, ` ${label}`);
};

const button = (label, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, label);

const submitRow = (...buttons) =>
  make(
    "div",
    { class: "button-row" },
    make("button", { type: "submit", class: "accept" }, say("save"), make("kbd", { "aria-hidden": "true" }, "⌘/Ctrl ↵")),
    ...buttons,
    make("button", { type: "button", "data-cancel": true }, say("close"), make("kbd", { "aria-hidden": "true" }, "Esc")),
  );

const formElement = (label, ...children) =>
  make(
    "form",
    { class: "desk-form", "aria-label": label, novalidate: true },
    make("p", { class: "refused", role: "alert", hidden: true }),
    ...children,
  );

/** The review that a claim has after an edit. */
const reviewAfterEdit = (card, desk) => ({
  review: card.review === "rejected" ? "rejected" : "edited",
  how: "desk",
  reviewed_by: desk.user,
});

const NEW_FIGURE = {
  id: null,
  raw: "",
  counts: "",
  unit: "",
  lower: "",
  upper: "",
  lower_inclusive: true,
  upper_inclusive: true,
  approximate: false,
};
const CLAIM_FIELDS = ["statement", "form", "modality", "cue", "stated_from", "stated_to", "stated_words"];
const FIGURE_TEXTS = ["counts", "unit", "lower", "upper"];
const FIGURE_CHECKBOXES = ["lower_inclusive", "upper_inclusive", "approximate"];

const figureFieldset = (figure) => {
  const isSaved = figure.id !== null;
  const fieldset = make(
    "fieldset",
    { class: "figure", "data-id": figure.id ?? "" },
    make("legend", { dir: "auto" }, isSaved ? figure.raw : say("new_figure")),
    isSaved ? "" : field(say("raw"), textInput("raw", figure.raw, { maxlength: "200" })),
    field(say("counts"), textInput("counts", figure.counts, { maxlength: "200" })),
    field(say("unit"), textInput("unit", figure.unit, { maxlength: "40" })),
    field(say("lower"), textInput("lower", figure.lower, { inputmode: "decimal" })),
    field(say("upper"), textInput("upper", figure.upper, { inputmode: "decimal" })),
    ...FIGURE_CHECKBOXES.map((name) => checkbox(name, say(name), figure[name])),
    button(say("remove_figure"), () => fieldset.remove()),
  );
  return fieldset;
};

const readFigure = (fieldset) => {
  const control = (name) => fieldset.querySelector(`[name=${name}]`);
  return {
    id: fieldset.dataset.id ? Number(fieldset.dataset.id) : null,
    raw: control("raw")?.value ?? fieldset.querySelector("legend").textContent,
    ...Object.fromEntries(FIGURE_TEXTS.map((name) => [name, control(name).value.trim()])),
    ...Object.fromEntries(FIGURE_CHECKBOXES.map((name) => [name, control(name).checked])),
  };
};

/** Edit the claim: its statement, form, dates and figures. */
export const createClaimForm = (card, number, desk) => {
  const statement = make("textarea", { name: "statement", rows: "3", dir: "auto" });
  statement.value = card.statement;
  const fields = make(
    "div",
    { class: "fields" },
    field(say("statement"), statement),
    field(say("form"), selectInput("form", desk.forms, card.form)),
    field(say("modality"), selectInput("modality", desk.modalities, card.modality)),
    field(say("cue"), textInput("cue", card.cue, { maxlength: "200" })),
    field(say("said_from"), dateInput("stated_from", card.stated_from)),
    field(say("said_to"), dateInput("stated_to", card.stated_to)),
    field(say("said_words"), textInput("stated_words", card.stated_words, { maxlength: "100" })),
  );
  const figures = make("div", { class: "figures" }, ...card.figures.map(figureFieldset));
  const addFigure = () => {
    const fieldset = figureFieldset(NEW_FIGURE);
    figures.append(fieldset);
    fieldset.querySelector("input").focus();
  };
  const element = formElement(say("edit_claim", { number }), fields, figures, submitRow(button(say("add_figure"), addFigure)));
  const read = () => ({
    fields: Object.fromEntries(CLAIM_FIELDS.map((name) => [name, fields.querySelector(`[name=${name}]`).value])),
    figures: [...figures.children].map(readFigure),
  });
  const preview = (data) => ({
    ...data.fields,
    stated_to: data.fields.stated_to || data.fields.stated_from,
    figures: data.figures,
    ...reviewAfterEdit(card, desk),
  });
  return { element, firstField: statement, read, preview, kind: "edit" };
};

const NEW_HOP = { source: null, unnamed: null, mention: "", verb: "", explicit: true, organisation: null };

/** Edit the chain of speakers, origin first: add hops, remove them, change their order. */
export const createChainForm = (card, number, desk, search) => {
  const list = make("ol", { class: "hops" });
  const hopFields = new Map(); // item of the list -> {picker, organisation}

  const updateLegends = () => {
    const items = [...list.children];
    const legend = (index) => {
      if (index === 0) return say("origin");
      return say(index === items.length - 1 ? "last_step" : "step", { n: index + 1 });
    };
    items.forEach((item, index) => {
      item.querySelector("legend").textContent = legend(index);
      item.querySelector("[data-earlier]").disabled = index === 0;
      item.querySelector("[data-later]").disabled = index === items.length - 1;
    });
  };

  const moveHop = (item, direction) => {
    const other = direction === "earlier" ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (direction === "earlier") other.before(item);
    else other.after(item);
    updateLegends();
    item.querySelector(`[data-${direction}]`).focus();
    // The button of the first or last hop is disabled and takes no focus.
    if (document.activeElement === document.body) item.querySelector("input").focus();
  };

  const removeHop = (item) => {
    const neighbour = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    updateLegends();
    if (neighbour) neighbour.querySelector("input").focus();
    else addFirst.focus();
  };

  const addHop = (hop, before = null) => {
    const picker = createSourcePicker({ hop, search, kinds: desk.source_kinds, mayCreate: desk.may_create_sources, label: say("who") });
    const item = make(
      "li",
      {},
      make(
        "fieldset",
        {},
        make("legend", {}),
        picker.element,
        field(say("mention"), textInput("mention", hop.mention, { maxlength: "300" })),
        field(say("verb"), textInput("verb", hop.verb, { maxlength: "100" })),
        checkbox("explicit", say("explicit"), hop.explicit),
        make(
          "div",
          { class: "button-row" },
          button(say("earlier"), () => moveHop(item, "earlier"), { "data-earlier": true }),
          button(say("later"), () => moveHop(item, "later"), { "data-later": true }),
          button(say("remove"), () => removeHop(item)),
        ),
      ),
    );
    hopFields.set(item, { picker, organisation: hop.organisation?.id ?? null });
    list.insertBefore(item, before);
    updateLegends();
    return picker.input;
  };

  const addFirst = button(say("add_origin"), () => addHop(NEW_HOP, list.firstChild).focus());
  const addLast = button(say("add_last"), () => addHop(NEW_HOP).focus());
  const inputs = (card.hops.length ? card.hops : [NEW_HOP]).map((hop) => addHop(hop));
  const element = formElement(say("edit_speakers", { number }), list, submitRow(addFirst, addLast));

  const readHop = (item) => {
    const { picker, organisation } = hopFields.get(item);
    const control = (name) => item.querySelector(`[name=${name}]`);
    const speaker = picker.read();
    const isUnnamed = speaker.source === null && !speaker.name;
    return {
      ...speaker,
      mention: control("mention").value,
      verb: control("verb").value,
      explicit: control("explicit").checked,
      organisation: isUnnamed ? organisation : null,
    };
  };
  const read = () => ({ hops: [...list.children].map(readHop) });
  const preview = (data) => ({
    hops: data.hops.map((hop, index) => {
      const { source, name } = hopFields.get(list.children[index]).picker.current();
      return { ...hop, source: source ?? (name ? { id: 0, name, kind: hop.kind } : null), organisation: null };
    }),
    ...reviewAfterEdit(card, desk),
  });
  return { element, firstField: inputs[0], read, preview, kind: "edit" };
};

/** Unite two speakers who are one source: one of this claim, and any other of the article. */
export const createSameSourceForm = (card, number, speakers) => {
  const ownKeys = new Set(card.hops.map(speakerKey));
  const ownSpeakers = speakers.filter((speaker) => ownKeys.has(speaker.key));
  const names = (speaker) => [speaker.name, ...speaker.mentions].slice(0, 3).join(", ");
  const option = (speaker) => [speaker.key, names(speaker) + (speaker.source ? "" : ` (${say("unnamed")})`)];
  const other = selectInput("other", ownSpeakers.map(option), ownSpeakers[0]?.key);
  const keep = selectInput("keep", [["", say("choose")], ...speakers.map(option)], "");
  const element = formElement(
    say("edit_same", { number }),
    field(say("this_mention"), other),
    field(say("is_the_same_as"), keep),
    make("p", { class: "quiet" }, say("same_help")),
    submitRow(),
  );
  const readSpeaker = (key) => {
    const speaker = speakers.find((one) => one.key === key);
    if (!speaker) return null;
    return speaker.source ? { source: speaker.source.id } : { unnamed: speaker.unnamed };
  };
  const read = () => ({ keep: readSpeaker(keep.value), other: readSpeaker(other.value) });
  return { element, firstField: ownSpeakers.length > 1 ? other : keep, read, preview: () => null, kind: "same" };
};

/** File figures under ledgers. A suggested ledger is selected at first: saving accepts it. */
export const createFilingForm = (card, number, desk) => {
  const savedFigures = card.figures.filter((figure) => figure.id !== null);
  const ledgerOptions = [["", say("no_ledger")], ...desk.ledgers.map(([id, name]) => [String(id), name])];
  const rows = savedFigures.map((figure) => {
    const suggestion = (figure.ledger ?? null) === null ? figure.suggested?.[0] : undefined;
    const select = selectInput(`ledger-${figure.id}`, ledgerOptions, String(figure.ledger ?? suggestion ?? ""));
    const row = field(`${figure.raw} ${figure.counts}`.trim(), select);
    if (suggestion !== undefined) row.append(make("small", { class: "quiet" }, say("suggested")));
    return { figure, select, row };
  });
  const newLedgerLink = desk.new_ledger ? make("a", { href: desk.new_ledger, target: "_blank" }, say("new_ledger")) : "";
  const noLedgers = desk.ledgers.length ? "" : make("p", { class: "quiet" }, say("no_ledgers"), " ", newLedgerLink);
  const element = formElement(say("file_claim", { number }), noLedgers, ...rows.map(({ row }) => row), submitRow());
  const chosenLedger = ({ figure, select }) => [figure.id, select.value ? Number(select.value) : null];
  const read = () => ({ ledgers: Object.fromEntries(rows.map(chosenLedger)) });
  const preview = ({ ledgers }) => ({
    figures: card.figures.map((figure) => (figure.id in ledgers ? { ...figure, ledger: ledgers[figure.id] } : figure)),
  });
  return { element, firstField: rows[0].select, read, preview, kind: "file" };
};

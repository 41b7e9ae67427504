// The forms that open in a card: what is claimed, who said it, and which two speakers are one.

import { chooser } from "./chooser.js";
import { make, say } from "./words.js";

let made = 0;

const field = (label, control, error = "") => {
  made += 1;
  control.id ||= `field-${made}`;
  return make("div", { class: "field" }, make("label", { for: control.id }, label), control, error);
};

const text = (name, value, more = {}) => {
  const input = make("input", { type: "text", name, autocomplete: "off", ...more });
  input.value = value;
  return input;
};

const choice = (name, options, value) => {
  const select = make("select", { name }, ...options.map(([one, label]) => make("option", { value: one, selected: one === value }, label)));
  select.value = value;
  return select;
};

const tick = (name, label, checked) => {
  const box = make("input", { type: "checkbox", name });
  box.checked = checked;
  return make("label", { class: "tick" }, box, ` ${label}`);
};

const buttons = (...more) =>
  make(
    "div",
    { class: "verdicts" },
    make("button", { type: "submit", class: "accept" }, say("save"), make("kbd", { "aria-hidden": "true" }, "⌘/Ctrl ↵")),
    ...more,
    make("button", { type: "button", class: "cancel", "data-cancel": true }, say("close"), make("kbd", { "aria-hidden": "true" }, "Esc")),
  );

const frame = (label, ...children) => make("form", { class: "desk-form", "aria-label": label, novalidate: true }, make("p", { class: "refused", role: "alert", hidden: true }), ...children);

/** What is claimed: the statement, how it is put, when it was said, and the figures' meaning. */
export const statementForm = (card, number, desk) => {
  const statement = make("textarea", { name: "statement", rows: "3" });
  statement.value = card.statement;
  const fields = make(
    "div",
    { class: "fields" },
    field(say("statement"), statement),
    field(say("form"), choice("form", desk.forms, card.form)),
    field(say("modality"), choice("modality", desk.modalities, card.modality)),
    field(say("cue"), text("cue", card.cue, { maxlength: "200" })),
    field(say("said_from"), make("input", { type: "date", name: "stated_from", value: card.stated_from })),
    field(say("said_to"), make("input", { type: "date", name: "stated_to", value: card.stated_to })),
    field(say("said_words"), text("stated_words", card.stated_words, { maxlength: "100" })),
  );
  const rows = make("div", { class: "figures" });
  const add = (figure) => {
    const kept = figure.id !== null;
    const raw = text("raw", figure.raw, { maxlength: "200", readonly: kept });
    const row = make(
      "fieldset",
      { class: "figure", "data-id": figure.id ?? "" },
      make("legend", {}, kept ? figure.raw : say("new_figure")),
      kept ? "" : field(say("raw"), raw),
      field(say("counts"), text("counts", figure.counts, { maxlength: "200" })),
      field(say("unit"), text("unit", figure.unit, { maxlength: "40" })),
      field(say("lower"), text("lower", figure.lower, { inputmode: "decimal" })),
      field(say("upper"), text("upper", figure.upper, { inputmode: "decimal" })),
      tick("lower_inclusive", say("lower_inclusive"), figure.lower_inclusive),
      tick("upper_inclusive", say("upper_inclusive"), figure.upper_inclusive),
      tick("approximate", say("approximate"), figure.approximate),
      make("button", { type: "button", onclick: () => row.remove() }, say("remove_figure")),
    );
    rows.append(row);
    return row;
  };
  card.figures.forEach(add);
  const empty = { id: null, raw: "", counts: "", unit: "", lower: "", upper: "", lower_inclusive: true, upper_inclusive: true, approximate: false };
  const more = make("button", { type: "button", onclick: () => add(empty).querySelector("input").focus() }, say("add_figure"));
  const form = frame(say("edit_claim", { number }), fields, rows, buttons(more));
  const read = () => {
    const value = (name) => fields.querySelector(`[name=${name}]`).value;
    const names = ["statement", "form", "modality", "cue", "stated_from", "stated_to", "stated_words"];
    return {
      fields: Object.fromEntries(names.map((name) => [name, value(name)])),
      figures: [...rows.children].map((row) => {
        const inRow = (name) => row.querySelector(`[name=${name}]`);
        const figure = { id: row.dataset.id ? Number(row.dataset.id) : null, raw: inRow("raw")?.value ?? row.querySelector("legend").textContent };
        for (const name of ["counts", "unit", "lower", "upper"]) figure[name] = inRow(name).value.trim();
        for (const name of ["lower_inclusive", "upper_inclusive", "approximate"]) figure[name] = inRow(name).checked;
        return figure;
      }),
    };
  };
  /** The card as it will be, for showing it at once. */
  const hope = (given) => ({ ...given.fields, stated_to: given.fields.stated_to || given.fields.stated_from, figures: given.figures, review: card.review === "rejected" ? "rejected" : "edited", how: "desk", reviewed_by: desk.user });
  return { element: form, first: statement, read, hope, kind: "edit" };
};

/** Who said it: the chain, origin first. Steps are added, removed and put in another order. */
export const chainForm = (card, number, desk, find) => {
  const steps = make("ol", { class: "steps" });
  const parts = new Map(); // row -> {who, organisation}
  const rename = () =>
    [...steps.children].forEach((row, at, all) => {
      row.querySelector("legend").textContent = at === 0 ? say("origin") : at === all.length - 1 ? say("last_step", { n: at + 1 }) : say("step", { n: at + 1 });
      row.querySelector("[data-up]").disabled = at === 0;
      row.querySelector("[data-down]").disabled = at === all.length - 1;
    });
  const move = (row, by) => {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    rename();
    row.querySelector(by < 0 ? "[data-up]" : "[data-down]").focus();
    if (document.activeElement === document.body) row.querySelector("input").focus();
  };
  const add = (hop, before = null) => {
    const who = chooser({ value: hop, find, kinds: desk.kinds, mayMake: desk.may_make_sources, label: say("who") });
    const row = make(
      "li",
      {},
      make(
        "fieldset",
        {},
        make("legend", {}),
        who.element,
        field(say("mention"), text("mention", hop.mention, { maxlength: "300" })),
        field(say("verb"), text("verb", hop.verb, { maxlength: "100" })),
        tick("explicit", say("explicit"), hop.explicit),
        make(
          "div",
          { class: "verdicts" },
          make("button", { type: "button", "data-up": true, onclick: () => move(row, -1) }, say("earlier")),
          make("button", { type: "button", "data-down": true, onclick: () => move(row, 1) }, say("later")),
          make("button", { type: "button", onclick: () => { const next = row.nextElementSibling ?? row.previousElementSibling; row.remove(); rename(); (next ?? more).querySelector?.("input")?.focus(); } }, say("remove")),
        ),
      ),
    );
    parts.set(row, { who, organisation: hop.organisation?.id ?? null });
    steps.insertBefore(row, before);
    rename();
    return who;
  };
  const empty = { source: null, unnamed: null, mention: "", verb: "", explicit: true, organisation: null };
  const more = make("button", { type: "button", onclick: () => add(empty, steps.firstChild).input.focus() }, say("add_origin"));
  const last = make("button", { type: "button", onclick: () => add(empty).input.focus() }, say("add_last"));
  const shown = card.hops.length ? card.hops : [empty];
  const inputs = shown.map((hop) => add(hop).input);
  const form = frame(say("who_said", { number }), steps, buttons(more, last));
  const read = () => ({
    hops: [...steps.children].map((row) => {
      const { who, organisation } = parts.get(row);
      const answer = { ...who.read(), mention: row.querySelector("[name=mention]").value, verb: row.querySelector("[name=verb]").value, explicit: row.querySelector("[name=explicit]").checked };
      return { ...answer, organisation: answer.source === null && !answer.name ? organisation : null };
    }),
  });
  const hope = (given) => ({
    hops: given.hops.map((hop, at) => {
      const { source, name } = parts.get(steps.children[at]).who.shown();
      return { ...hop, source: source ?? (name ? { id: 0, name, kind: hop.kind } : null), organisation: null };
    }),
    review: card.review === "rejected" ? "rejected" : "edited",
    how: "desk",
    reviewed_by: desk.user,
  });
  return { element: form, first: inputs[0], read, hope, kind: "edit" };
};

/** Two speakers of the story that are one source: one of this claim's, and any other. */
export const sameForm = (card, number, speakers) => {
  const here = new Set(card.hops.map((hop) => (hop.source ? `s${hop.source.id}` : `u${hop.unnamed}`)));
  const label = (one) => [one.name, ...one.mentions].slice(0, 3).join(", ") + (one.source ? "" : ` (${say("unnamed")})`);
  const option = (one) => [one.key, label(one)];
  const mine = speakers.filter((one) => here.has(one.key));
  const other = choice("other", mine.map(option), mine[0]?.key);
  const keep = choice("keep", [["", say("choose")], ...speakers.map(option)], "");
  const form = frame(say("same_claim", { number }), field(say("this_mention"), other), field(say("is_the_same_as"), keep), make("p", { class: "quiet" }, say("same_help")), buttons());
  const named = (key) => {
    const one = speakers.find((speaker) => speaker.key === key);
    return one ? (one.source ? { source: one.source.id } : { unnamed: one.unnamed }) : null;
  };
  const read = () => ({ keep: named(keep.value), other: named(other.value) });
  return { element: form, first: mine.length > 1 ? other : keep, read, hope: () => null, kind: "same" };
};

/** Under which ledger each figure belongs. A suggestion is chosen beforehand: saving files it. */
export const fileForm = (card, number, desk) => {
  const rows = card.figures
    .filter((figure) => figure.id !== null)
    .map((figure) => {
      const suggested = (figure.ledger ?? null) === null ? figure.suggested?.[0] : undefined;
      const place = choice(`place-${figure.id}`, [["", say("nowhere")], ...desk.ledgers.map(([id, name]) => [String(id), name])], String(figure.ledger ?? suggested ?? ""));
      const row = field(`${figure.raw} ${figure.counts}`.trim(), place);
      if (suggested !== undefined) row.append(make("small", { class: "quiet" }, say("suggested")));
      return { figure, place, row };
    });
  const none = desk.ledgers.length ? "" : make("p", { class: "quiet" }, say("no_ledgers"), " ", desk.new_ledger ? make("a", { href: desk.new_ledger, target: "_blank" }, say("new_ledger")) : "");
  const form = frame(say("file_claim", { number }), none, ...rows.map(({ row }) => row), buttons());
  const read = () => ({ places: Object.fromEntries(rows.map(({ figure, place }) => [figure.id, place.value ? Number(place.value) : null])) });
  const hope = (given) => ({ figures: card.figures.map((figure) => (figure.id in given.places ? { ...figure, ledger: given.places[figure.id] } : figure)) });
  return { element: form, first: rows[0].place, read, hope, kind: "file" };
};

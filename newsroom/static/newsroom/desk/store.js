// What the desk knows: the claims as the server last said they are, and as they will be once what is on its way
// is saved. No DOM here.

const onDemand = (card) => card.review === "proposed" && !card.reporting;
const waits = (card) => card.review === "proposed" && card.reporting;

export class Store {
  constructor(cards) {
    this.saved = new Map(cards.map((card) => [card.id, card]));
    this.order = null; // the shown claims in the order of the text, once that was asked for
    this.everything = false; // thoughts and plans that nobody told too
    this.hopes = new Map(); // claim -> changes that are on their way, oldest first
  }

  /** The claims that are shown, in the order of the text. */
  get ids() {
    this.order ??= this.#inOrder();
    return this.order;
  }

  #inOrder() {
    const shown = [...this.saved.values()].filter((card) => this.everything || !onDemand(card));
    return shown.sort((a, b) => a.order - b.order || a.id - b.id).map((card) => card.id);
  }

  /** Show what is shown on demand only, or hide it again. */
  toggle() {
    this.order = null;
    this.everything = !this.everything;
  }

  /** How many are shown on demand only: a thought or a plan that nobody told, and nobody has judged. */
  get aside() {
    return [...this.saved.values()].filter(onDemand).length;
  }

  /** A claim as it is to be shown. */
  card(id) {
    const hopes = this.hopes.get(id) ?? [];
    const card = Object.assign({}, this.saved.get(id), ...hopes.map((hope) => hope.changes));
    return { ...card, unsaved: hopes.length > 0 };
  }

  version(id) {
    return this.saved.get(id)?.version;
  }

  waiting() {
    return this.ids.filter((id) => waits(this.card(id)));
  }

  /** The next claim that waits, from this one on and round again; null if none waits. */
  nextWaiting(id) {
    const ids = this.ids;
    const at = ids.indexOf(id);
    return [...ids.slice(at + 1), ...ids.slice(0, at)].find((one) => waits(this.card(one))) ?? null;
  }

  /** Show some claims with changes that are on their way by the action of this id. */
  hope(action, ids, changes) {
    for (const id of ids) this.hopes.set(id, [...(this.hopes.get(id) ?? []), { action, changes }]);
  }

  /** An action was answered: what it hoped for is now saved, or will not be. */
  settle(action) {
    for (const [id, hopes] of this.hopes) {
      const left = hopes.filter((hope) => hope.action !== action);
      if (left.length) this.hopes.set(id, left);
      else this.hopes.delete(id);
    }
  }

  /** Take in what the server says is true. */
  learn(cards, removed = []) {
    this.order = null;
    for (const card of cards) this.saved.set(card.id, card);
    for (const id of removed) this.saved.delete(id);
  }

  /** Everybody who speaks in the story, each once: [{key, source, unnamed, name, mentions}]. */
  speakers() {
    const found = new Map();
    for (const id of this.ids) {
      for (const hop of this.saved.get(id).hops) {
        const key = hop.source ? `s${hop.source.id}` : `u${hop.unnamed}`;
        const one = found.get(key) ?? { key, source: hop.source, unnamed: hop.unnamed, name: "", mentions: new Set() };
        one.name = hop.source ? hop.source.name : one.name || hop.mention;
        if (hop.mention && hop.mention !== one.name) one.mentions.add(hop.mention);
        found.set(key, one);
      }
    }
    return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
  }
}

const PARTS = {
  statement: (card) => card.statement,
  form: (card) => `${card.form} ${card.modality}`,
  cue: (card) => card.cue,
  when: (card) => `${card.stated_from} ${card.stated_to} ${card.stated_words}`,
  who: (card) => card.hops.map((hop) => `${hop.source?.id ?? `u${hop.unnamed}`} ${hop.mention} ${hop.verb}`).join("|"),
  figures: (card) => card.figures.map((figure) => JSON.stringify({ ...figure, id: 0 })).join("|"),
  place: (card) => JSON.stringify(card.spans),
  review: (card) => card.review,
};

/** Which parts of a claim differ: names from PARTS. */
export const differences = (before, after) =>
  Object.keys(PARTS).filter((name) => PARTS[name](before) !== PARTS[name](after));

/** A figure's bounds as an interval: "[100, ∞)". */
export const bounds = (figure) => {
  const low = figure.lower === "" ? "(−∞" : (figure.lower_inclusive ? "[" : "(") + figure.lower;
  const high = figure.upper === "" ? "∞)" : figure.upper + (figure.upper_inclusive ? "]" : ")");
  return `${low}, ${high}`;
};

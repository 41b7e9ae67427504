// The claims of the article: as the server last sent them, with the changes that are not saved yet. No DOM here.

/** A proposed claim that is a thought or a plan and not reported speech is hidden until the editor asks for it. */
const isHidden = (card) => card.review === "proposed" && !card.reporting;
const isWaiting = (card) => card.review === "proposed" && card.reporting;

export class Store {
  constructor(cards) {
    this.saved = new Map(cards.map((card) => [card.id, card]));
    this.showsAll = false; // also the hidden claims
    this.pending = new Map(); // claim id -> changes that are not saved yet, oldest first
    this.sortedIds = null; // cache of `ids`
  }

  /** The ids of the claims to show, in the order of the text. */
  get ids() {
    this.sortedIds ??= this.#sortIds();
    return this.sortedIds;
  }

  #sortIds() {
    const shown = [...this.saved.values()].filter((card) => this.showsAll || !isHidden(card));
    return shown.sort((a, b) => a.order - b.order || a.id - b.id).map((card) => card.id);
  }

  /** Show the hidden claims, or hide them again. */
  toggleShowAll() {
    this.sortedIds = null;
    this.showsAll = !this.showsAll;
  }

  get hiddenCount() {
    return [...this.saved.values()].filter(isHidden).length;
  }

  /** Return a claim with its pending changes. */
  card(id) {
    const pending = this.pending.get(id) ?? [];
    const card = Object.assign({}, this.saved.get(id), ...pending.map((change) => change.changes));
    return { ...card, isUnsaved: pending.length > 0 };
  }

  version(id) {
    return this.saved.get(id)?.version;
  }

  /** Return the ids of the claims that wait for review. */
  waitingIds() {
    return this.ids.filter((id) => isWaiting(this.card(id)));
  }

  /** Return the next claim that waits, after this one and then from the top. Null if none waits. */
  nextWaitingId(id) {
    const ids = this.ids;
    const index = ids.indexOf(id);
    return [...ids.slice(index + 1), ...ids.slice(0, index)].find((other) => isWaiting(this.card(other))) ?? null;
  }

  /** Show claims with the changes of an action before it is saved. */
  addPending(actionId, ids, changes) {
    for (const id of ids) this.pending.set(id, [...(this.pending.get(id) ?? []), { actionId, changes }]);
  }

  /** Drop the pending changes of an action: the server has answered. */
  removePending(actionId) {
    for (const [id, pending] of this.pending) {
      const left = pending.filter((change) => change.actionId !== actionId);
      if (left.length) this.pending.set(id, left);
      else this.pending.delete(id);
    }
  }

  /** Store cards that the server sent. */
  update(cards, removedIds = []) {
    this.sortedIds = null;
    for (const card of cards) this.saved.set(card.id, card);
    for (const id of removedIds) this.saved.delete(id);
  }

  /** Return the speakers of the article, each once: [{key, source, unnamed, name, mentions}]. */
  speakers() {
    const found = new Map();
    for (const id of this.ids) {
      for (const hop of this.saved.get(id).hops) {
        const key = speakerKey(hop);
        const speaker = found.get(key) ?? { key, source: hop.source, unnamed: hop.unnamed, name: "", mentions: new Set() };
        speaker.name = hop.source ? hop.source.name : speaker.name || hop.mention;
        if (hop.mention && hop.mention !== speaker.name) speaker.mentions.add(hop.mention);
        found.set(key, speaker);
      }
    }
    return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
  }
}

/** Return a key that is the same for all hops of one speaker. */
export const speakerKey = (hop) => (hop.source ? `s${hop.source.id}` : `u${hop.unnamed}`);

/** Name of a part of a claim -> a value to compare. The names are those of the messages `part_…`. */
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

/** Return the names of the parts in which two states of a claim differ. */
export const changedParts = (before, after) =>
  Object.keys(PARTS).filter((name) => PARTS[name](before) !== PARTS[name](after));

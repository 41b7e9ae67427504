// What the desk's modules share: the story's claims, what is open, where the editor is.

import { Store } from "./store.js";
import { learn } from "./words.js";

const data = (id) => JSON.parse(document.getElementById(id).textContent);

/** What the server said when the page was made; its status, revision and undo are kept up to date. */
export const desk = data("desk-state");
learn(data("desk-words"));
desk.formNames = Object.fromEntries(desk.forms);
desk.ledgerNames = Object.fromEntries(desk.ledgers);
desk.modalityNames = Object.fromEntries(desk.modalities);

export const page = document.getElementById("desk");
export const story = document.getElementById("story");
export const list = document.getElementById("cards");
export const store = new Store(desk.cards);

/** Claim -> its card's element; claim -> the form that is open in its card. */
export const elements = new Map();
export const open = new Map();

/** The chosen claim, what is selected in the story ([start, end) each), how many actions are not saved yet. */
export const here = { current: null, selected: [], unsaved: 0 };

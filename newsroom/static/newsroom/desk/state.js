// What the modules of the review desk share: its data, its elements, and what the editor is doing.

import { setMessages } from "../messages.js";
import { Store } from "./store.js";

const readJson = (id) => JSON.parse(document.getElementById(id).textContent);

/** What the server sent with the page. Status, revision and undo are updated with each answer. */
export const desk = readJson("desk-state");
setMessages(readJson("desk-messages"));
desk.formNames = Object.fromEntries(desk.forms);
desk.ledgerNames = Object.fromEntries(desk.ledgers);
desk.modalityNames = Object.fromEntries(desk.modalities);

export const deskElement = document.getElementById("desk");
export const articleText = document.getElementById("article-text");
export const cardList = document.getElementById("cards");
export const store = new Store(desk.cards);

/** Claim id -> the element of its card. */
export const cardElements = new Map();

/** Claim id -> the form that is open in its card. */
export const openForms = new Map();

/** The current claim, the selected [start, end] pairs of the text, the number of actions that are not saved yet. */
export const ui = { currentId: null, selectedSpans: [], unsavedCount: 0 };

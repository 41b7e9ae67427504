// The article page: a marked passage opens its note, one note is open at a time, and the marks can be hidden. Without
// scripts the numbers are footnote links, and each note opens by itself.

import { make } from "./dom.js";
import { tabStore } from "./storage.js";

const notes = new Map([...document.querySelectorAll(".note")].map((note) => [note.dataset.for, note]));
const marks = [...document.querySelectorAll(".words mark.claim")];

const marksOf = (key) => marks.filter((mark) => mark.dataset.mark === key);
const findOpenNote = () => [...notes.values()].find((note) => note.open);

const openNote = (key) => {
  for (const [otherKey, note] of notes) note.open = otherKey === key;
  const note = notes.get(key);
  const body = note.querySelector(".note-body").getBoundingClientRect();
  if (note.getBoundingClientRect().top < 0 || body.bottom > innerHeight) {
    const isMotionReduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    note.scrollIntoView({ block: "nearest", behavior: isMotionReduced ? "auto" : "smooth" });
  }
};

const closeNotes = () => {
  for (const note of notes.values()) note.open = false;
};

document.addEventListener("click", (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const ref = target.closest("a.ref");
  const mark = ref ? null : target.closest(".words mark.claim");
  if (!ref && !mark) {
    if (!target.closest(".note")) closeNotes();
    return;
  }
  // A link in a passage stays a link, and selecting text opens nothing.
  if (mark && (target.closest("a") || String(getSelection()))) return;
  const key = ref ? ref.hash.slice("#note-".length) : mark.dataset.mark;
  if (!notes.has(key)) return;
  event.preventDefault();
  if (mark && notes.get(key).open) return closeNotes();
  openNote(key);
  if (ref) notes.get(key).querySelector("summary").focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  const note = event.key === "Escape" && findOpenNote();
  if (!note) return;
  closeNotes();
  document.getElementById(`ref-${note.dataset.for}`)?.focus();
});

for (const [key, note] of notes) {
  const toggleMarks = (className, isOn) => marksOf(key).forEach((mark) => mark.classList.toggle(className, isOn));
  note.addEventListener("toggle", () => {
    if (note.open) for (const other of notes.values()) if (other !== note) other.open = false;
    toggleMarks("chosen", note.open);
  });
  for (const name of ["mouseenter", "focusin"]) note.addEventListener(name, () => toggleMarks("hovered", true));
  for (const name of ["mouseleave", "focusout"]) note.addEventListener(name, () => toggleMarks("hovered", false));
}

/** Open the note that the URL names, by its own id or by that of its passage. */
const openNoteOfUrl = () => {
  const key = location.hash.slice(1).replace(/^note-/, "");
  if (notes.has(key)) openNote(key);
};
addEventListener("hashchange", openNoteOfUrl);
openNoteOfUrl();

const claimCount = document.getElementById("claim-count");
if (claimCount) {
  const marksHidden = tabStore("marks-hidden"); // nothing is sent to the server
  const areMarksHidden = () => document.body.classList.contains("unmarked");
  const toggleButton = make("button", { type: "button", class: "toggle" });
  const setMarksHidden = (isHidden) => {
    document.body.classList.toggle("unmarked", isHidden);
    toggleButton.textContent = isHidden ? claimCount.dataset.show : claimCount.dataset.hide;
    if (isHidden) closeNotes();
  };
  toggleButton.addEventListener("click", () => {
    setMarksHidden(!areMarksHidden());
    marksHidden.write(areMarksHidden());
  });
  // A URL that names a passage shows its marks.
  setMarksHidden(marksHidden.read() === true && !location.hash);
  claimCount.append(toggleButton);
}

// The article page with scripts: a marked passage opens its note, one note is open at a time, and the
// marks can be put away. Without scripts the numbers are footnote links and the notes unfold by themselves.

const notes = new Map([...document.querySelectorAll(".note")].map((note) => [note.dataset.for, note]));
const marks = [...document.querySelectorAll("mark.claim")];

function piecesOf(key) {
  return marks.filter((mark) => mark.dataset.mark === key);
}

function show(key, { scroll = false } = {}) {
  const note = notes.get(key);
  if (!note) return;
  for (const other of notes.values()) if (other !== note) other.open = false;
  note.open = true;
  for (const mark of marks) mark.classList.toggle("chosen", mark.dataset.mark === key);
  if (scroll) {
    const box = note.getBoundingClientRect();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (box.top < 0 || box.bottom > innerHeight) {
      note.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    }
  }
}

function hideAll() {
  for (const note of notes.values()) note.open = false;
  for (const mark of marks) mark.classList.remove("chosen");
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || event.target.closest(".words a:not(.ref)")) return;
  const ref = event.target.closest("a.ref");
  const mark = ref ? null : event.target.closest("mark.claim");
  if (!ref && !mark) return;
  const key = ref ? ref.hash.slice("#note-".length) : mark.dataset.mark;
  if (!notes.has(key) || String(getSelection())) return;
  event.preventDefault();
  show(key, { scroll: true });
  if (ref) notes.get(key).querySelector("summary").focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = [...notes.values()].find((note) => note.open);
  if (!open) return;
  hideAll();
  document.getElementById(`ref-${open.dataset.for}`)?.focus();
});

for (const [key, note] of notes) {
  note.addEventListener("toggle", () => {
    for (const mark of piecesOf(key)) mark.classList.toggle("chosen", note.open);
  });
  for (const name of ["mouseenter", "focusin"]) {
    note.addEventListener(name, () => piecesOf(key).forEach((mark) => mark.classList.add("near")));
  }
  for (const name of ["mouseleave", "focusout"]) {
    note.addEventListener(name, () => piecesOf(key).forEach((mark) => mark.classList.remove("near")));
  }
}

function follow() {
  const key = location.hash.slice(1).replace(/^note-/, "");
  if (notes.has(key)) show(key);
}
addEventListener("hashchange", follow);
follow();

const tally = document.getElementById("tally");
if (tally) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toggle";
  const label = () => {
    const off = document.body.classList.contains("unmarked");
    button.textContent = off ? "Show the marks" : "Hide the marks";
    button.setAttribute("aria-pressed", String(off));
  };
  button.addEventListener("click", () => {
    document.body.classList.toggle("unmarked");
    hideAll();
    label();
  });
  label();
  tally.append(" ", button);
}

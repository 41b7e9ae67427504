// The article page with scripts: a marked passage opens its note, one note is open at a time, and the
// marks can be put away. Without scripts the numbers are footnote links and the notes unfold by themselves.

const HIDDEN = "marks-hidden"; // this tab remembers it; nothing is sent anywhere
const notes = new Map([...document.querySelectorAll(".note")].map((note) => [note.dataset.for, note]));
const marks = [...document.querySelectorAll(".words mark.claim")];

const piecesOf = (key) => marks.filter((mark) => mark.dataset.mark === key);
const openNote = () => [...notes.values()].find((note) => note.open);

function show(key) {
  for (const [other, note] of notes) note.open = other === key;
  const note = notes.get(key);
  const inside = note.querySelector(".inside").getBoundingClientRect();
  if (note.getBoundingClientRect().top < 0 || inside.bottom > innerHeight) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    note.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }
}

function close() {
  for (const note of notes.values()) note.open = false;
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const ref = target.closest("a.ref");
  const mark = ref ? null : target.closest(".words mark.claim");
  if (!ref && !mark) {
    if (!target.closest(".note")) close();
    return;
  }
  // A link inside a passage is a link, and words being selected are not a choice.
  if (mark && (target.closest("a") || String(getSelection()))) return;
  const key = ref ? ref.hash.slice("#note-".length) : mark.dataset.mark;
  if (!notes.has(key)) return;
  event.preventDefault();
  if (mark && notes.get(key).open) return close();
  show(key);
  if (ref) notes.get(key).querySelector("summary").focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  const note = event.key === "Escape" && openNote();
  if (!note) return;
  close();
  document.getElementById(`ref-${note.dataset.for}`)?.focus();
});

for (const [key, note] of notes) {
  const point = (name, on) => () => piecesOf(key).forEach((mark) => mark.classList.toggle(name, on));
  note.addEventListener("toggle", () => {
    if (note.open) for (const other of notes.values()) if (other !== note) other.open = false;
    point("chosen", note.open)();
  });
  note.addEventListener("mouseenter", point("near", true));
  note.addEventListener("mouseleave", point("near", false));
  note.addEventListener("focusin", point("near", true));
  note.addEventListener("focusout", point("near", false));
}

// An address that names a passage or its note opens the note.
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
  const put = (away) => {
    document.body.classList.toggle("unmarked", away);
    button.textContent = away ? tally.dataset.show : tally.dataset.hide;
    if (away) close();
  };
  button.addEventListener("click", () => {
    const away = !document.body.classList.contains("unmarked");
    put(away);
    try {
      sessionStorage.setItem(HIDDEN, away ? "yes" : "");
    } catch {
      // A browser that keeps nothing still hides them on this page.
    }
  });
  let away = false;
  try {
    away = sessionStorage.getItem(HIDDEN) === "yes";
  } catch {
    // As above.
  }
  put(away && !location.hash);
  tally.append(button);
}

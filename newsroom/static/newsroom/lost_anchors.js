// The queue of lost anchors: keys for its buttons, and a new place by selecting text. Without this script the buttons
// and fields of the page do the same.

const rows = [...document.querySelectorAll("article.lost-anchor")];
let currentIndex = Math.max(0, rows.findIndex((row) => `#${row.id}` === location.hash));

const showRow = (index, { focus = true } = {}) => {
  if (!rows.length) return;
  currentIndex = Math.min(Math.max(index, 0), rows.length - 1);
  rows.forEach((row, place) => row.classList.toggle("current", place === currentIndex));
  if (focus) {
    rows[currentIndex].focus({ preventScroll: true });
    rows[currentIndex].scrollIntoView({ block: "nearest" });
  }
};

const isTypingIn = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTypingIn(event.target) || !rows.length) return;
  const click = (selector) => rows[currentIndex].querySelector(selector)?.click();
  const key = event.key === "a" ? "1" : event.key;
  if (key === "j") showRow(currentIndex + 1);
  else if (key === "k") showRow(currentIndex - 1);
  else if (key === "x") click("button[name=reject]");
  else if (/^[1-5]$/.test(key)) click(`button[data-key="${key}"]`);
  else return;
  event.preventDefault();
});

for (const [index, row] of rows.entries()) {
  row.addEventListener("focusin", () => showRow(index, { focus: false }));
}

const countCodePoints = (text) => [...text].length;

// Copy selected text into the row's field, and its start, in code points as on the server, into the hidden field.
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const block = range.startContainer.parentElement?.closest(".full-text [data-start]");
  const row = block?.closest("article.lost-anchor");
  if (!row || !row.contains(range.endContainer)) return;
  const text = selection.toString();
  const before = document.createRange();
  before.selectNodeContents(block);
  before.setEnd(range.startContainer, range.startOffset);
  const leadingSpaces = countCodePoints(text) - countCodePoints(text.trimStart());
  const start = Number(block.dataset.start) + countCodePoints(before.toString().trimStart()) + leadingSpaces;
  row.querySelector("textarea[name=passage]").value = text.trim();
  row.querySelector("input[name=near]").value = start;
});

document.querySelector(".keys")?.removeAttribute("hidden");
showRow(currentIndex, { focus: Boolean(location.hash) });

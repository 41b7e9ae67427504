// The queue of lost passages by keyboard, and choosing a new place by selecting it. Without this script
// the page's buttons and fields do the same.

const rows = [...document.querySelectorAll("article.lost")];
let current = Math.max(0, rows.findIndex((row) => `#${row.id}` === location.hash));

const show = (index, focus = true) => {
  if (!rows.length) return;
  current = Math.min(Math.max(index, 0), rows.length - 1);
  rows.forEach((row, number) => row.classList.toggle("current", number === current));
  if (focus) {
    rows[current].focus({ preventScroll: true });
    rows[current].scrollIntoView({ block: "nearest" });
  }
};

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !rows.length) return;
  const row = rows[current];
  const press = (selector) => row.querySelector(selector)?.click();
  const key = event.key === "a" ? "1" : event.key;
  if (key === "j") show(current + 1);
  else if (key === "k") show(current - 1);
  else if (key === "x") press("button[name=reject]");
  else if (/^[1-5]$/.test(key)) press(`button[data-key="${key}"]`);
  else return;
  event.preventDefault();
});

for (const [number, row] of rows.entries()) {
  row.addEventListener("focusin", () => show(number, false));
}

// Selected words go into the row's field, with where they begin: the server counts code points, not UTF-16.
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const from = range.startContainer.parentElement?.closest(".whole [data-start]");
  const row = from?.closest("article.lost");
  if (!row || !row.contains(range.endContainer)) return;
  const words = selection.toString();
  const ahead = document.createRange();
  ahead.selectNodeContents(from);
  ahead.setEnd(range.startContainer, range.startOffset);
  const leading = [...words].length - [...words.trimStart()].length;
  row.querySelector("textarea[name=words]").value = words.trim();
  row.querySelector("input[name=near]").value =
    Number(from.dataset.start) + [...ahead.toString().trimStart()].length + leading;
});

document.querySelector(".keys")?.removeAttribute("hidden");
show(current, Boolean(location.hash));

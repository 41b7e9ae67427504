// Fields to choose from (Select2) say their names: the library leaves its box and its search unnamed.

const nameOf = (select) => {
  const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  return select.getAttribute("aria-label") || (label ? label.textContent.trim().replace(/:$/, "") : "");
};

const nameBoxes = () => {
  for (const box of document.querySelectorAll("select.admin-autocomplete + .select2-container .select2-selection")) {
    const select = box.closest(".select2-container").previousElementSibling;
    const name = nameOf(select);
    if (name && box.getAttribute("aria-label") !== name) {
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", name);
      box.querySelector("[role=textbox]:not(input)")?.setAttribute("aria-label", name);
    }
  }
  for (const search of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    search.setAttribute("aria-label", "Search");
  }
};

const start = () => {
  nameBoxes();
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
};

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}

// Give Select2 boxes and their search fields an accessible name: Select2 leaves them unnamed.

const labelOf = (select) => {
  const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  return select.getAttribute("aria-label") || (label ? label.textContent.trim().replace(/:$/, "") : "");
};

const selectOf = (container) => container?.previousElementSibling;

const nameBoxes = () => {
  for (const box of document.querySelectorAll("select.admin-autocomplete + .select2-container .select2-selection")) {
    const name = labelOf(selectOf(box.closest(".select2-container")));
    if (name && box.getAttribute("aria-label") !== name) {
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", name);
      box.querySelector("[role=textbox]:not(input)")?.setAttribute("aria-label", name);
    }
  }
};

/** A search field is in the box itself, or in a list below the page that belongs to the box that is open. */
const nameSearchFields = () => {
  for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const openBox = document.querySelector("select + .select2-container--open");
    const select = selectOf(field.closest("select + .select2-container") ?? openBox);
    const name = select && labelOf(select);
    if (name) field.setAttribute("aria-label", name);
  }
};

const nameAll = () => {
  nameBoxes();
  nameSearchFields();
};

const start = () => {
  nameAll();
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
};

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();

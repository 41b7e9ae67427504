// A field to pick a source: an ARIA combobox. The server searches names and aliases, sources of this article first,
// and shows likely duplicates of a new name with the reason.

import { make } from "../dom.js";
import { say } from "../messages.js";

const SEARCH_DELAY_MS = 120;
let pickerCount = 0;

/**
 * Create the field. `hop` gives its value: {source, unnamed, mention}. `search(text)` resolves to suggestions.
 * `kinds` are [value, name] pairs for a new source; `mayCreate` says whether the user may create one.
 * Return {element, input, read, current}: `read()` gives {source}, or {name, kind} of a new source, or {unnamed} for
 * a speaker without a name; `current()` gives what the field shows.
 */
export const createSourcePicker = ({ hop, search, kinds, mayCreate, label }) => {
  pickerCount += 1;
  const id = `source-picker-${pickerCount}`;
  let source = hop.source ?? null;
  const unnamed = source ? null : (hop.unnamed ?? null);
  let isUnnamed = !source && unnamed !== null;
  let newKind = "";
  let options = [];
  let activeIndex = -1;
  let timer = 0;
  let lastSearch = 0;

  const list = make("ul", { id: `${id}-list`, role: "listbox", class: "options", hidden: true, "aria-label": label });
  const input = make("input", {
    type: "text",
    id,
    role: "combobox",
    dir: "auto",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "200",
    "aria-expanded": "false",
    "aria-controls": `${id}-list`,
    "aria-autocomplete": "list",
    placeholder: isUnnamed ? say("unnamed") : "",
  });
  input.value = source ? source.name : "";
  const status = make("span", { class: "picked quiet", role: "status" });
  const element = make("div", { class: "source-picker" }, make("label", { for: id }, label), input, list, status);

  const showStatus = () => {
    if (source) status.textContent = source.kind_name ?? "";
    else if (newKind) status.textContent = say("will_make", { kind: kinds.find(([value]) => value === newKind)?.[1] ?? "" });
    else status.textContent = isUnnamed && !input.value.trim() ? say("without_name") : "";
  };

  const closeList = () => {
    list.hidden = true;
    activeIndex = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const activate = (index) => {
    activeIndex = (index + options.length) % options.length;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === activeIndex)));
    input.setAttribute("aria-activedescendant", `${id}-${activeIndex}`);
    list.children[activeIndex].scrollIntoView({ block: "nearest" });
  };

  const pick = (option) => {
    const isExisting = !option.newSource && !option.unnamed;
    source = isExisting ? option : null;
    newKind = option.newSource ? option.kind : "";
    isUnnamed = Boolean(option.unnamed);
    if (isExisting) input.value = option.name;
    if (isUnnamed) input.value = "";
    closeList();
    showStatus();
  };

  const optionClass = (option) => {
    if (option.why) return "likely-duplicate";
    return option.newSource || option.unnamed ? "extra" : null;
  };

  const optionItem = (option, index) =>
    make(
      "li",
      {
        role: "option",
        id: `${id}-${index}`,
        "aria-selected": "false",
        class: optionClass(option),
        onpointerdown: (event) => {
          event.preventDefault(); // the input keeps the focus
          pick(option);
        },
      },
      make("span", { class: "name", dir: "auto" }, option.name),
      option.kind_name ? make("span", { class: "quiet" }, ` ${option.kind_name}`) : "",
      option.alias ? make("span", { class: "quiet" }, ` ${say("also_called", { name: option.alias })}`) : "",
      option.here ? make("span", { class: "quiet" }, ` · ${say("in_story")}`) : "",
      option.why ? make("span", { class: "reason" }, ` ${say("probably", { why: option.why })}`) : "",
    );

  const openList = (found) => {
    const typed = input.value.trim();
    options = [...found];
    if (typed && mayCreate && !found.some((option) => option.name.toLowerCase() === typed.toLowerCase())) {
      const newOption = ([kind, name]) => ({ newSource: true, kind, name: say("make_source", { name: typed, kind: name }) });
      options.push(...kinds.map(newOption));
    }
    options.push({ unnamed: true, name: say("choose_unnamed") });
    list.replaceChildren(...options.map(optionItem));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (typed) activate(0);
  };

  const searchNow = async () => {
    lastSearch += 1;
    const thisSearch = lastSearch;
    let found = [];
    try {
      found = await search(input.value.trim());
    } catch {
      // Without a connection a name can still be typed; the server looks it up when the claim is saved.
    }
    if (thisSearch === lastSearch && document.activeElement === input) openList(found);
  };

  const searchSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(searchNow, SEARCH_DELAY_MS);
  };

  input.addEventListener("input", () => {
    source = null;
    newKind = "";
    isUnnamed = isUnnamed && !input.value.trim();
    showStatus();
    searchSoon();
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", closeList);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) searchSoon();
      else if (event.key === "ArrowDown") activate(activeIndex + 1);
      else activate(activeIndex < 0 ? options.length - 1 : activeIndex - 1);
    } else if (event.key === "Enter" && !list.hidden && activeIndex >= 0) {
      event.preventDefault();
      event.stopPropagation();
      pick(options[activeIndex]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      closeList();
    }
  });
  showStatus();

  const read = () => {
    if (source) return { source: source.id };
    const name = input.value.trim();
    return name ? { source: null, name, kind: newKind } : { source: null, unnamed };
  };
  return { element, input, read, current: () => ({ source, name: input.value.trim() }) };
};

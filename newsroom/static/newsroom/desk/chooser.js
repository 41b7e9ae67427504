// Choosing a source while typing: an ARIA combobox. Names and aliases are searched, those of this story come first,
// likely duplicates of a new name are shown with the reason.

import { make, say } from "./words.js";

const PAUSE = 120; // milliseconds without a key before the server is asked
let made = 0;

/**
 * A field for a source. `value` is {source, unnamed, mention}; `find(words)` answers a list of suggestions.
 * Returns {element, input, read}: `read()` gives {source} or {name, kind}, or {unnamed} for somebody without a name.
 */
export const chooser = ({ value, find, kinds, mayMake, label }) => {
  made += 1;
  const id = `chooser-${made}`;
  let chosen = value.source ?? null;
  let unnamed = chosen ? null : (value.unnamed ?? null);
  let nobody = !chosen && unnamed !== null;
  let kind = "";
  let options = [];
  let active = -1;
  let timer = 0;
  let asked = 0;

  const list = make("ul", { id: `${id}-list`, role: "listbox", class: "choices", hidden: true, "aria-label": label });
  const input = make("input", {
    type: "text", id, role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "200",
    "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", placeholder: nobody ? say("unnamed") : "",
  });
  input.value = chosen ? chosen.name : "";
  const state = make("span", { class: "chosen quiet", role: "status" });
  const element = make("div", { class: "chooser" }, make("label", { for: id }, label), input, list, state);

  const describe = () => {
    if (chosen) state.textContent = chosen.kind_name ?? "";
    else if (kind) state.textContent = say("will_make", { kind: kinds.find(([one]) => one === kind)?.[1] ?? "" });
    else state.textContent = nobody && !input.value.trim() ? say("without_name") : "";
  };

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const point = (at) => {
    active = (at + options.length) % options.length;
    [...list.children].forEach((node, place) => node.setAttribute("aria-selected", String(place === active)));
    input.setAttribute("aria-activedescendant", `${id}-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  };

  const choose = (option) => {
    if (option.make) {
      chosen = null;
      kind = option.kind;
      nobody = false;
    } else if (option.nobody) {
      chosen = null;
      kind = "";
      nobody = true;
      input.value = "";
    } else {
      chosen = option;
      kind = "";
      nobody = false;
      input.value = option.name;
    }
    close();
    describe();
  };

  const open = (found) => {
    const typed = input.value.trim();
    options = [...found];
    if (typed && mayMake && !found.some((one) => one.name.toLowerCase() === typed.toLowerCase())) {
      options.push(...kinds.map(([value, name]) => ({ make: true, kind: value, name: say("make_source", { name: typed, kind: name }) })));
    }
    options.push({ nobody: true, name: say("choose_unnamed") });
    list.replaceChildren(
      ...options.map((option, at) =>
        make(
          "li",
          { role: "option", id: `${id}-${at}`, "aria-selected": "false", class: option.why ? "alike" : option.make || option.nobody ? "other" : "", onpointerdown: (event) => { event.preventDefault(); choose(option); } },
          make("span", { class: "name" }, option.name),
          option.kind_name ? make("span", { class: "quiet" }, ` ${option.kind_name}`) : "",
          option.alias ? make("span", { class: "quiet" }, ` ${say("also_called", { name: option.alias })}`) : "",
          option.here ? make("span", { class: "quiet" }, ` · ${say("in_story")}`) : "",
          option.why ? make("span", { class: "why" }, ` ${say("probably", { why: option.why })}`) : "",
        ),
      ),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (typed) point(0);
  };

  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked += 1;
      const mine = asked;
      let found = [];
      try {
        found = await find(input.value.trim());
      } catch {
        found = []; // without a connection a name can still be typed, and is found when it is saved
      }
      if (mine === asked && document.activeElement === input) open(found);
    }, PAUSE);
  };

  input.addEventListener("input", () => {
    chosen = null;
    kind = "";
    nobody = nobody && !input.value.trim();
    describe();
    ask();
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else point(active < 0 && event.key === "ArrowUp" ? options.length - 1 : active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      event.stopPropagation();
      choose(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  describe();

  const read = () => {
    if (chosen) return { source: chosen.id };
    const name = input.value.trim();
    return name ? { source: null, name, kind } : { source: null, unnamed };
  };
  return { element, input, read, shown: () => ({ source: chosen, name: input.value.trim() }) };
};

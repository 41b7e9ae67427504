// A story's text as rich text. The textarea stays what is kept and saved: what is written here is put into it, and
// what is put into it from elsewhere is taken over. Without scripts, or without the library, the textarea is all there is.

import { pasted, schema, toHtml, withScheme } from "./richness.js";
import { make } from "./telling.js";

const data = JSON.parse(document.getElementById("writing-data").textContent);
const { editor: words } = data;
const area = document.querySelector('#content-main form [name="body"]');
const label = document.querySelector(`label[for="${area.id}"]`);

// --- The toolbar ----------------------------------------------------------------------------------

const MAC = navigator.platform.startsWith("Mac");
const shown = (keys) => keys.replace("Mod", MAC ? "⌘" : "Ctrl");
const spoken = (keys) => keys.replace("Mod", MAC ? "Meta" : "Control");

/** Name, keys, what it does, and what says that it is done already (none: it is nothing that stays). */
const TOOLS = [
  ["heading", "Mod+Alt+2", (chain) => chain.toggleHeading({ level: 2 }), (editor) => editor.isActive("heading", { level: 2 })],
  ["subheading", "Mod+Alt+3", (chain) => chain.toggleHeading({ level: 3 }), (editor) => editor.isActive("heading", { level: 3 })],
  ["quotation", "Mod+Shift+B", (chain) => chain.toggleBlockquote(), (editor) => editor.isActive("blockquote")],
  ["list", "Mod+Shift+8", (chain) => chain.toggleList("bulletList", "listItem"), (editor) => editor.isActive("bulletList")],
  ["numbered", "Mod+Shift+7", (chain) => chain.toggleList("orderedList", "listItem"), (editor) => editor.isActive("orderedList")],
  null,
  ["strong", "Mod+B", (chain) => chain.toggleBold(), (editor) => editor.isActive("bold")],
  ["emphasis", "Mod+I", (chain) => chain.toggleItalic(), (editor) => editor.isActive("italic")],
  ["link", "Mod+K", null, (editor) => editor.isActive("link")],
  null,
  ["undo", "Mod+Z", (chain) => chain.undo(), null],
  ["redo", "Mod+Shift+Z", (chain) => chain.redo(), null],
];

const start = (tiptap) => {
  const { Editor } = tiptap;
  let mine = false; // whether it is this editor that writes into the textarea

  const into = (html) => {
    mine = true;
    area.value = html;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    mine = false;
  };

  // What is said of paragraphs and elements helps whoever writes HTML; an error is for everybody.
  const help = document.getElementById(`${area.id}_helptext`);
  const described = (area.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((id) => id && id !== help?.id).join(" ");

  const surface = make("div", { class: "rich-surface" });
  label.id ||= "body-label";
  const editor = new Editor({
    element: surface,
    injectCSS: false, // the policy of this site allows no style but from files; ours has what is needed
    extensions: schema(tiptap, { openLink: () => openLink() }),
    content: toHtml(area.value),
    editorProps: {
      transformPastedHTML: pasted,
      attributes: {
        class: "story rich-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        ...(described ? { "aria-describedby": described } : {}),
        ...(area.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
        lang: area.form.elements.language?.value || document.documentElement.lang,
        dir: "auto",
      },
    },
    onUpdate: () => into(editor.isEmpty ? "" : editor.getHTML()),
    onTransaction: () => refresh(),
  });

  /** The browser tells of a new selection a moment after it is made; a tool that comes sooner asks for it. */
  const upToDate = () => editor.view.domObserver.flush();

  // --- What is pressed ---

  const buttons = new Map();
  const bar = make("div", { class: "rich-bar", role: "toolbar", "aria-label": words.tools, "aria-controls": area.id });
  let group = make("span", { class: "rich-group" });
  bar.append(group);
  for (const tool of TOOLS) {
    if (!tool) {
      group = make("span", { class: "rich-group" });
      bar.append(group);
      continue;
    }
    const [name, keys, act, active] = tool;
    const press = () => {
      if (!act) return openLink();
      // At once: the library's own focus waits for a frame, and the next key would go to the button.
      upToDate();
      editor.view.focus();
      return act(editor.chain()).run();
    };
    const button = make("button", { type: "button", class: `tool tool-${name}`, title: `${words[name]} (${shown(keys)})`, "aria-keyshortcuts": spoken(keys), tabindex: "-1", onclick: press }, words[name]);
    if (active) button.setAttribute("aria-pressed", "false");
    buttons.set(button, { active, act });
    group.append(button);
  }
  const source = make("button", { type: "button", class: "tool tool-html", "aria-pressed": "false", tabindex: "-1", onclick: () => toggle() }, words.html);
  bar.append(make("span", { class: "rich-group rich-last" }, source));

  // A tool that is clicked leaves the text in focus and its words selected.
  bar.addEventListener("mousedown", (event) => event.preventDefault());

  // One stop of the tab key for the whole bar, the arrows within (ARIA Authoring Practices, Toolbar).
  const all = [...bar.querySelectorAll("button")];
  all[0].tabIndex = 0;
  const stopAt = (button) => {
    for (const one of all) one.tabIndex = one === button ? 0 : -1;
  };
  bar.addEventListener("focusin", (event) => stopAt(event.target));
  bar.addEventListener("keydown", (event) => {
    const usable = all.filter((one) => !one.disabled);
    const at = usable.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    usable.at(to % usable.length).focus();
  });

  let due = false;
  const refresh = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      for (const [button, { active }] of buttons) if (active) button.setAttribute("aria-pressed", String(active(editor)));
    });
  };

  // --- Links ---

  const address = make("input", { type: "text", inputmode: "url", id: "rich-address", class: "vTextField", autocomplete: "off", spellcheck: "false" });
  const wrong = make("p", { class: "rich-wrong", role: "alert" });
  const setLink = () => {
    const href = withScheme(address.value);
    if (!href) {
      wrong.textContent = words.no_address;
      address.setAttribute("aria-invalid", "true");
      address.focus();
      return;
    }
    editor.view.focus();
    const chain = editor.chain();
    // With nothing selected there are no words to make a link of: the address itself becomes them.
    if (editor.state.selection.empty && !editor.isActive("link")) chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
    closeLink();
  };
  const removeLink = () => {
    editor.view.focus();
    editor.commands.unsetLink();
    closeLink();
  };
  const remove = make("button", { type: "button", class: "tool", onclick: removeLink }, words.no_link);
  const panel = make(
    "div",
    { class: "rich-link", role: "group", "aria-label": words.link, hidden: true },
    make("label", { for: "rich-address" }, words.address),
    address,
    make("button", { type: "button", class: "tool", onclick: setLink }, words.set_link),
    remove,
    wrong,
  );
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeLink();
      editor.commands.focus();
    } else if (event.key === "Enter" && event.target === address) {
      event.preventDefault(); // or the whole form would be saved
      setLink();
    }
  });
  // What is typed into the panel is no word of the story.
  panel.addEventListener("input", (event) => event.stopPropagation());
  const closeLink = () => {
    panel.hidden = true;
  };
  const openLink = () => {
    if (!area.hidden) return;
    upToDate();
    editor.commands.extendMarkRange("link"); // at its end one is in it too
    address.value = editor.getAttributes("link").href ?? "";
    address.removeAttribute("aria-invalid");
    wrong.textContent = "";
    remove.hidden = !editor.isActive("link");
    panel.hidden = false;
    address.focus();
    address.select();
  };

  // --- The textarea beside it ---

  const toggle = () => {
    const html = area.hidden;
    if (!html) take();
    area.hidden = !html;
    surface.hidden = html;
    name();
    closeLink();
    source.setAttribute("aria-pressed", String(html));
    for (const button of buttons.keys()) button.disabled = html;
  };
  /** The field's name and help are those of whichever of the two is shown. */
  const name = () => {
    label.htmlFor = area.hidden ? "" : area.id;
    if (help) help.hidden = area.hidden;
  };
  const take = () => {
    editor.commands.setContent(toHtml(area.value), { emitUpdate: false });
  };
  area.addEventListener("input", () => {
    if (!mine && area.hidden) take();
  });
  // Whoever sends the focus to the textarea means the text.
  label.addEventListener("click", (event) => {
    if (!area.hidden) return;
    event.preventDefault();
    editor.commands.focus();
  });
  area.focus = () => (area.hidden ? editor.commands.focus() : HTMLElement.prototype.focus.call(area));

  const box = make("div", { class: "rich" }, bar, panel, surface);
  area.before(box);
  box.append(area);
  area.hidden = true;
  name();
  document.documentElement.dataset.editor = "ready";
};

// A library that does not come leaves the textarea as it is.
if (area) import(document.getElementById("editor-library").href).then(start, () => {});

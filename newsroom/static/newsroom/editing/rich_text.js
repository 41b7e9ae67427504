// The text of an article as rich text. The textarea stays the form's field: what is written here is copied into it,
// and what other scripts put into it is taken over. Without scripts, or without the library, it is a plain textarea.

import { make } from "../dom.js";
import { cleanPastedHtml, createExtensions, toHtml, toHref } from "./rich_text_schema.js";

const IS_MAC = navigator.platform.startsWith("Mac");
const displayKeys = (keys) => keys.replace("Mod", IS_MAC ? "⌘" : "Ctrl");
const ariaKeys = (keys) => keys.replace("Mod", IS_MAC ? "Meta" : "Control");

/** Groups of tools: [name, keys, what it does (null: it opens the link panel), whether it is on (null: never)]. */
const TOOL_GROUPS = [
  [
    ["heading", "Mod+Alt+2", (chain) => chain.toggleHeading({ level: 2 }), (editor) => editor.isActive("heading", { level: 2 })],
    ["subheading", "Mod+Alt+3", (chain) => chain.toggleHeading({ level: 3 }), (editor) => editor.isActive("heading", { level: 3 })],
    ["quotation", "Mod+Shift+B", (chain) => chain.toggleBlockquote(), (editor) => editor.isActive("blockquote")],
    ["list", "Mod+Shift+8", (chain) => chain.toggleList("bulletList", "listItem"), (editor) => editor.isActive("bulletList")],
    ["numbered", "Mod+Shift+7", (chain) => chain.toggleList("orderedList", "listItem"), (editor) => editor.isActive("orderedList")],
  ],
  [
    ["bold", "Mod+B", (chain) => chain.toggleBold(), (editor) => editor.isActive("bold")],
    ["italic", "Mod+I", (chain) => chain.toggleItalic(), (editor) => editor.isActive("italic")],
    ["link", "Mod+K", null, (editor) => editor.isActive("link")],
  ],
  [
    ["undo", "Mod+Z", (chain) => chain.undo(), null],
    ["redo", "Mod+Shift+Z", (chain) => chain.redo(), null],
  ],
];

const start = (tiptap, textarea, label, messages) => {
  let isWritingTextarea = false;

  const writeTextarea = (html) => {
    isWritingTextarea = true;
    textarea.value = html;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    isWritingTextarea = false;
  };

  // The help text explains HTML: it belongs to the textarea only. Errors belong to both.
  const help = document.getElementById(`${textarea.id}_helptext`);
  const describedBy = (textarea.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((id) => id && id !== help?.id);

  const surface = make("div", { class: "rich-surface" });
  label.id ||= "body-label";
  const editor = new tiptap.Editor({
    element: surface,
    injectCSS: false, // the Content-Security-Policy allows styles from files only; editing.css has them
    extensions: createExtensions(tiptap, { openLink: () => openLinkPanel() }),
    content: toHtml(textarea.value),
    editorProps: {
      transformPastedHTML: cleanPastedHtml,
      attributes: {
        class: "article-text rich-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        ...(describedBy.length ? { "aria-describedby": describedBy.join(" ") } : {}),
        ...(textarea.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
        lang: textarea.form.elements.language?.value || document.documentElement.lang,
        dir: "auto",
      },
    },
    onUpdate: () => writeTextarea(editor.isEmpty ? "" : editor.getHTML()),
    onTransaction: () => updateToolsSoon(),
  });

  /** Read the selection now: the browser reports a new one a moment late. */
  const flushSelection = () => editor.view.domObserver.flush();

  // --- Toolbar ---

  const runTool = (command) => {
    if (!command) return openLinkPanel();
    flushSelection();
    // The editor's own focus command waits for a frame: the next key would go to the button.
    editor.view.focus();
    return command(editor.chain()).run();
  };

  const tools = []; // {button, isOn}
  const createTool = ([name, keys, command, isOn]) => {
    const button = make(
      "button",
      {
        type: "button",
        class: `tool tool-${name}`,
        title: `${messages[name]} (${displayKeys(keys)})`,
        "aria-keyshortcuts": ariaKeys(keys),
        "aria-pressed": isOn ? "false" : null,
        tabindex: "-1",
        onclick: () => runTool(command),
      },
      messages[name],
    );
    tools.push({ button, isOn });
    return button;
  };
  const htmlButton = make(
    "button",
    { type: "button", class: "tool tool-html", "aria-pressed": "false", tabindex: "-1", onclick: () => toggleHtml() },
    messages.html,
  );
  const toolbar = make(
    "div",
    { class: "rich-bar", role: "toolbar", "aria-label": messages.tools, "aria-controls": textarea.id },
    ...TOOL_GROUPS.map((group) => make("span", { class: "rich-group" }, ...group.map(createTool))),
    make("span", { class: "rich-group rich-group-end" }, htmlButton),
  );

  // A click on a tool leaves the focus in the text, and its selection.
  toolbar.addEventListener("mousedown", (event) => event.preventDefault());

  // The toolbar is one tab stop; arrow keys move within it (ARIA Authoring Practices, Toolbar).
  const buttons = [...toolbar.querySelectorAll("button")];
  const setTabStop = (stop) => {
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  };
  setTabStop(buttons[0]);
  toolbar.addEventListener("focusin", (event) => setTabStop(event.target));
  toolbar.addEventListener("keydown", (event) => {
    const enabled = buttons.filter((button) => !button.disabled);
    const index = enabled.indexOf(document.activeElement);
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    enabled.at(target % enabled.length).focus();
  });

  let isUpdateScheduled = false;
  const updateToolsSoon = () => {
    if (isUpdateScheduled) return;
    isUpdateScheduled = true;
    requestAnimationFrame(() => {
      isUpdateScheduled = false;
      for (const { button, isOn } of tools) if (isOn) button.setAttribute("aria-pressed", String(isOn(editor)));
    });
  };

  // --- Link panel ---

  const urlInput = make("input", {
    type: "text",
    inputmode: "url",
    id: "rich-url",
    class: "vTextField",
    autocomplete: "off",
    spellcheck: "false",
  });
  const urlError = make("p", { class: "rich-error", role: "alert" });
  const closeLinkPanel = () => {
    linkPanel.hidden = true;
  };
  const setLink = () => {
    const href = toHref(urlInput.value);
    if (!href) {
      urlError.textContent = messages.bad_url;
      urlInput.setAttribute("aria-invalid", "true");
      urlInput.focus();
      return;
    }
    editor.view.focus();
    if (editor.state.selection.empty && !editor.isActive("link")) {
      // Nothing is selected: the URL becomes the text of the link.
      editor.chain().insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
    } else editor.chain().setLink({ href }).run();
    closeLinkPanel();
  };
  const removeLink = () => {
    editor.view.focus();
    editor.commands.unsetLink();
    closeLinkPanel();
  };
  const removeButton = make("button", { type: "button", class: "tool", onclick: removeLink }, messages.remove_link);
  const linkPanel = make(
    "div",
    { class: "rich-link", role: "group", "aria-label": messages.link, hidden: true },
    make("label", { for: "rich-url" }, messages.url),
    urlInput,
    make("button", { type: "button", class: "tool", onclick: setLink }, messages.set_link),
    removeButton,
    urlError,
  );
  linkPanel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeLinkPanel();
      editor.commands.focus();
    } else if (event.key === "Enter" && event.target === urlInput) {
      event.preventDefault(); // Enter would submit the whole form
      setLink();
    }
  });
  // What is typed into the panel is not text of the article: hide it from autosave.
  linkPanel.addEventListener("input", (event) => event.stopPropagation());
  const openLinkPanel = () => {
    if (!textarea.hidden) return;
    flushSelection();
    editor.commands.extendMarkRange("link"); // also if the caret is at the end of a link
    urlInput.value = editor.getAttributes("link").href ?? "";
    urlInput.removeAttribute("aria-invalid");
    urlError.textContent = "";
    removeButton.hidden = !editor.isActive("link");
    linkPanel.hidden = false;
    urlInput.focus();
    urlInput.select();
  };

  // --- Rich text or HTML ---

  const readTextarea = () => {
    editor.commands.setContent(toHtml(textarea.value), { emitUpdate: false });
  };
  /** Give the label and the help text to the one of the two that is shown. */
  const updateLabel = () => {
    label.htmlFor = textarea.hidden ? "" : textarea.id;
    if (help) help.hidden = textarea.hidden;
  };
  const toggleHtml = () => {
    const showsHtml = textarea.hidden;
    if (!showsHtml) readTextarea();
    textarea.hidden = !showsHtml;
    surface.hidden = showsHtml;
    updateLabel();
    closeLinkPanel();
    htmlButton.setAttribute("aria-pressed", String(showsHtml));
    for (const { button } of tools) button.disabled = showsHtml;
  };
  textarea.addEventListener("input", () => {
    if (!isWritingTextarea && textarea.hidden) readTextarea();
  });
  label.addEventListener("click", (event) => {
    if (!textarea.hidden) return;
    event.preventDefault();
    editor.commands.focus();
  });
  // Other scripts focus the textarea: lead them to the editor while it is shown.
  textarea.focus = () => (textarea.hidden ? editor.commands.focus() : HTMLElement.prototype.focus.call(textarea));

  const box = make("div", { class: "rich" }, toolbar, linkPanel, surface);
  textarea.before(box);
  box.append(textarea);
  textarea.hidden = true;
  updateLabel();
  document.documentElement.dataset.editor = "ready";
};

const textarea = document.querySelector('#content-main form [name="body"]');
const label = textarea && document.querySelector(`label[for="${textarea.id}"]`);
const data = document.getElementById("autosave-data");
const library = document.getElementById("editor-library");
if (textarea && label && data && library) {
  const { editor_messages: messages } = JSON.parse(data.textContent);
  // Without the library the plain textarea stays.
  import(library.href).then((tiptap) => start(tiptap, textarea, label, messages), () => {});
}

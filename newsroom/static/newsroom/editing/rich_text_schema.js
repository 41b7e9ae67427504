// What the text of an article may contain: the same elements that the server keeps when it sanitises HTML. Pasted text
// is reduced to them at once, so that editors see what will be stored.

/** Tags that tell HTML from plain text. The server uses the same list. */
const HTML_TAG = /<\/?(?:p|h2|h3|blockquote|ul|ol|li|a|strong|em|br|sub|sup)\b[^<>]*>/i;
const BLANK_LINES = /\n[^\S\n]*\n\s*/;
/** URLs that a link may have, as on the server. */
const ALLOWED_URL = /^(?:https?:|mailto:|\/(?!\/)|#)/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const DOMAIN = /^[^\s/?#@]+\.[^\s/?#@]{2,}(?:[/?#]\S*)?$/;

const escapeHtml = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Return the textarea's HTML. Plain text becomes paragraphs; blank lines separate them. */
export const toHtml = (text) => {
  if (HTML_TAG.test(text)) return text;
  const paragraphs = text.replace(/\r\n/g, "\n").trim().split(BLANK_LINES);
  return paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph.replace(/\s+/g, " "))}</p>`).join("\n");
};

/** Return a typed URL as a link's href. "example.org" gets https://. Empty if it is not a URL that a link may have. */
export const toHref = (typed) => {
  const url = typed.trim();
  if (/\s/.test(url)) return "";
  if (ALLOWED_URL.test(url)) return url;
  return !SCHEME.test(url) && DOMAIN.test(url) ? `https://${url}` : "";
};

const TAG = /<[a-z][^>]*>/gi;
const STYLE_SHEETS = /<style\b[\s\S]*?(?:<\/style\s*>|$)/gi;
/** The element that says what a style shows. */
const ELEMENTS_FOR_STYLES = [
  ["strong", /font-weight:\s*(?:bold|[6-9]00)/i],
  ["em", /font-style:\s*italic/i],
  ["sub", /vertical-align:\s*sub/i],
  ["sup", /vertical-align:\s*super/i],
];
const NOT_STRONG = /font-weight:\s*(?:normal|[1-5]00)/i;

/**
 * Return pasted HTML without styles; bold, italic, sub and sup styles become elements. The Content-Security-Policy blocks
 * inline styles. Without this the editor would make everything from Google Docs bold: it comes in a <b> styled as normal.
 */
export const cleanPastedHtml = (html) => {
  const inertHtml = html.replace(STYLE_SHEETS, "").replace(TAG, (tag) => tag.replace(/(\s)(style|on\w+)(\s*=)/gi, "$1data-pasted-$2$3"));
  const { body } = new DOMParser().parseFromString(inertHtml, "text/html");
  for (const node of body.querySelectorAll("[data-pasted-style]")) {
    const style = node.dataset.pastedStyle;
    if (node.matches("b, strong") && NOT_STRONG.test(style)) node.replaceWith(...node.childNodes);
    else if (node.matches("span, font")) {
      for (const [element] of ELEMENTS_FOR_STYLES.filter(([, pattern]) => pattern.test(style))) {
        const wrapper = node.ownerDocument.createElement(element);
        wrapper.append(...node.childNodes);
        node.append(wrapper);
      }
    }
  }
  return body.innerHTML;
};

/** Return the Tiptap extensions for such a text. Mod+K calls `openLink`. */
export const createExtensions = (tiptap, { openLink }) => {
  const { Blockquote, BulletList, Document, HardBreak, Heading, ListItem, Node, Paragraph, Text, UndoRedo } = tiptap;
  const { Bold, Italic, Link, Subscript, Superscript } = tiptap; // marks
  return [
    Document,
    Paragraph,
    Text,
    Heading.configure({ levels: [2, 3] }),
    // Blocks do not nest: a quotation contains paragraphs, a list item contains text.
    Blockquote.extend({ content: "paragraph+" }),
    BulletList,
    Node.create({
      name: "orderedList",
      group: "block list",
      content: "listItem+",
      parseHTML: () => [{ tag: "ol" }],
      renderHTML: () => ["ol", 0],
      addKeyboardShortcuts() {
        return { "Mod-Shift-7": () => this.editor.commands.toggleList("orderedList", "listItem") };
      },
    }),
    // Tab moves the focus, here as everywhere: Tiptap's own list item indents instead.
    ListItem.extend({
      content: "paragraph",
      addKeyboardShortcuts() {
        return { Enter: () => this.editor.commands.splitListItem(this.name) };
      },
    }),
    HardBreak,
    Bold,
    Italic,
    Subscript,
    Superscript,
    Link.extend({
      addAttributes: () => ({ href: { default: null } }),
      // Tiptap's own shortcut opens a browser prompt.
      addKeyboardShortcuts: () => ({
        "Mod-k": () => {
          openLink();
          return true;
        },
      }),
    }).configure({
      openOnClick: false,
      autolink: false,
      HTMLAttributes: { target: null, rel: null, class: null },
      isAllowedUri: (uri) => ALLOWED_URL.test(uri),
    }),
    UndoRedo,
  ];
};

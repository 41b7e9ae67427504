// What a story's text may be made of: the blocks and the forms of words of articles/text/body.py, and nothing else. What is
// pasted is reduced to them at once, so that whoever writes sees what will be stored.

/** What shows that somebody wrote HTML, as in articles/editing/revisions.py. */
const MARKUP = /<\/?(?:p|h2|h3|blockquote|ul|ol|li|a|strong|em|br|sub|sup)\b[^<>]*>/i;
const BLANK_LINES = /\n[^\S\n]*\n\s*/;
/** Where a link may lead, as in articles/text/body.py. */
const LINK = /^(?:https?:|mailto:|\/(?!\/)|#)/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const DOMAIN = /^[^\s/?#@]+\.[^\s/?#@]{2,}(?:[/?#]\S*)?$/;

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** HTML of what stands in the textarea: that HTML, or plain paragraphs with blank lines between them. */
export const toHtml = (written) => {
  if (MARKUP.test(written)) return written;
  const paragraphs = written.replace(/\r\n/g, "\n").trim().split(BLANK_LINES);
  return paragraphs.map((one) => `<p>${escaped(one.replace(/\s+/g, " "))}</p>`).join("\n");
};

/** The address as a link takes it, "example.org" being one too; empty for what is none. */
export const withScheme = (typed) => {
  const address = typed.trim();
  if (/\s/.test(address)) return "";
  if (LINK.test(address)) return address;
  return !SCHEME.test(address) && DOMAIN.test(address) ? `https://${address}` : "";
};

const TAG = /<[a-z][^>]*>/gi;
const STYLE_SHEETS = /<style\b[\s\S]*?(?:<\/style\s*>|$)/gi;
/** What a style that is pasted means by it. */
const MEANINGS = [
  ["strong", /font-weight:\s*(?:bold|[6-9]00)/i],
  ["em", /font-style:\s*italic/i],
  ["sub", /vertical-align:\s*sub/i],
  ["sup", /vertical-align:\s*super/i],
];
const NOT_STRONG = /font-weight:\s*(?:normal|[1-5]00)/i;

/**
 * Pasted HTML without styles, those that mean something said with elements. The site's policy applies no style that
 * stands in HTML, so that the library would take all that Google Docs gives it (in a <b> styled not to be bold) for bold.
 */
export const pasted = (html) => {
  const inert = html.replace(STYLE_SHEETS, "").replace(TAG, (tag) => tag.replace(/(\s)(style|on\w+)(\s*=)/gi, "$1data-pasted-$2$3"));
  const { body } = new DOMParser().parseFromString(inert, "text/html");
  for (const node of body.querySelectorAll("[data-pasted-style]")) {
    const style = node.dataset.pastedStyle;
    if (node.matches("b, strong") && NOT_STRONG.test(style)) node.replaceWith(...node.childNodes);
    else if (node.matches("span, font")) {
      for (const [element] of MEANINGS.filter(([, said]) => said.test(style))) {
        const meaning = node.ownerDocument.createElement(element);
        meaning.append(...node.childNodes);
        node.append(meaning);
      }
    }
  }
  return body.innerHTML;
};

/** The library's extensions that make up such a text. `openLink` is called for Mod+K. */
export const schema = (tiptap, { openLink }) => {
  const { Blockquote, Bold, BulletList, Document, HardBreak, Heading, Italic, Link, ListItem, Node, Paragraph, Subscript, Superscript, Text, UndoRedo } = tiptap;
  return [
    Document,
    Paragraph,
    Text,
    Heading.configure({ levels: [2, 3] }),
    // Blocks do not nest: a quotation has paragraphs, an item of a list has words.
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
    // The tab key goes on to what stands next on the page, here as elsewhere.
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
      // Instead of the library's own dialogue.
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
      isAllowedUri: (uri) => LINK.test(uri),
    }),
    UndoRedo,
  ];
};

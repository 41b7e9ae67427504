// Read the selection in the article's text as offsets.

import { toCodePoints } from "./text_offsets.js";

/** Return the text of a node. A line break counts as one space, as on the server. */
export const textOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeName === "BR") return " ";
  return [...node.childNodes].map(textOf).join("");
};

/** Count the code units of a block's text before a point of the DOM. */
const countUnitsBefore = (block, node, offset) => {
  const range = document.createRange();
  range.selectNodeContents(block);
  range.setEnd(node, offset);
  return textOf(range.cloneContents()).length;
};

/** Return the selected [start, end] in code points, one pair per block. Empty if nothing in the text is selected. */
export const selectedSpans = (articleText) => {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return [];
  const range = selection.getRangeAt(0);
  const spans = [];
  for (const block of articleText.querySelectorAll(".block")) {
    if (!range.intersectsNode(block)) continue;
    const text = textOf(block);
    const startsInBlock = block.contains(range.startContainer) && block !== range.startContainer;
    const endsInBlock = block.contains(range.endContainer) && block !== range.endContainer;
    const start = startsInBlock ? countUnitsBefore(block, range.startContainer, range.startOffset) : 0;
    const end = endsInBlock ? countUnitsBefore(block, range.endContainer, range.endOffset) : text.length;
    const span = toCodePoints(text, start, end, Number(block.dataset.start));
    if (span) spans.push(span);
  }
  return spans;
};

// What is selected in the story, as places in its text.

import { spanIn } from "./offsets.js";

/** The code units of a block's text that stand before a point of the DOM; a line break is one, as in the text. */
const unitsBefore = (block, node, offset) => {
  const range = document.createRange();
  range.selectNodeContents(block);
  range.setEnd(node, offset);
  return textOf(range.cloneContents()).length;
};

/** The text of a block or of a part of one, a line break being a space. */
export const textOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeName === "BR") return " ";
  return [...node.childNodes].map(textOf).join("");
};

/** The selected places: [[start, end], …], a place a block, in code points. Empty where nothing in the story is. */
export const selectedSpans = (story) => {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return [];
  const range = selection.getRangeAt(0);
  const spans = [];
  for (const block of story.querySelectorAll(".block")) {
    if (!range.intersectsNode(block)) continue;
    const text = textOf(block);
    const begins = block.contains(range.startContainer) && block !== range.startContainer;
    const ends = block.contains(range.endContainer) && block !== range.endContainer;
    const start = begins ? unitsBefore(block, range.startContainer, range.startOffset) : 0;
    const end = ends ? unitsBefore(block, range.endContainer, range.endOffset) : text.length;
    const span = spanIn(text, start, end, Number(block.dataset.start));
    if (span) spans.push(span);
  }
  return spans;
};

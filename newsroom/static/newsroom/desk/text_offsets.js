// Offsets in a text. Browsers count UTF-16 code units, the server counts Unicode code points: a character beyond the
// basic plane (an emoji, a rare ideograph) is two code units and one code point. No DOM here.

/** Count the code points in the first `units` code units of a text. Half a surrogate pair counts as the whole pair. */
export const countCodePoints = (text, units = text.length) => {
  let count = 0;
  for (let index = 0; index < units && index < text.length; count += 1) {
    index += text.codePointAt(index) > 0xffff ? 2 : 1;
  }
  return count;
};

/**
 * Convert a selection in one block to [start, end] in code points of the whole text, without white space at its ends.
 * `start` and `end` are code units in the block; the block begins at code point `blockStart` of the whole text.
 * Return null if only white space is selected.
 */
export const toCodePoints = (text, start, end, blockStart) => {
  const selected = text.slice(start, end);
  const leading = selected.length - selected.trimStart().length;
  const trailing = selected.length - selected.trimEnd().length;
  if (leading + trailing >= selected.length) return null;
  return [blockStart + countCodePoints(text, start + leading), blockStart + countCodePoints(text, end - trailing)];
};

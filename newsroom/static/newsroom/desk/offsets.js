// Places in a text. A browser counts UTF-16 code units, the newsroom counts Unicode code points: a character
// beyond the basic plane (an emoji, a rare ideograph) is two of the former and one of the latter. No DOM here.

/** How many code points the first `units` code units of a text are. Half a surrogate pair counts with its pair. */
export const codePoints = (text, units = text.length) => {
  let count = 0;
  for (let at = 0; at < units && at < text.length; count += 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return count;
};

/**
 * A selected part of one block as code points of the whole text, without the white space at its ends.
 * `start` and `end` are code units of the block's own text, `from` is where the block begins in the whole, in
 * code points. Null where nothing but white space is selected.
 */
export const spanIn = (text, start, end, from) => {
  const words = text.slice(start, end);
  const lead = words.length - words.trimStart().length;
  const trail = words.length - words.trimEnd().length;
  if (lead + trail >= words.length) return null;
  return [from + codePoints(text, start + lead), from + codePoints(text, end - trail)];
};

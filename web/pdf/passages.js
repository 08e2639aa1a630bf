// Where a passage stands in the texts of its page, for pages of which the server has no rectangles.

const LETTERS = /[\p{L}\p{N}]/u;

/**
 * Find a passage by its letters and digits alone: PDFs differ in how they write spaces, punctuation and radicals.
 * @param {string[]} pieces the texts of a page, in reading order
 * @param {string} quote
 * @returns {{ piece: number, start: number, end: number }[]} the parts of the pieces (in UTF-16 units) that hold the
 *   quote; none where it does not stand there as a whole
 */
export function findQuote(pieces, quote) {
  const wanted = letters(quote, 0);
  const all = pieces.flatMap(letters);
  const from = all.findIndex((_, index) => wanted.every(({ form }, offset) => form === all[index + offset]?.form));
  if (from < 0 || wanted.length === 0) return [];
  const byPiece = Map.groupBy(all.slice(from, from + wanted.length), ({ piece }) => piece);
  return [...byPiece].map(([piece, found]) => ({ piece, start: found[0].start, end: found[found.length - 1].end }));
}

/** @param {string} text @param {number} piece @returns its letters in one form, and where each stands */
function letters(text, piece) {
  const found = [];
  let start = 0;
  for (const character of text) {
    const end = start + character.length;
    for (const form of character.normalize("NFKC").toLowerCase()) if (LETTERS.test(form)) found.push({ form, piece, start, end });
    start = end;
  }
  return found;
}

// Where a cited passage stands on its page: by the server's rectangles, or where it gave none, by its words.

/** @typedef {[number, number, number, number]} Rect */
/** @typedef {{ left: number, top: number, width: number, height: number }} Box shares of the page's width and height */

const LETTERS = /[\p{L}\p{N}]/u;
const SAME_LINE = 0.5; // of the lower box's height; boxes that overlap this much stand on one line

/**
 * @param {{ width: number, height: number }} page in points, as it is displayed: rotated and cropped
 * @param {Rect[]} rects `[x0, y0, x1, y1]` in points from its top left corner
 * @returns {Box[]} what is outside of the page is left out
 */
export function boxesOfRects(page, rects) {
  return rects.flatMap((rect) => boxOfRect(page, rect));
}

/** @param {{ width: number, height: number }} page @param {Rect} rect @returns {Box[]} none where nothing of it is on the page */
function boxOfRect({ width, height }, rect) {
  const [x0, y0] = [Math.max(0, rect[0]), Math.max(0, rect[1])];
  const [x1, y1] = [Math.min(width, rect[2]), Math.min(height, rect[3])];
  if (x1 <= x0 || y1 <= y0) return [];
  return [{ left: x0 / width, top: y0 / height, width: (x1 - x0) / width, height: (y1 - y0) / height }];
}

/**
 * @param {Box[]} boxes in reading order, such as one a word
 * @returns {Box[]} one a line, so that marks that lie side by side look like one
 */
export function joinedLines(boxes) {
  /** @type {Box[]} */
  const lines = [];
  for (const box of boxes) {
    const line = lines.at(-1);
    if (!line || !isSameLine(line, box)) {
      lines.push({ ...box });
      continue;
    }
    const right = Math.max(line.left + line.width, box.left + box.width);
    const bottom = Math.max(line.top + line.height, box.top + box.height);
    line.left = Math.min(line.left, box.left);
    line.top = Math.min(line.top, box.top);
    line.width = right - line.left;
    line.height = bottom - line.top;
  }
  return lines;
}

/** @param {Box} one @param {Box} other */
function isSameLine(one, other) {
  const overlap = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  const gap = Math.max(one.left, other.left) - Math.min(one.left + one.width, other.left + other.width);
  return overlap > SAME_LINE * Math.min(one.height, other.height) && gap < 2 * Math.max(one.height, other.height);
}

/**
 * Find a passage by its letters and digits alone: PDFs differ in how they write spaces, punctuation and radicals.
 * @param {string[]} pieces the texts of a page, in reading order
 * @param {string} quote
 * @returns {{ piece: number, start: number, end: number }[]} the parts of the pieces (in UTF-16 units) that hold the
 *   quote; none where it does not stand there as a whole
 */
export function findQuote(pieces, quote) {
  const wanted = letters(quote).text;
  const all = pieces.map(letters);
  const from = wanted ? all.map(({ text }) => text).join("").indexOf(wanted) : -1;
  if (from < 0) return [];
  const to = from + wanted.length;
  const found = [];
  let at = 0;
  for (const [piece, { text, starts, ends }] of all.entries()) {
    const first = Math.max(from - at, 0);
    const last = Math.min(to - at, text.length) - 1;
    if (first <= last) found.push({ piece, start: starts[first], end: ends[last] });
    at += text.length;
  }
  return found;
}

/**
 * @param {string} text
 * @returns {{ text: string, starts: number[], ends: number[] }} its letters in one form, and where each stood
 */
function letters(text) {
  let kept = "";
  const starts = [];
  const ends = [];
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    for (const form of character.normalize("NFKC").toLowerCase()) {
      if (!LETTERS.test(form)) continue;
      kept += form;
      for (let unit = 0; unit < form.length; unit += 1) {
        starts.push(at);
        ends.push(end);
      }
    }
    at = end;
  }
  return { text: kept, starts, ends };
}

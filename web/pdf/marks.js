// Draws the marks of a cited passage over the pages of a PDF; shares of the page, so that zooming moves nothing.

import { boxesOfRects, findQuote, joinedLines } from "./passages.js";

/** @import { PDFPageView } from "pdfjs-dist/types/web/pdf_page_view" */
/** @import { Box, Rect } from "./passages.js" */

/**
 * `rects` are empty where none is known; an `isOther` passage is another one of the same answer, and only hinted at.
 * @typedef {{ page: number, rects: Rect[], quote: string, isOther: boolean }} Passage
 */

/**
 * Mark passages on the page they stand on, once that is drawn; without rectangles the words are looked for, and what
 * cannot be located is not marked.
 * @param {PDFPageView} view
 * @param {Passage[]} passages
 */
export function markPassages(view, passages) {
  clearMarks(view.div);
  const layer = document.createElement("div");
  layer.className = "marks";
  for (const { rects, quote, isOther } of passages) {
    const boxes = rects.length > 0 ? boxesOfRects(pointsOf(view), rects) : boxesOfQuote(view, quote);
    layer.append(...joinedLines(boxes).map((box) => mark(box, isOther)));
  }
  if (layer.firstChild) view.div.append(layer);
}

/** @param {PDFPageView} view @returns {{ width: number, height: number }} of the page as it is displayed */
function pointsOf({ viewport: { rawDims, rotation } }) {
  const { pageWidth, pageHeight } = /** @type {{ pageWidth: number, pageHeight: number }} */ (rawDims);
  const isTurned = rotation % 180 !== 0;
  return isTurned ? { width: pageHeight, height: pageWidth } : { width: pageWidth, height: pageHeight };
}

/** @param {Element} root */
export function clearMarks(root) {
  for (const layer of root.querySelectorAll(".marks")) layer.remove();
}

/** @param {Box} box @param {boolean} isOther */
function mark({ left, top, width, height }, isOther) {
  const element = document.createElement("div");
  element.className = isOther ? "mark other" : "mark";
  Object.assign(element.style, {
    left: percent(left),
    top: percent(top),
    width: percent(width),
    height: percent(height),
  });
  return element;
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(3)}%`;
}

/**
 * @param {PDFPageView} view
 * @param {string} quote
 * @returns {Box[]} none where the page has no text layer yet, or not these words
 */
function boxesOfQuote(view, quote) {
  const layer = view.div.querySelector(".textLayer");
  if (!layer) return [];
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  const paper = view.div.getBoundingClientRect();
  const x = paper.left + view.div.clientLeft;
  const y = paper.top + view.div.clientTop;
  const found = findQuote(texts.map(({ data }) => data), quote).flatMap(({ piece, start, end }) => {
    const range = document.createRange();
    range.setStart(texts[piece], start);
    range.setEnd(texts[piece], end);
    return [...range.getClientRects()];
  });
  const rects = found.map(({ left, top, right, bottom }) => /** @type {Rect} */ ([left - x, top - y, right - x, bottom - y]));
  return boxesOfRects({ width: view.div.clientWidth, height: view.div.clientHeight }, rects);
}

// Draws the marks of cited passages over the pages of a PDF; shares of the page, so that zooming moves nothing.

import { findQuote } from "./passages.js";

/** @import { PDFPageView } from "pdfjs-dist/types/web/pdf_page_view" */

/** @typedef {Citation["rects"][number]} Rect */

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
    for (const rect of rects.length > 0 ? rects : rectsOfQuote(view, quote)) {
      const place = placeOf(sizeOf(view), rect);
      if (place) layer.append(mark(place, isOther));
    }
  }
  if (layer.firstChild) view.div.append(layer);
}

/** @param {PDFPageView} view @returns {{ width: number, height: number }} of the page as it is displayed, in points */
function sizeOf({ viewport: { rawDims, rotation } }) {
  const { pageWidth, pageHeight } = /** @type {{ pageWidth: number, pageHeight: number }} */ (rawDims);
  const isTurned = rotation % 180 !== 0;
  return isTurned ? { width: pageHeight, height: pageWidth } : { width: pageWidth, height: pageHeight };
}

/** @param {Element} root */
export function clearMarks(root) {
  for (const layer of root.querySelectorAll(".marks")) layer.remove();
}

/** @param {{ width: number, height: number }} page @param {Rect} rect @returns its styles; null where nothing of it is on the page */
export function placeOf({ width, height }, rect) {
  const [x0, y0] = [Math.max(0, rect[0]), Math.max(0, rect[1])];
  const [x1, y1] = [Math.min(width, rect[2]), Math.min(height, rect[3])];
  if (x1 <= x0 || y1 <= y0) return null;
  return {
    left: percent(x0 / width),
    top: percent(y0 / height),
    width: percent((x1 - x0) / width),
    height: percent((y1 - y0) / height),
  };
}

/** @param {Partial<CSSStyleDeclaration>} place @param {boolean} isOther */
function mark(place, isOther) {
  const element = document.createElement("div");
  element.className = isOther ? "mark other" : "mark";
  Object.assign(element.style, place);
  return element;
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(3)}%`;
}

/** @param {PDFPageView} view @param {string} quote @returns {Rect[]} none where the page has no text layer yet, or not these words */
function rectsOfQuote(view, quote) {
  const layer = view.div.querySelector(".textLayer");
  if (!layer || !quote) return [];
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  const found = findQuote(texts.map(({ data }) => data), quote).flatMap(({ piece, start, end }) => {
    const range = document.createRange();
    range.setStart(texts[piece], start);
    range.setEnd(texts[piece], end);
    return [...range.getClientRects()];
  });
  const paper = layer.getBoundingClientRect();
  const scale = paper.width / sizeOf(view).width;
  return found.map(({ left, top, right, bottom }) => {
    const [x0, y0, x1, y1] = [left - paper.left, top - paper.top, right - paper.left, bottom - paper.top];
    return [x0 / scale, y0 / scale, x1 / scale, y1 / scale];
  });
}

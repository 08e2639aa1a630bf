// Draws marks of cited passages over the pages of a PDF, placed in per cent, so that zooming does not move them.

/** @import { PDFPageView } from "pdfjs-dist/types/web/pdf_page_view" */

/** @typedef {Citation["rects"][number]} Rect */

/**
 * `isOther`: another passage of the same answer, marked more lightly.
 * @typedef {{ page: number, rects: Rect[], isOther: boolean }} Passage
 */

/** Mark those passages that are on this page, once it is drawn. @param {PDFPageView} view @param {Passage[]} passages */
export function markPassages(view, passages) {
  clearMarks(view.div);
  const layer = document.createElement("div");
  layer.className = "marks";
  for (const { rects, isOther } of passages) {
    for (const place of rects.map((rect) => placeOf(sizeOf(view), rect)).filter((each) => each !== null)) {
      const mark = document.createElement("div");
      mark.className = isOther ? "mark other" : "mark";
      Object.assign(mark.style, place);
      layer.append(mark);
    }
  }
  view.div.append(layer);
}

/** @param {PDFPageView} view @returns {{ width: number, height: number }} of the displayed page, in points */
function sizeOf({ viewport: { rawDims, rotation } }) {
  const { pageWidth, pageHeight } = /** @type {{ pageWidth: number, pageHeight: number }} */ (rawDims);
  const isTurned = rotation % 180 !== 0;
  return isTurned ? { width: pageHeight, height: pageWidth } : { width: pageWidth, height: pageHeight };
}

/** @param {Element} root */
export function clearMarks(root) {
  for (const layer of root.querySelectorAll(".marks")) layer.remove();
}

/** @param {{ width: number, height: number }} page @param {Rect} rect @returns its styles; null if it is entirely outside of the page */
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

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(3)}%`;
}

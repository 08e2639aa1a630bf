// pdf.js's viewer, which shows one PDF at a time: page, zoom, marks of passages, and search.

import { clearMarks, markPassages } from "./marks.js";

/** @import { PDFDocumentProxy } from "../lib/pdf.js" */
/** @import { PdfJs } from "./documents.js" */
/** @import { Passage } from "./marks.js" */

const READING_LINE = 1 / 3; // of the height: a passage is scrolled to this place
const PASSAGE_SHARE = 0.92; // of the width: what a passage takes after zooming to it
const LEAST_LINE_PX = 15; // height of a line after zooming to a passage: letters of 12 px
const MOST_LINE_PX = 26;
const TOUCHES = ["wheel", "pointerdown", "touchstart", "keydown"];
const CURRENT = ".mark:not(.other)";
const FIT = "page-width";
const KEPT_SCALE = "documind.zoom";

export class Pages {
  #container;
  #eventBus;
  #links;
  #viewer;
  /** @type {Passage[]} */ #passages = [];
  #zoomsToPassage = false;
  #isAimed = false; // until the reader scrolls, the passage is kept in place while pages get their sizes
  #scale = localStorage.getItem(KEPT_SCALE) ?? FIT;
  #resize = new ResizeObserver(() => this.#fit());

  /** @param {PdfJs["parts"]} parts @param {HTMLDivElement} container @param {PagesOptions} options */
  constructor({ EventBus, PDFLinkService, PDFFindController, PDFViewer, LinkTarget }, container, options) {
    this.#container = container;
    this.#eventBus = new EventBus();
    this.#links = new PDFLinkService({ eventBus: this.#eventBus, externalLinkTarget: LinkTarget.BLANK });
    const findController = new PDFFindController({ eventBus: this.#eventBus, linkService: this.#links });
    this.#viewer = new PDFViewer({
      container,
      eventBus: this.#eventBus,
      linkService: this.#links,
      findController,
      annotationMode: 1,
      removePageBorders: true,
    });
    this.#links.setViewer(this.#viewer);
    this.#resize.observe(container);
    for (const touch of TOUCHES) container.addEventListener(touch, () => (this.#isAimed = false), { passive: true });
    this.#listen(options);
  }

  /** @param {PagesOptions} options */
  #listen({ onPage, onScale, onFound }) {
    this.#eventBus.on("pagechanging", (/** @type {{ pageNumber: number }} */ { pageNumber }) =>
      onPage((this.#isAimed && this.#passages[0]?.page) || pageNumber),
    );
    this.#eventBus.on("scalechanging", (/** @type {{ scale: number }} */ { scale }) => onScale(scale));
    this.#eventBus.on("pagerendered", (/** @type {{ pageNumber: number }} */ { pageNumber }) => this.#mark(pageNumber));
    this.#eventBus.on("updatefindmatchescount", (/** @type {any} */ { matchesCount }) => onFound(matchesCount));
    this.#eventBus.on("updatefindcontrolstate", (/** @type {any} */ { state, matchesCount }) =>
      onFound(state === 1 ? null : matchesCount),
    );
  }

  /** @returns {PDFDocumentProxy} the shown PDF */
  get pdf() {
    return /** @type {PDFDocumentProxy} */ (this.#viewer.pdfDocument);
  }

  get total() {
    return this.#viewer.pagesCount;
  }

  /** Show a PDF from its first page on. @param {PDFDocumentProxy} pdf */
  async setDocument(pdf) {
    this.#passages = [];
    this.#viewer.setDocument(pdf);
    this.#links.setDocument(pdf);
    await this.#viewer.firstPagePromise;
    this.#fit();
  }

  close() {
    this.#resize.disconnect();
    const stop = () => this.#viewer.setDocument(/** @type {any} */ (null)); // stops drawing; the document itself is kept
    Promise.resolve(this.#viewer.pagesPromise).then(stop, stop); // not earlier: pdf.js still requests pages until then
  }

  /** @param {number} number */
  goTo(number) {
    this.#isAimed = false;
    this.#viewer.scrollPageIntoView({ pageNumber: Math.min(Math.max(1, number), this.total) });
  }

  /**
   * Scroll to a passage and mark it, and the others of its answer, such as its end on the next page.
   * @param {Passage[]} passages the first is scrolled to
   * @param {boolean} zooms whether to zoom so that the passage fills the width
   */
  async showPassages(passages, zooms) {
    this.#passages = passages;
    this.#zoomsToPassage = zooms;
    clearMarks(this.#container);
    if (!zooms) this.#fit();
    const number = passages[0]?.page;
    if (!number || number > this.total) return;
    this.#isAimed = false;
    this.#viewer.scrollPageIntoView({ pageNumber: number });
    this.#isAimed = true;
    for (const page of new Set(passages.map((passage) => passage.page))) this.#mark(page);
    await this.#viewer.pagesPromise; // until then earlier pages may have other sizes than pdf.js assumed
    if (this.#passages === passages && this.#isAimed) this.#aim();
  }

  /** @param {string} scale a number, "page-width" or "page-fit" */
  setScale(scale) {
    this.#scale = scale;
    localStorage.setItem(KEPT_SCALE, scale);
    this.#zoomsToPassage = false;
    this.#fit();
  }

  /** @param {1 | -1} direction */
  zoom(direction) {
    this.#viewer.updateScale({ steps: direction });
    this.setScale(String(this.#viewer.currentScale));
  }

  /** @param {string} query empty: end the search @param {"" | "again"} type @param {boolean} isBackwards */
  find(query, type, isBackwards) {
    this.#isAimed = false;
    this.#eventBus.dispatch(query ? "find" : "findbarclose", {
      source: this,
      type,
      query,
      caseSensitive: false,
      entireWord: false,
      highlightAll: true,
      findPrevious: isBackwards,
      matchDiacritics: false,
    });
  }

  #fit() {
    if (!this.total || !this.#container.clientWidth) return;
    if (this.#zoomsToPassage) return;
    this.#viewer.currentScaleValue = this.#scale;
    if (this.#isAimed) this.#aim();
  }

  /** @param {number} number of a page that was just drawn */
  #mark(number) {
    const passages = this.#passages.filter(({ page }) => page === number);
    const view = this.#viewer.getPageView(number - 1);
    if (passages.length === 0 || !view?.pdfPage) return;
    markPassages(view, passages);
    if (this.#isAimed) this.#aim();
  }

  /** Scroll the first marked line to the reading line, once its page is drawn. */
  #aim() {
    const view = this.#viewer.getPageView((this.#passages[0]?.page ?? 1) - 1);
    const first = /** @type {HTMLElement | null} */ (view?.div.querySelector(CURRENT) ?? null);
    if (!first) return;
    if (this.#zoomsToPassage) this.#zoomTo(view.div);
    const top = view.div.offsetTop + view.div.clientTop + first.offsetTop;
    this.#container.scrollTop = top - this.#container.clientHeight * READING_LINE;
    const width = this.#container.clientWidth;
    const [left, right] = edgesOf(view.div);
    const start = Math.max(left, first.offsetLeft - width * 0.6); // otherwise the line would begin outside of the view
    const margin = Math.max(width * 0.04, (width - (right - left)) / 2);
    this.#container.scrollLeft = Math.max(0, start + view.div.offsetLeft - margin);
  }

  /** @param {HTMLElement} paper */
  #zoomTo(paper) {
    const [left, right] = edgesOf(paper);
    const fits = (this.#container.clientWidth * PASSAGE_SHARE) / (right - left);
    const line_px = /** @type {HTMLElement} */ (paper.querySelector(CURRENT)).offsetHeight;
    const factor = Math.min(MOST_LINE_PX / line_px, Math.max(fits, LEAST_LINE_PX / line_px));
    const scale = this.#viewer.currentScale * factor;
    if (Math.abs(scale / this.#viewer.currentScale - 1) > 0.02) this.#viewer.currentScaleValue = String(scale);
  }
}

/** @param {HTMLElement} paper @returns {[number, number]} left and right edge of the shown passage on it, in pixels */
function edgesOf(paper) {
  const marks = [...paper.querySelectorAll(CURRENT)].map((mark) => /** @type {HTMLElement} */ (mark));
  const right = Math.max(...marks.map(({ offsetLeft, offsetWidth }) => offsetLeft + offsetWidth));
  return [Math.min(...marks.map(({ offsetLeft }) => offsetLeft)), right];
}

// The PDF beside the chat: opens it at a passage, and loads links and the words of passages.

import { quoteKey } from "./state.js";

/** @import { View } from "./protocol.d.ts" */

const HIDE_AFTER_MS = 200;
const RENEW_BEFORE_S = 10; // before a link expires; it is used at once, but clocks differ

export class Viewing {
  #page;
  /** @type {import("./pdf/documents.js").PdfDocuments | null} */ documents = null; // made with the first shown PDF
  /** @type {Map<string, View>} by document id: the newest link */ #links = new Map();
  /** @type {number | undefined} */ #hideTimer;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * Show a PDF beside the chat.
   * @param {string} document_id
   * @param {{ citation?: Citation | null, citations?: Citation[], page?: number }} [at] the passage, one of those that
   *   can be stepped through, or the page to open it at
   */
  async open(document_id, { citation = null, citations = [], page = citation?.page ?? 1 } = {}) {
    const { viewer: before, room } = this.#page.state;
    if (room && !room.stale && !this.#page.document(document_id)) {
      this.#page.store.set({ notice: "deleted_document", card: null });
      return;
    }
    const is_full = before?.is_full ?? false;
    const viewer = { document_id, page, citation, citations, error: null, is_full };
    this.#page.store.set({ viewer, card: null, menu_open: false, notice: null });
    try {
      const view = await this.#view(citation ?? { document_id, page });
      if (!citation) return;
      if (citation.rects.length === 0) this.#change(viewer, { rects: view.rects });
      this.#keepQuote(citation, view.quote);
      for (const each of onPagesAround(citation, citations)) this.loadQuote(each);
    } catch (error) {
      this.#change(viewer, { error: this.#page.sentence(error) });
    }
  }

  close() {
    this.#page.store.set({ viewer: null });
  }

  /** @param {1 | -1} direction to the next or the previous citation of the answer; without an open PDF, of the newest answer */
  step(direction) {
    const { viewer, room } = this.#page.state;
    const newest = room?.messages.findLast((message) => message.citations.length > 0)?.citations;
    if (!viewer && newest) this.open(newest[0].document_id, { citation: newest[0], citations: newest });
    if (!viewer?.citation) return;
    const { citation, citations } = viewer;
    const next = citations[citations.findIndex(({ number }) => number === citation.number) + direction];
    if (next) this.open(next.document_id, { citation: next, citations });
  }

  /** @param {Partial<ViewerState>} values of the shown PDF, such as the page to which the reader has scrolled */
  update(values) {
    const { viewer } = this.#page.state;
    if (viewer) this.#page.store.set({ viewer: { ...viewer, ...values } });
  }

  /**
   * @param {string} document_id
   * @param {boolean} renew whether the previous link failed
   * @returns {Promise<string>} a link to the PDF that is valid for at least some seconds
   */
  async link(document_id, renew = false) {
    const known = this.#links.get(document_id);
    const isGood = known && known.expires_at - RENEW_BEFORE_S > Date.now() / 1000;
    if (isGood && !renew) return known.url;
    return (await this.#view({ document_id, page: 1 })).url;
  }

  /** @param {Citation} citation whose words are to be loaded */
  async loadQuote(citation) {
    if (citation.quote !== null || quoteKey(citation) in this.#page.state.quotes) return;
    const view = await this.#view(citation).catch(() => null);
    if (view) this.#keepQuote(citation, view.quote);
  }

  /**
   * Show the card of a citation beside its number.
   * @param {Citation} citation
   * @param {Citation[]} citations of the same answer
   * @param {HTMLElement} anchor
   */
  showCard(citation, citations, anchor) {
    this.keepCard();
    this.#page.store.set({ card: { citation, citations, anchor } });
    for (const each of onPagesAround(citation, citations)) this.loadQuote(each);
  }

  /** Hide the card after a moment: the pointer may be moving to it. */
  hideCardSoon() {
    this.keepCard();
    this.#hideTimer = setTimeout(() => this.hideCard(), HIDE_AFTER_MS);
  }

  keepCard() {
    clearTimeout(this.#hideTimer);
  }

  hideCard() {
    this.keepCard();
    if (this.#page.state.card) this.#page.store.set({ card: null });
  }

  /** @param {ViewerState} viewer the state to change, unless it was replaced meanwhile @param {Partial<ViewerState>} values */
  #change(viewer, values) {
    const now = this.#page.state.viewer;
    if (now?.document_id === viewer.document_id && now.citation === viewer.citation) this.update(values);
  }

  /** @param {Citation} citation @param {string} quote */
  #keepQuote(citation, quote) {
    this.#page.store.update((state) => ({ ...state, quotes: { ...state.quotes, [quoteKey(citation)]: quote } }));
  }

  /** @param {{ document_id: string, page: number, start?: number, end?: number }} passage @returns {Promise<View>} */
  async #view({ document_id, page, start = 0, end = 0 }) {
    /** @type {View} */
    const view = await this.#page.request({ type: "document.view", document_id, page, start, end });
    this.#links.set(document_id, view);
    return view;
  }
}

/**
 * @param {Citation} citation
 * @param {Citation[]} citations
 * @returns {Citation[]} it and those of the same document on the adjacent pages, where it may continue
 */
function onPagesAround({ document_id, page }, citations) {
  return citations.filter((each) => each.document_id === document_id && Math.abs(each.page - page) <= 1);
}

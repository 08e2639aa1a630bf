// The PDF beside the chat, with the cited passage marked.

import { Component, createRef } from "../lib/preact.js";
import { loadPdfJs, PdfDocuments } from "../pdf/documents.js";
import { Pages } from "../pdf/pages.js";
import { wholePassage, wordsOf } from "../state.js";
import { html } from "../view.js";
import { FindBar } from "./find_bar.js";
import { IconButton } from "./icon.js";
import { PdfToolbar } from "./pdf_toolbar.js";
import { Splitter } from "./split.js";
import { Thumbnails } from "./thumbnails.js";

/** @import { Passage } from "../pdf/marks.js" */

const NARROW = "(max-width: 51.25em)"; // as in the style sheets

/** @typedef {import("./find_bar.js").Matches} Matches */
/** @typedef {{ total: number, scale: number, failed: boolean, finding: boolean, hasThumbnails: boolean, matches: Matches }} Shown */

/** @extends {Component<{ page: Page, viewer: ViewerState }, Shown>} */
export class Viewer extends Component {
  /** @type {Shown} */
  state = { total: 0, scale: 1, failed: false, finding: false, hasThumbnails: false, matches: undefined };
  /** @type {import("../lib/preact.js").RefObject<HTMLDivElement | null>} */ #container = createRef();
  /** @type {import("../lib/preact.js").RefObject<HTMLElement | null>} */ #panel = createRef();
  /** @type {Pages | null} */ #pages = null;
  /** @type {string | null} */ #shown = null; // id of the document that is loaded or being loaded
  /** @type {Element | null} */ #openedFrom = null;

  componentDidMount() {
    this.#openedFrom = document.activeElement;
    this.#panel.current?.focus();
    this.#show();
  }

  /** @param {{ viewer: ViewerState }} before @param {Shown} shown */
  componentDidUpdate({ viewer: before }, { total }) {
    const { document_id, citation, rects, error, is_full } = this.props.viewer;
    const isOther = before.citation !== citation || before.rects !== rects;
    if (before.document_id !== document_id || (before.error && !error)) this.#show();
    else if (isOther || before.is_full !== is_full || total !== this.state.total) this.#goTo();
  }

  componentWillUnmount() {
    this.#pages?.close();
    this.#shown = null;
    if (this.#openedFrom instanceof HTMLElement) this.#openedFrom.focus(); // keyboard users continue where they were
    this.props.page.viewing.hideCard(); // shown by the focus
  }

  async #show() {
    const { page, viewer } = this.props;
    const { document_id } = viewer;
    this.#shown = document_id;
    this.setState({ total: 0, failed: false, hasThumbnails: false, matches: undefined });
    try {
      const { parts } = await loadPdfJs();
      const { viewing } = page;
      const size_bytes = page.document(document_id)?.size_bytes ?? 0;
      viewing.documents ??= new PdfDocuments();
      const pdf = await viewing.documents.open(document_id, size_bytes, (renew) => viewing.link(document_id, renew));
      if (this.#shown !== document_id) return; // meanwhile another one was opened, or it was closed
      this.#pages ??= this.#makePages(parts);
      await this.#pages.setDocument(pdf);
      if (this.#shown === document_id) this.setState({ total: pdf.numPages });
    } catch (error) {
      if (this.#shown !== document_id) return;
      console.error(error);
      this.setState({ failed: true });
    }
  }

  /** @param {import("../pdf/documents.js").PdfJs["parts"]} parts */
  #makePages(parts) {
    const { viewing } = this.props.page;
    return new Pages(parts, /** @type {HTMLDivElement} */ (this.#container.current), {
      onPage: (page) => viewing.update({ page }),
      onScale: (scale) => this.setState({ scale }),
      onFound: (matches) => this.setState({ matches }),
    });
  }

  #goTo() {
    const { page, citation } = this.props.viewer;
    if (!this.#pages || this.state.total === 0) return; // not loaded yet
    const isHalf = matchMedia(NARROW).matches && citation !== null;
    this.#pages.showPassages(this.#passages(), isHalf);
    if (!citation) this.#pages.goTo(page);
  }

  /** @returns {Passage[]} passages to mark: the citation, then the others of its answer in the same document */
  #passages() {
    const { page, viewer } = this.props;
    const { document_id, citation, citations, rects = [] } = viewer;
    if (!citation) return [];
    const whole = wholePassage(page.state, citation, citations);
    const known = citation.rects.length > 0 ? citation.rects : rects;
    const others = citations.filter((each) => each.document_id === document_id && each.number !== citation.number);
    return [
      { page: citation.page, rects: known, isOther: false },
      ...others.map((each) => ({ page: each.page, rects: each.rects, isOther: !whole.includes(each) })),
    ];
  }

  #again() {
    const { page, viewer } = this.props;
    page.viewing.open(viewer.document_id, viewer);
    this.#show();
  }

  #toggleFind = () => {
    if (this.state.finding) this.#pages?.find("", "", false);
    this.setState({ finding: !this.state.finding, matches: undefined });
  };

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const isFind = event.key === "f" && (event.ctrlKey || event.metaKey);
    if (isFind) {
      event.preventDefault();
      if (!this.state.finding && this.state.total > 0) this.#toggleFind();
    } else if (event.key === "Escape" && this.state.finding) {
      event.stopPropagation();
      this.#toggleFind();
      this.#panel.current?.focus();
    }
  };

  render() {
    const { page, viewer } = this.props;
    const { t } = page;
    const { total, failed, finding, matches, hasThumbnails } = this.state;
    const error = viewer.error ?? (failed ? t.pdf_failed : null);
    const { citation, citations } = viewer;
    const words = citation ? wordsOf(page.state, wholePassage(page.state, citation, citations)) : "";
    const half = citation && !viewer.is_full ? "half" : "";
    return html`
      <aside class=${`viewer ${half}`} aria-label=${t.document} tabindex="-1" ref=${this.#panel} onKeyDown=${this.#key}>
        <${Splitter} label=${t.split} />
        <${ViewerHead} page=${page} viewer=${viewer} />
        <${PdfToolbar} ...${this.state} page=${page} viewer=${viewer} pages=${this.#pages}
          onFind=${this.#toggleFind} onThumbnails=${() => this.setState({ hasThumbnails: !hasThumbnails })} />
        ${finding && html`<${FindBar} t=${t} pages=${this.#pages} matches=${matches} onClose=${this.#toggleFind} />`}
        ${words && html`<blockquote class="viewer-quote" dir="auto">${words}</blockquote>`}
        <div class="viewer-pages">
          ${error && html`<div class="empty" role="alert">
            <p>${error}</p>
            <button type="button" onClick=${() => this.#again()}>${t.retry}</button>
          </div>`}
          ${!error && total === 0 && html`<p class="empty" role="status">${t.loading}</p>`}
          ${hasThumbnails && html`<${Thumbnails} t=${t} pages=${this.#pages} number=${viewer.page} />`}
          <div class="pdf-container" ref=${this.#container} tabindex="0" aria-label=${t.pages_label} role="region">
            <div class="pdfViewer"></div>
          </div>
        </div>
      </aside>
    `;
  }
}

/** @param {{ page: Page, viewer: ViewerState }} props */
function ViewerHead({ page, viewer }) {
  const { t } = page;
  const { citation, citations, document_id } = viewer;
  const name = page.documentName(document_id);
  const index = citation ? citations.findIndex(({ number }) => number === citation.number) : -1;
  return html`
    <div class="viewer-head">
      <h2 dir="auto" title=${name}>${name}</h2>
      ${index >= 0 && citations.length > 1 && html`<div class="steps" role="group" aria-label=${t.citations}>
        <${IconButton} icon="chevron-up" label=${t.previous_citation} disabled=${index === 0}
          onClick=${() => page.viewing.step(-1)} />
        <span class="count">${t.number_of(index + 1, citations.length)}</span>
        <${IconButton} icon="chevron-down" label=${t.next_citation} disabled=${index === citations.length - 1}
          onClick=${() => page.viewing.step(1)} />
      </div>`}
      <button type="button" class="quiet expand" onClick=${() => page.viewing.update({ is_full: true })}>${t.expand}</button>
      <${IconButton} icon="x" label=${t.close} onClick=${() => page.navigation.closeDocument()} />
    </div>
  `;
}

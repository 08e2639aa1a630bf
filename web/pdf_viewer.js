// The PDF beside the chat; pdf.js is loaded when the first PDF is opened.

import { Component, createRef } from "./lib/preact.js";
import { html } from "./view.js";

/** @import { Page } from "./page.js" */
/** @import { Viewer } from "./types.d.ts" */

/** @typedef {{ library: typeof import("./lib/pdf.js"), parts: typeof import("./lib/pdf_viewer.js") }} PdfJs */

/** @type {Promise<PdfJs> | null} */
let pdfJs = null;

/** @extends {Component<{ page: Page, viewer: Viewer }, { number: number, total: number, failed: boolean }>} */
export class PdfViewer extends Component {
  state = { number: 0, total: 0, failed: false };
  /** @type {import("./lib/preact.js").RefObject<HTMLDivElement | null>} */ #container = createRef();
  /** @type {import("./lib/preact.js").RefObject<HTMLElement | null>} */ #panel = createRef();
  /** @type {import("./lib/pdf_viewer.js").PDFViewer | null} */ #pages = null;
  /** @type {import("./lib/pdf_viewer.js").PDFLinkService | null} */ #links = null;
  /** @type {import("./lib/pdf.js").PDFDocumentLoadingTask | null} */ #loading = null;
  /** @type {string | null} */ #shown = null; // the document that is loaded or being loaded
  /** @type {Element | null} */ #openedFrom = null;
  #resize = new ResizeObserver(() => this.#fit());

  componentDidMount() {
    this.#openedFrom = document.activeElement;
    this.#panel.current?.focus();
    if (this.#container.current) this.#resize.observe(this.#container.current);
    this.#show();
  }

  /** @param {{ viewer: Viewer }} before */
  componentDidUpdate(before) {
    if (before.viewer !== this.props.viewer) this.#show();
  }

  componentWillUnmount() {
    this.#resize.disconnect();
    this.#loading?.destroy();
    if (this.#openedFrom instanceof HTMLElement) this.#openedFrom.focus(); // a keyboard goes on where it was
  }

  async #show() {
    const { document_id, page, view } = this.props.viewer;
    if (this.#shown === document_id) this.#goTo(page);
    else if (view) await this.#load(document_id, view.url);
  }

  /**
   * @param {string} document_id
   * @param {string} url
   */
  async #load(document_id, url) {
    this.#shown = document_id;
    this.setState({ number: 0, total: 0, failed: false });
    try {
      const { library, parts } = await loadPdfJs();
      await this.#loading?.destroy();
      this.#pages ??= this.#makePages(parts);
      this.#loading = library.getDocument({
        url,
        cMapUrl: address("lib/cmaps/"),
        standardFontDataUrl: address("lib/standard_fonts/"),
        wasmUrl: address("lib/wasm/"),
        useWasm: false, // the Content-Security-Policy has no 'wasm-unsafe-eval'; pdf.js brings the same in JavaScript
      });
      const pdf = await this.#loading.promise;
      if (this.#shown !== document_id) return;
      this.#pages.setDocument(pdf);
      this.#links?.setDocument(pdf);
      this.setState({ total: pdf.numPages });
    } catch (error) {
      if (this.#shown !== document_id) return; // another was opened meanwhile
      console.error(error);
      this.#shown = null;
      this.setState({ failed: true });
    }
  }

  /** @param {PdfJs["parts"]} parts */
  #makePages({ EventBus, PDFLinkService, PDFViewer: Pages, LinkTarget }) {
    const eventBus = new EventBus();
    this.#links = new PDFLinkService({ eventBus, externalLinkTarget: LinkTarget.BLANK });
    const container = /** @type {HTMLDivElement} */ (this.#container.current);
    const pages = new Pages({ container, eventBus, linkService: this.#links, annotationMode: 1 });
    this.#links.setViewer(pages);
    eventBus.on("pagesinit", () => {
      this.#fit();
      this.#goTo(this.props.viewer.page);
    });
    eventBus.on("pagechanging", (/** @type {{ pageNumber: number }} */ { pageNumber }) =>
      this.setState({ number: pageNumber }),
    );
    return pages;
  }

  #fit() {
    if (this.#pages?.pagesCount) this.#pages.currentScaleValue = "page-width";
  }

  /** @param {number} number */
  #goTo(number) {
    if (!this.#pages?.pagesCount) return;
    this.#pages.scrollPageIntoView({ pageNumber: Math.min(Math.max(1, number), this.#pages.pagesCount) });
    this.setState({ number: this.#pages.currentPageNumber });
  }

  render() {
    const { page, viewer } = this.props;
    const { number, total, failed } = this.state;
    const { t } = page;
    const quote = viewer.citation?.quote ?? (viewer.citation && viewer.view?.quote);
    const error = viewer.error ?? (failed ? t.pdf_failed : null);
    return html`
      <aside class="viewer" aria-label=${t.document} tabindex="-1" ref=${this.#panel}>
        <div class="viewer-head">
          <h2 title=${page.documentName(viewer.document_id)}>${page.documentName(viewer.document_id)}</h2>
          <${Tool} sign="✕" label=${t.close} onClick=${() => page.closeDocument()} />
        </div>
        ${quote && html`<blockquote class="viewer-quote">${quote}</blockquote>`}
        <div class="viewer-pages">
          ${error && html`<p class="empty" role="alert">${error}</p>`}
          ${!error && total === 0 && html`<p class="empty" role="status">${t.loading}</p>`}
          <div class="pdf-container" ref=${this.#container} tabindex="0"><div class="pdfViewer"></div></div>
        </div>
        <div class="viewer-foot">
          <${Tool} sign="‹" label=${t.previous_page} disabled=${number <= 1} onClick=${() => this.#goTo(number - 1)} />
          <span role="status">${total ? t.page_of(number, total) : ""}</span>
          <${Tool} sign="›" label=${t.next_page} disabled=${number >= total} onClick=${() => this.#goTo(number + 1)} />
          <span class="space"></span>
          <${Tool} sign="−" label=${t.zoom_out} onClick=${() => this.#pages?.decreaseScale()} />
          <${Tool} sign="+" label=${t.zoom_in} onClick=${() => this.#pages?.increaseScale()} />
        </div>
      </aside>
    `;
  }
}

/** @param {{ sign: string, label: string, disabled?: boolean, onClick: () => void }} props */
function Tool({ sign, label, disabled, onClick }) {
  return html`<button class="icon" aria-label=${label} title=${label} disabled=${disabled} onClick=${onClick}>${sign}</button>`;
}

/** @returns {Promise<PdfJs>} */
function loadPdfJs() {
  pdfJs ??= (async () => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = address("lib/pdf_viewer.css");
    document.head.prepend(style); // our own style goes on top
    const library = await import("./lib/pdf.js");
    library.GlobalWorkerOptions.workerSrc = address("lib/pdf.worker.js");
    return { library, parts: await import("./lib/pdf_viewer.js") }; // takes the library from a global that it leaves
  })();
  return pdfJs;
}

/** @param {string} path beside this file */
function address(path) {
  return new URL(path, import.meta.url).href;
}

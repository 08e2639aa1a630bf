// Loads pdf.js with the first PDF, and keeps opened PDFs, so that they are not loaded again.

import { assetUrl } from "../addresses.js";

/** @import { PDFDocumentLoadingTask, PDFDocumentProxy } from "../lib/pdf.js" */

const MOST_KEPT = 4;
const PART_BYTES = 512 * 1024; // per request

/**
 * Returns a link to a PDF; links are short-lived, so a part that is loaded later may need a new one.
 * @typedef {(renew: boolean) => Promise<string>} Link
 */
/** @typedef {{ task: PDFDocumentLoadingTask, pdf: Promise<PDFDocumentProxy> }} Opened `pdf` resolves once it can be shown */

export class PdfDocuments {
  /** @type {Map<string, Opened>} by document id, the one used last at the end */
  #opened = new Map();

  /**
   * @param {string} document_id
   * @param {number} size_bytes
   * @param {Link} link
   * @returns {Promise<PDFDocumentProxy>} rejected if it cannot be loaded; the next opening tries again
   */
  async open(document_id, size_bytes, link) {
    const opened = this.#opened.get(document_id) ?? (await start(size_bytes, link, () => this.drop(document_id)));
    this.#opened.delete(document_id);
    this.#opened.set(document_id, opened);
    for (const [oldest] of [...this.#opened].slice(0, -MOST_KEPT)) this.drop(oldest);
    try {
      return await opened.pdf;
    } catch (error) {
      this.drop(document_id);
      throw error;
    }
  }

  /** @param {string} document_id of a document that was deleted or is no longer used */
  drop(document_id) {
    this.#opened.get(document_id)?.task.destroy().catch(() => undefined); // it rejects while loading
    this.#opened.delete(document_id);
  }

  clear() {
    for (const document_id of [...this.#opened.keys()]) this.drop(document_id);
  }
}

/**
 * @param {number} size_bytes
 * @param {Link} link
 * @param {() => void} onFailure called when a part cannot be loaded, also after the promise has resolved
 * @returns {Promise<Opened>}
 */
async function start(size_bytes, link, onFailure) {
  const { library } = await loadPdfJs();
  const read = partReader(link);
  const range = new library.PDFDataRangeTransport(size_bytes, null);
  const task = library.getDocument({ ...resources(), range, rangeChunkSize: PART_BYTES });
  const { promise: failure, reject } = Promise.withResolvers(); // pdf.js itself would wait for a failed part for ever
  range.requestDataRange = async (begin, end) => {
    try {
      range.onDataRange(begin, await read(begin, end));
    } catch (error) {
      reject(error);
      onFailure();
    }
  };
  return { task, pdf: Promise.race([task.promise, failure]) };
}

/** @param {Link} link */
function partReader(link) {
  /** @type {ArrayBuffer | null} */
  let whole = null;
  /** @param {number} begin @param {number} end @returns {Promise<Uint8Array>} the bytes from `begin` up to `end` */
  return async function read(begin, end) {
    if (whole) return new Uint8Array(whole.slice(begin, end));
    for (const renew of [false, true]) {
      const response = await fetch(await link(renew), { headers: { Range: `bytes=${begin}-${end - 1}` } });
      if (response.status === 403 && !renew) continue; // the link has expired
      if (!response.ok) throw new Error(`PDF: ${response.status}`);
      const bytes = await response.arrayBuffer();
      if (response.status === 206) return new Uint8Array(bytes);
      whole = bytes; // a server without range requests sends the whole file
      return new Uint8Array(whole.slice(begin, end));
    }
    throw new Error("PDF: no link");
  };
}

/** @typedef {{ library: typeof import("../lib/pdf.js"), parts: typeof import("../lib/pdf_viewer.js") }} PdfJs */

/** @type {Promise<PdfJs> | null} */
let loading = null;

/** @returns {Promise<PdfJs>} */
export function loadPdfJs() {
  loading ??= load().catch((error) => {
    loading = null; // the next opening tries again
    throw error;
  });
  return loading;
}

async function load() {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = assetUrl("lib/pdf_viewer.css");
  document.head.prepend(style); // before the page's own styles, which override it
  const library = await import("../lib/pdf.js");
  library.GlobalWorkerOptions.workerSrc = assetUrl("lib/pdf.worker.js");
  return { library, parts: await import("../lib/pdf_viewer.js") }; // it uses a global that the library sets
}

/** @returns options of pdf.js: addresses of files that some PDFs need */
function resources() {
  return {
    cMapUrl: assetUrl("lib/cmaps/"),
    standardFontDataUrl: assetUrl("lib/standard_fonts/"),
    wasmUrl: assetUrl("lib/wasm/"),
    useWasm: false, // the Content-Security-Policy has no 'wasm-unsafe-eval'; pdf.js has JavaScript versions
  };
}

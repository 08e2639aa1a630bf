// pdf.js, loaded when the first PDF is opened.

import { assetUrl } from "../view.js";

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
  document.head.prepend(style); // our own style goes on top
  const library = await import("../lib/pdf.js");
  library.GlobalWorkerOptions.workerSrc = assetUrl("lib/pdf.worker.js");
  return { library, parts: await import("../lib/pdf_viewer.js") }; // takes the library from a global that it leaves
}

/** @returns where pdf.js finds what some PDFs need */
export function resources() {
  return {
    cMapUrl: assetUrl("lib/cmaps/"),
    standardFontDataUrl: assetUrl("lib/standard_fonts/"),
    wasmUrl: assetUrl("lib/wasm/"),
    useWasm: false, // the Content-Security-Policy has no 'wasm-unsafe-eval'; pdf.js brings the same in JavaScript
  };
}

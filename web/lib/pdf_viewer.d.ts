export * from "pdfjs-dist/web/pdf_viewer.mjs";

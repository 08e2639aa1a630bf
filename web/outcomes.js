// How a question ended and why something failed, as a sentence in the language of the page.

import { endings } from "./sentences.js";
import { strings } from "./strings.js";

/**
 * Split an answer into text and ending. If the model wrote nothing, the server sends the ending's sentence as text, in
 * the language of the question; the page shows it in its own language.
 * @param {Message} answer
 * @param {Language} language
 * @returns {{ text: string, sentence: string | null }} the model's text, and a sentence about the ending unless it is a normal one
 */
export function ended({ text, ending }, language) {
  if (ending === null || ending === "answer") return { text, sentence: null };
  return { text: endings[ending].includes(text) ? "" : text, sentence: strings[language].endings[ending] };
}

/**
 * @param {State} state
 * @param {Code} code of the failure of a document of the open room, or of an upload
 * @param {string} [document_id]
 * @returns {string}
 */
export function failureSentence({ language, room }, code, document_id = "") {
  const { max_upload_bytes = 0, max_pdf_pages = 0 } = room?.limits ?? {};
  const limit = code === "pdf_too_long" ? max_pdf_pages : Math.floor(max_upload_bytes / 1_000_000);
  const { reasons } = strings[language];
  const sentence = reasons[code] ?? reasons.ingest_failed;
  return sentence.replace("{limit}", () => String(limit)).replace("{detail}", () => document_id);
}

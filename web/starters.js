// The questions that a conversation suggests.

import { strings } from "./strings.js";

const MOST = 4;
const MOST_GUIDES = 2;
const IDEOGRAPH = /\p{Script=Han}/u;

/**
 * @param {OpenRoom} room
 * @param {Language} language
 * @returns {string[]} questions for the room's ready documents, all in one language; none for a reader
 */
export function starters(room, language) {
  const ready = room.documents.filter((document) => document.status === "ready");
  if (ready.length === 0 || room.role === "reader") return [];
  const { welcome, any } = strings[language].starters;
  if (ready.some(({ name }) => name === `welcome-${language}.pdf`)) return welcome;
  const suggested = suggestions(room, language);
  if (suggested.length === 0) return any;
  const spoken = IDEOGRAPH.test(suggested[0]) ? "zh-TW" : "en";
  return [strings[spoken].starters.any[0], ...suggested].slice(0, MOST);
}

/**
 * @param {OpenRoom} room
 * @param {Language} language
 * @returns {string[]} questions from the summaries of the ticked documents: the first of each, then the second of each;
 *   only those in the language of the page, if there are any
 */
export function suggestions({ documents, left_out }, language) {
  const lists = documents
    .filter(({ document_id, status }) => status === "ready" && !left_out.includes(document_id))
    .map(({ questions }) => questions);
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const inTurns = Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? []));
  const all = [...new Set(inTurns.flat())];
  const own = all.filter((text) => isIn(language, text));
  return own.length > 0 ? own : all;
}

/** @param {OpenRoom} room @param {string} text of a suggested question @returns the ticked documents whose summary suggested it */
export function suggestedFor({ documents, left_out }, text) {
  return documents.filter(({ document_id, questions }) => questions.includes(text) && !left_out.includes(document_id));
}

/** @param {OpenRoom} room @param {Language} language @returns documents whose summaries introduce the room */
export function guides({ documents }, language) {
  const summed = documents.filter(({ status, summary }) => status === "ready" && summary);
  const own = summed.filter(({ summary }) => isIn(language, summary ?? ""));
  return (own.length > 0 ? own : summed).slice(0, MOST_GUIDES);
}

/** @param {Language} language @param {string} text */
function isIn(language, text) {
  return IDEOGRAPH.test(text) === (language === "zh-TW");
}

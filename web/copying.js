// Copies, exports and prints answers and conversations.

import { NoReply } from "./connection.js";
import { turns } from "./state.js";

/** @typedef {Pick<Page, "t" | "document" | "documentName">} Named */

const CODE = /(?:```.*?(?:```|$)|`[^`\n]*`)/s; // where a number in brackets is an index
const NUMBERS = new RegExp(`(${CODE.source})|\\s*\\[\\d{1,3}(?:\\s*[,、]\\s*\\d{1,3})*\\]`, "gs");
const NUMBER = new RegExp(`${CODE.source}|\\[(\\d{1,3})\\]`, "gs");

/** @param {Message} answer @returns {string} without the numbers of its citations */
export function answerText({ text, citations }) {
  return citations.length > 0 ? text.replace(NUMBERS, "$1") : text;
}

/** @param {Named} page @param {Message} answer @returns {string} Markdown: its text with the numbers as footnotes, and the file and page of each citation */
export function answerMarkdown(page, { text, citations }) {
  const harmless = withoutPictures(text);
  if (citations.length === 0) return harmless;
  const known = new Set(citations.map(({ number }) => number));
  const body = harmless.replace(NUMBER, (mark, number) => (known.has(Number(number)) ? `[^${number}]` : mark));
  return `${body.trim()}\n\n${citations.map((citation) => reference(page, citation)).join("\n")}\n`;
}

/** Without pictures: rendering the copy would fetch them, and tell their server what was asked. @param {string} text */
function withoutPictures(text) {
  return text.replaceAll("![", "!\\[").replace(/<(?=img|picture|svg|video|audio|iframe|object|embed)/gi, "&lt;");
}

/** @param {Named} page @param {string} room @param {Turn[]} conversation @returns {string} Markdown of all that was asked and answered */
export function conversationMarkdown(page, room, conversation) {
  const parts = conversation.flatMap(({ question, answer }, index) => {
    if (!question) return [];
    const asked = question.text.trim().replaceAll("\n", "\n> ");
    const answered = answer ? answerMarkdown(page, answer) : "";
    const ownFootnotes = answered.replace(/\[\^(\d+)\]/g, `[^${index + 1}-$1]`); // unique within the file
    return [`> **${question.sender ?? ""}** ${asked}\n\n${ownFootnotes}`];
  });
  return `# ${room}\n\n${parts.join("\n---\n\n")}`;
}

/** @param {Named} page @param {Citation} citation */
function reference(page, { number, document_id, page: on_page, quote }) {
  const words = quote && page.document(document_id) ? `: “${quote.replace(/\s+/g, " ").trim()}”` : "";
  return `[^${number}]: ${page.documentName(document_id)}, ${page.t.page(on_page)}${words}`;
}

/** @param {Page} page whose room's history is loaded to the first message; rejected if that fails or the room is left */
async function readToFirst(page) {
  if (!(await page.rooms.loadUntil(() => false))) throw new NoReply();
}

/** @param {Page} page */
export async function printConversation(page) {
  await readToFirst(page);
  requestAnimationFrame(() => window.print()); // once all of it is drawn
}

/** @param {Page} page */
export async function exportConversation(page) {
  await readToFirst(page);
  const { room } = page.state;
  if (!room) return;
  const text = conversationMarkdown(page, room.name, turns(room, []));
  save(new Blob([text], { type: "text/markdown" }), `${room.name.replace(/[\\/:*?"<>|]/g, "_")}.md`);
}

/** Save a file on the user's device. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

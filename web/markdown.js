// Markdown of a model, which is not to be trusted, as tokens; components/block.js makes elements of those it knows.

import { Marked } from "./lib/marked.js";

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    def: () => undefined, // else "[1]: address" would make a link of the citation [1]
    lheading: () => undefined, // else a quoted line over a rule would become a heading
  },
});

export const CITATION = /\[(\d{1,3}(?:\s*[,、]\s*\d{1,3})*)\]/g; // [1], and [1, 2] while it streams

/**
 * @param {string} text of an answer that still comes
 * @returns {number[]} the numbers in it, each once, in the order in which they first stand there
 */
export function numbersIn(text) {
  return [...new Set([...text.matchAll(CITATION)].flatMap(([, numbers]) => numbers.split(/[,、]/).map(Number)))];
}

/** @param {string} text @returns {import("./lib/marked.js").Token[]} its blocks; a text that grows changes only the last ones */
export function blocks(text) {
  return marked.lexer(text).filter(({ type }) => type !== "space");
}

// Markdown of a model, which is not to be trusted, as elements; `[1]` becomes a citation chip.

import { Marked } from "./lib/marked.js";

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    def: () => undefined, // else "[1]: address" would make a link of the citation [1]
    lheading: () => undefined, // else a quoted line over a rule would become a heading
  },
  walkTokens: (token) => {
    if (token.type === "blockquote") for (const inner of token.tokens ?? []) withoutHeading(inner);
  },
  renderer: { html: ({ text }) => escaped(text), image: ({ raw }) => escaped(raw) }, // shown as it was written
});

const TAGS = "p br hr strong em del code pre blockquote ul ol li a h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split(
  " ",
);

const CITATION = /\[(\d{1,3}(?:\s*[,、]\s*\d{1,3})*)\]/g; // [1], and [1, 2] while it streams

/** @param {string} text @returns {string[]} the Markdown of each block; a text that grows changes only the last ones */
export function blocks(text) {
  return marked
    .lexer(text)
    .filter((token) => token.type !== "space")
    .map((token) => token.raw);
}

/**
 * @param {string} source Markdown of one block
 * @param {Map<number, string>} citations the numbers that can be opened, each with what a click on it does
 * @returns {DocumentFragment}
 */
export function fragment(source, citations) {
  const unsafe = /** @type {string} */ (marked.parse(source, { async: false }));
  const safe = window.DOMPurify.sanitize(unsafe, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "start"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of safe.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    const { host } = link; // empty where the address was taken away
    if (host && !link.textContent?.includes(host)) link.after(` (${host})`); // no words hide where a link leads
  }
  addChips(safe, citations);
  return safe;
}

/** @param {import("./lib/marked.js").Token} token which is quoted: a heading in it would look like one of ours */
function withoutHeading(token) {
  if (token.type === "heading") token.type = "paragraph";
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** @param {DocumentFragment} root @param {Map<number, string>} citations */
function addChips(root, citations) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    if (text.parentElement?.closest("code, pre, a")) continue;
    const parts = text.data.split(CITATION); // text, numbers, text, numbers, ... text
    if (parts.length === 1) continue;
    for (const [index, part] of parts.entries()) text.before(...(index % 2 ? chips(part, citations) : [part]));
    text.remove();
  }
}

/** @param {string} numbers such as "1" or "1, 2" @param {Map<number, string>} citations */
function chips(numbers, citations) {
  return numbers.split(/[,、]/).map((number) => chip(number.trim(), citations));
}

/**
 * @param {string} number
 * @param {Map<number, string>} citations
 * @returns {HTMLElement} a button once the citation is known; while the answer still streams it is not
 */
function chip(number, citations) {
  const label = citations.get(Number(number));
  const element = document.createElement(label ? "button" : "span");
  element.className = "chip";
  element.textContent = number;
  if (label) {
    element.setAttribute("aria-label", `[${number}] ${label}`);
  }
  return element;
}

/**
 * Colour the code in an answer that is complete, and give each block a button that copies it.
 * @param {HTMLElement} root
 * @param {import("./strings.js").Strings} t
 */
export async function highlightCode(root, t) {
  const codes = [...root.querySelectorAll("pre > code")];
  if (codes.length === 0) return;
  for (const code of codes) code.parentElement?.append(copyButton(code.textContent ?? "", t));
  const { highlight } = await import("./code.js");
  for (const code of codes) highlight(/** @type {HTMLElement} */ (code));
}

/** @param {string} text @param {import("./strings.js").Strings} t */
function copyButton(text, t) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-code";
  button.textContent = t.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = t.copied;
  });
  return button;
}

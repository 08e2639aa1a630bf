// Untrusted Markdown of a model as elements of the kinds listed here; anything else is shown as its source text.

import { Marked } from "../lib/marked.js";
import { Component } from "../lib/preact.js";
import { html, Memo } from "../view.js";
import { citationLabel } from "./citations.js";
import { CopyButton } from "./copy_button.js";

/** @typedef {import("../lib/marked.js").Tokens.Generic} Token */
/** @typedef {{ page: Page, t: Strings, citations: Citation[], isWhole: boolean, shown: number | null, isLinked?: boolean }} Context */

const CITATIONS = /((?:\[\d{1,3}\])+)/g;
const LAST_WORD = /\p{Script=Han}?[^\s\p{Script=Han}]{0,20}\s?$/u; // a citation number is kept on the line of this
const ENTITY = /&(?:#\d+|#x[\da-f]+|[a-z]+\d*);/gi;
const PROTOCOLS = ["http:", "https:", "mailto:"];
/** @type {Record<string, string>} */
const TAGS = { paragraph: "p", strong: "strong", em: "em", del: "del", list_item: "li" };

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    def: () => undefined, // otherwise "[1]: address" would turn the citation [1] into a link
    lheading: () => undefined, // otherwise a quoted line above a rule would become a heading
  },
});

/** @param {string} text @param {Context} context @returns its blocks; while a text grows only the last block is drawn again */
export function drawBlocks(text, context) {
  const tokens = marked.lexer(text).filter(({ type }) => type !== "space");
  return tokens.map((token, index) => {
    const draw = () => html`<div class="block" dir="auto">${element(token, context)}</div>`;
    return html`<${Memo} key=${index} from=${[token.raw, ...Object.values(context)]} draw=${draw} />`;
  });
}

/** @param {Token[] | undefined} tokens @param {Context} context */
function elements(tokens, context) {
  return tokens?.map((token) => element(token, context));
}

/** @param {Token} token @param {Context} context @returns {unknown} */
function element(token, context) {
  const tag = TAGS[token.type];
  if (tag) return html`<${tag}>${elements(token.tokens, context)}<//>`;
  switch (token.type) {
    case "text":
      return token.tokens ? elements(token.tokens, context) : withChips(token.text.replace(ENTITY, character), context);
    case "escape":
      return token.text;
    case "heading":
      return html`<${`h${token.depth}`}>${elements(token.tokens, context)}<//>`;
    case "blockquote":
      return html`<blockquote>${elements(token.tokens?.map(withoutHeading), context)}</blockquote>`;
    case "list":
      return token.ordered
        ? html`<ol start=${token.start}>${elements(token.items, context)}</ol>`
        : html`<ul>${elements(token.items, context)}</ul>`;
    case "table":
      return html`<table>
        <thead>${row("th", token.header, context)}</thead>
        <tbody>${token.rows.map((/** @type {Token[]} */ cells) => row("td", cells, context))}</tbody>
      </table>`;
    case "code":
      return html`<${Code} page=${context.page} text=${`${token.text}\n`} isWhole=${context.isWhole} />`;
    case "codespan":
      return html`<code>${token.text}</code>`;
    case "link":
      return link(token, context);
    case "br":
    case "hr":
      return html`<${token.type} />`;
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "space":
      return null;
    default:
      return withChips(token.raw, context); // HTML and pictures
  }
}

/** @param {"th" | "td"} tag @param {Token[]} cells @param {Context} context */
function row(tag, cells, context) {
  return html`<tr>${cells.map(({ tokens }) => html`<${tag}>${elements(tokens, context)}<//>`)}</tr>`;
}

/** @param {Token} token of a quotation @returns {Token} without headings, which would look like those of the page */
function withoutHeading(token) {
  return token.type === "heading" ? { ...token, type: "paragraph" } : token;
}

/** @param {Token} token @param {Context} context */
function link({ href, text, tokens }, context) {
  const words = elements(tokens, { ...context, isLinked: true });
  const url = URL.parse(href);
  if (!url || !PROTOCOLS.includes(url.protocol)) return words;
  const isSeen = text.includes(url.host); // otherwise the text would hide where the link leads
  return html`<a href=${url.href} target="_blank" rel="noopener noreferrer nofollow">${words}</a>${!isSeen && ` (${url.host})`}`;
}

/** @param {string} entity such as `&amp;` @returns {string} */
function character(entity) {
  return new DOMParser().parseFromString(entity, "text/html").body.textContent ?? "";
}

/** @param {string} text @param {Context} context @returns {unknown} with a chip instead of each number in brackets */
function withChips(text, context) {
  if (context.isLinked) return text;
  const parts = text.split(CITATIONS); // text, numbers such as [1][2], text, numbers, ... text
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    if (index % 2 === 0) return isLast ? part : part.replace(LAST_WORD, "");
    const chips = part.match(/\d+/g)?.map((number) => html`<${Chip} ...${context} number=${Number(number)} />`);
    return html`<span class="tied">${parts[index - 1].match(LAST_WORD)}${chips}</span>`;
  });
}

/** A citation number: a button once the citation is known, which it is not while the answer streams. @param {Context & { number: number }} props */
function Chip({ number, page, citations, shown }) {
  const citation = citations.find((each) => each.number === number);
  if (!citation) return html`<span class="chip">${number}</span>`;
  const { viewing } = page;
  /** @param {PointerEvent | FocusEvent} event */
  const enter = (event) => {
    const isTouch = "pointerType" in event && event.pointerType === "touch"; // a touch opens the passage at once
    if (!isTouch) viewing.showCard(citation, citations, /** @type {HTMLElement} */ (event.currentTarget));
  };
  const leave = () => viewing.hideCardSoon();
  return html`
    <button type="button" class="chip" aria-label=${`[${number}] ${citationLabel(page, citation)}`}
      aria-describedby="hovercard" aria-current=${citation.number === shown ? "true" : undefined}
      onClick=${() => viewing.open(citation.document_id, { citation, citations })}
      onPointerEnter=${enter} onPointerLeave=${leave} onFocus=${enter} onBlur=${leave}>${number}</button>
  `;
}

/**
 * Code; once it is complete, it is coloured and has a copy button.
 * @extends {Component<{ page: Page, text: string, isWhole: boolean }, { coloured: string }>}
 */
class Code extends Component {
  state = { coloured: "" };

  componentDidMount() {
    if (this.props.isWhole) this.#colour();
  }

  /** @param {Code["props"]} before */
  componentDidUpdate(before) {
    if (this.props.isWhole && !before.isWhole) this.#colour();
  }

  async #colour() {
    const { highlight } = await import("../code.js");
    this.setState({ coloured: highlight(this.props.text) });
  }

  render() {
    const { page, text, isWhole } = this.props;
    const { coloured } = this.state;
    return html`
      <pre>
        ${coloured ? html`<code key="coloured" dangerouslySetInnerHTML=${{ __html: coloured }} />` : html`<code>${text}</code>`}
        ${isWhole && html`<${CopyButton} page=${page} icon="copy" label=${page.t.copy} text=${() => text} class="copy-code" />`}
      </pre>
    `;
  }
}

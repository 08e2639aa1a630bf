// One answer: its text as it streams, its citations, and how it ended.

import { Component, createRef } from "./lib/preact.js";
import { blocks, fragment } from "./markdown.js";
import { ended } from "./outcomes.js";
import { quoteKey } from "./state.js";
import { html } from "./view.js";

/** @import { Page } from "./page.js" */
/** @import { Citation, Message } from "./protocol.d.ts" */
/** @import { Stream } from "./types.d.ts" */

/** @param {{ page: Page, answer: Message | null, stream: Stream | null, label: string }} props */
export function Answer({ page, answer, stream, label }) {
  const { text, sentence } = answer ? ended(answer, page.state.language) : { text: stream?.text ?? "", sentence: null };
  const ending = answer?.ending ?? "answer";
  const citations = answer?.citations ?? [];
  return html`
    <div
      class=${`answer ${ending} ${stream ? "streaming" : ""}`}
      role="group"
      aria-label=${label}
      aria-busy=${String(!answer)}
    >
      ${blocks(text).map(
        (source, index) => html`<${Block} key=${index} source=${source} citations=${citations} page=${page} />`,
      )}
      ${!answer && stream && html`<p class="stage">${stageText(page, stream)}</p>`}
      ${sentence && html`<p class="ending">${sentence}</p>`}
      ${citations.length > 0 && html`<${Sources} page=${page} citations=${citations} />`}
    </div>
  `;
}

/**
 * One block of Markdown. While an answer grows only its last block is drawn anew.
 * @extends {Component<{ source: string, citations: Citation[], page: Page }>}
 */
class Block extends Component {
  /** @type {import("./lib/preact.js").RefObject<HTMLDivElement | null>} */
  #element = createRef();

  componentDidMount() {
    this.#draw();
  }

  /** @param {{ source: string, citations: Citation[], page: Page }} next */
  shouldComponentUpdate(next) {
    return next.source !== this.props.source || next.citations !== this.props.citations;
  }

  componentDidUpdate() {
    this.#draw();
  }

  #draw() {
    const { source, citations, page } = this.props;
    const numbers = new Map(citations.map((citation) => [citation.number, citationLabel(page, citation)]));
    this.#element.current?.replaceChildren(fragment(source, numbers));
  }

  /** @param {MouseEvent} event */
  #click = (event) => {
    const chip = /** @type {HTMLElement} */ (event.target).closest("button.chip");
    const citation = this.props.citations.find(({ number }) => String(number) === chip?.textContent);
    if (chip && citation) this.props.page.openDocument(citation.document_id, citation);
  };

  render() {
    return html`<div class="block" ref=${this.#element} onClick=${this.#click} />`;
  }
}

/** @param {{ page: Page, citations: Citation[] }} props */
function Sources({ page, citations }) {
  const { t } = page;
  return html`
    <div class="sources" role="group" aria-label=${t.sources}>
      <h3>${t.sources}</h3>
      <ol>
        ${citations.map((citation) => html`<${Source} key=${citation.number} page=${page} citation=${citation} />`)}
      </ol>
    </div>
  `;
}

/** @param {{ page: Page, citation: Citation }} props */
function Source({ page, citation }) {
  const { t } = page;
  const quote = citation.quote ?? page.state.quotes[quoteKey(citation)];
  const isShown = page.state.viewer?.citation === citation;
  return html`
    <li class="source">
      <button
        class="source-open"
        aria-label=${citationLabel(page, citation)}
        aria-current=${isShown ? "true" : undefined}
        onClick=${() => page.openDocument(citation.document_id, citation)}
      >
        <span class="chip">${citation.number}</span>
        <span class="source-name">${page.documentName(citation.document_id)}</span>
        <span>${t.page(citation.page)}</span>
      </button>
      <span class="score">${t.score(citation.score.toFixed(2))}</span>
      <details onToggle=${() => page.loadQuote(citation)}>
        <summary>${t.quote}</summary>
        <blockquote>${quote ?? t.loading}</blockquote>
      </details>
    </li>
  `;
}

/**
 * @param {Page} page
 * @param {Citation} citation
 */
function citationLabel(page, citation) {
  return page.t.show_source(page.documentName(citation.document_id), citation.page);
}

/**
 * @param {Page} page
 * @param {Stream} stream
 * @returns {string} what is being done for the answer
 */
export function stageText({ t }, { stage, stopping, text }) {
  if (stopping) return t.stopping;
  if (text) return t.stage.writing;
  if (stage?.name === "searching") return t.stage.searching(stage.documents);
  return stage?.name === "reading" ? t.stage.reading : t.stage.waiting;
}

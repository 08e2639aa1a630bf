// One answer: its text as it streams, its citations, and how it ended.

import { Component, createRef } from "../lib/preact.js";
import { blocks, fragment, highlightCode } from "../markdown.js";
import { ended } from "../outcomes.js";
import { html } from "../view.js";
import { AnswerActions } from "./answer_actions.js";
import { Citations, citationLabel } from "./citations.js";

const FAILURES = ["error", "timeout"];

/** @param {{ page: Page, turn: Turn }} props */
export function Answer({ page, turn }) {
  const { answer, stream, question_id } = turn;
  const { t } = page;
  const { text, sentence } = answer ? ended(answer, page.state.language) : { text: stream?.text ?? "", sentence: null };
  const ending = answer?.ending ?? "answer";
  const citations = answer?.citations ?? NONE;
  const current = page.state.viewer?.citation;
  const shown = current && citations.includes(current) ? current.number : null;
  const written = blocks(text).map(
    (source, index) =>
      html`<${Block} key=${index} source=${source} citations=${citations} page=${page} isWhole=${answer !== null} shown=${shown} />`,
  );
  const isRefused = ending === "refused" && text !== "";
  return html`
    <div class=${`answer ${ending} ${stream ? "streaming" : ""}`} role="group" aria-label=${t.answer}
      aria-busy=${String(!answer)}>
      ${!isRefused && written}
      ${!answer && stream && html`<p class="stage">${stageText(page, stream)}</p>`}
      ${answer && text !== "" && !isRefused && answer.unverified.length > 0 && html`<p class="unverified">${t.unverified(unverified(answer))}</p>`}
      ${sentence && html`<p class="ending">
        ${sentence}
        ${FAILURES.includes(ending) && html` <code class="code-and-id" title=${t.code_and_id}>${ending} · ${question_id}</code>`}
      </p>`}
      ${isRefused && html`<details class="refused-text"><summary>${t.refused_text}</summary>${written}</details>`}
      ${citations.length > 0 && html`<${Citations} page=${page} citations=${citations} />`}
      ${answer && html`<${AnswerActions} page=${page} turn=${turn} />`}
    </div>
  `;
}

/** @param {Message} answer @returns {string} what no passage supports of it; spans count code points */
function unverified({ text, unverified }) {
  const characters = [...text];
  return unverified.map(([start, end]) => characters.slice(start, end).join("").trim()).join(" … ");
}

/** @type {Citation[]} the same list each time: what has not changed is not drawn anew */
const NONE = [];

/**
 * One block of Markdown. While an answer grows only its last block is drawn anew.
 * @extends {Component<{ source: string, citations: Citation[], page: Page, isWhole: boolean, shown: number | null }>}
 */
class Block extends Component {
  /** @type {import("../lib/preact.js").RefObject<HTMLDivElement | null>} */ #element = createRef();

  componentDidMount() {
    this.#draw();
  }

  /** @param {Block["props"]} next */
  shouldComponentUpdate(next) {
    return this.#isOther(next) || next.shown !== this.props.shown;
  }

  /** @param {Block["props"]} before */
  componentDidUpdate(before) {
    if (this.#isOther(before)) this.#draw();
    else this.#markShown(); // which leaves the focus where it is
  }

  /** @param {Block["props"]} props */
  #isOther({ source, citations, isWhole }) {
    const { props } = this;
    return source !== props.source || citations !== props.citations || isWhole !== props.isWhole;
  }

  #draw() {
    const { source, citations, page, isWhole } = this.props;
    const element = this.#element.current;
    const numbers = new Map(citations.map((citation) => [citation.number, citationLabel(page, citation)]));
    element?.replaceChildren(fragment(source, numbers));
    this.#markShown();
    if (element && isWhole) highlightCode(element, page.t);
  }

  /** The number whose passage the PDF shows. */
  #markShown() {
    for (const chip of this.#element.current?.querySelectorAll("button.chip") ?? []) {
      if (chip.textContent === String(this.props.shown)) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
  }

  /** @param {Event} event @returns {{ chip: HTMLElement, citation: Citation } | null} */
  #pointed(event) {
    const chip = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("button.chip"));
    const citation = this.props.citations.find(({ number }) => String(number) === chip?.textContent);
    return chip && citation ? { chip, citation } : null;
  }

  /** @param {MouseEvent} event */
  #click = (event) => {
    const { citation } = this.#pointed(event) ?? {};
    const { page, citations } = this.props;
    if (citation) page.viewing.open(citation.document_id, { citation, citations });
  };

  /** @param {PointerEvent | FocusEvent} event */
  #enter = (event) => {
    const pointed = this.#pointed(event);
    const isTouch = "pointerType" in event && event.pointerType === "touch"; // which opens the passage at once
    if (pointed && !isTouch) this.props.page.viewing.showCard(pointed.citation, pointed.chip);
  };

  /** @param {PointerEvent | FocusEvent} event */
  #leave = (event) => {
    if (this.#pointed(event)) this.props.page.viewing.hideCardSoon();
  };

  render() {
    return html`
      <div class="block" ref=${this.#element} onClick=${this.#click} onPointerOver=${this.#enter}
        onPointerOut=${this.#leave} onFocusIn=${this.#enter} onFocusOut=${this.#leave} />
    `;
  }
}

/** @param {Page} page @param {Stream} stream @returns {string} what is being done for the answer */
export function stageText({ t }, { stage, stopping, text }) {
  if (stopping) return t.stopping;
  if (text) return t.stage.writing;
  if (stage?.name === "searching") return t.stage.searching(stage.documents);
  return stage?.name === "reading" ? t.stage.reading : t.stage.waiting;
}

// The card of a citation, with its words, file and page, beside its hovered or focused number.

import { Component, createRef } from "../lib/preact.js";
import { quoteOf, wholePassage, wordsOf } from "../state.js";
import { html } from "../view.js";
import { placeOf } from "./citations.js";

/** @extends {Component<{ page: Page }>} */
export class Hovercard extends Component {
  /** @type {import("../lib/preact.js").RefObject<HTMLDivElement | null>} */ #element = createRef();
  /** @type {HTMLElement | null} */ #anchor = null;

  componentDidUpdate() {
    const element = this.#element.current;
    const anchor = this.props.page.state.card?.anchor ?? null;
    if (!element || anchor === this.#anchor) return;
    this.#anchor = anchor;
    element.hidePopover();
    if (anchor?.isConnected) element.showPopover({ source: anchor });
  }

  render() {
    const { page } = this.props;
    const { citation, citations = [] } = page.state.card ?? {};
    const whole = citation ? wholePassage(page.state, citation, citations) : [];
    const isLoading = whole.some((each) => quoteOf(page.state, each) === undefined);
    const words = wordsOf(page.state, whole) || (isLoading && page.t.loading);
    return html`
      <div class="hovercard" id="hovercard" popover="manual" role="tooltip" ref=${this.#element}
        onPointerEnter=${() => page.viewing.keepCard()} onPointerLeave=${() => page.viewing.hideCardSoon()}>
        ${citation && html`${words && html`<blockquote dir="auto">${words}</blockquote>`}
          <p class="where">
            <span class="file">${page.documentName(citation.document_id)}</span> · ${placeOf(page, citation, whole)} ·${" "}
            ${page.t.score(citation.score.toFixed(2))}
          </p>`}
      </div>
    `;
  }
}

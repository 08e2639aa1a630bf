// Under an answer: the documents it cites in one line, and on demand each passage.

import { Component } from "../lib/preact.js";
import { quoteOf } from "../state.js";
import { html } from "../view.js";
import { Icon } from "./icon.js";

/** @extends {Component<{ page: Page, citations: Citation[] }, { isOpen: boolean }>} */
export class Citations extends Component {
  state = { isOpen: false };

  #toggle = () => {
    const { page, citations } = this.props;
    if (!this.state.isOpen) for (const citation of citations) page.viewing.loadQuote(citation);
    this.setState({ isOpen: !this.state.isOpen });
  };

  render() {
    const { page, citations } = this.props;
    const { t } = page;
    const { isOpen } = this.state;
    return html`
      <div class="sources" role="group" aria-label=${t.sources}>
        <div class="pills">
          ${[...Map.groupBy(citations, (each) => each.document_id)].map(
            ([document_id, cited]) => html`<button type="button" class="pill" key=${document_id}
              title=${page.documentName(document_id)}
              onClick=${() => page.viewing.open(document_id, { citation: cited[0], citations })}>
              <${Icon} name="file-text" />
              <span class="pill-name" dir="auto">${page.documentName(document_id)}</span>
              <span class="numbers">${cited.map(({ number }) => number).join(", ")}</span>
            </button>`,
          )}
          <button type="button" class="quiet passages" aria-expanded=${String(isOpen)} onClick=${this.#toggle}>
            ${t.passages(citations.length)}<${Icon} name=${isOpen ? "chevron-up" : "chevron-down"} />
          </button>
        </div>
        <p class="on-paper">
          ${citations.map((each) => html`[${each.number}] ${page.documentName(each.document_id)}, ${placeOf(page, each)}<br />`)}
        </p>
        ${isOpen && html`<ol>
          ${citations.map((each) => html`<${Passage} key=${each.number} page=${page} citation=${each} citations=${citations} />`)}
        </ol>`}
      </div>
    `;
  }
}

/** @param {{ page: Page, citation: Citation, citations: Citation[] }} props */
function Passage({ page, citation, citations }) {
  const { t } = page;
  const quote = quoteOf(page.state, citation);
  const isShown = page.state.viewer?.citation === citation;
  return html`
    <li class="source">
      <button type="button" class="source-open" title=${citationLabel(page, citation)}
        aria-current=${isShown ? "true" : undefined}
        onClick=${() => page.viewing.open(citation.document_id, { citation, citations })}>
        <span class="chip">${citation.number}</span>
        <span class="source-name">${page.documentName(citation.document_id)}</span>
        <span class="where">${placeOf(page, citation)}</span>
        <span class="score">${t.score(citation.score.toFixed(2))}</span>
      </button>
      ${quote !== "" && html`<blockquote dir="auto">${quote ?? t.loading}</blockquote>`}
    </li>
  `;
}

/** @param {Page} page @param {Citation} citation */
export function citationLabel(page, citation) {
  return page.t.show_source(page.documentName(citation.document_id), citation.page);
}

/**
 * @param {Page} page
 * @param {Citation} citation
 * @param {Citation[]} [whole] the parts of its passage, if that continues on the next page
 * @returns {string} its page or pages, and whether a model read them from pictures
 */
export function placeOf(page, citation, whole = [citation]) {
  const runs = page.document(citation.document_id)?.from_pictures ?? [];
  const [first, last] = [whole[0].page, whole[whole.length - 1].page];
  const place = first === last ? page.t.page(first) : page.t.pages(first, last);
  const isPictured = runs.some(([first, last]) => first <= citation.page && citation.page <= last);
  return isPictured ? page.t.from_picture(place) : place;
}

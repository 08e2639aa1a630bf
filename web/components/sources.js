// The documents of the room: adding, narrowing the question to some, what needs attention.

import { Component, createRef } from "../lib/preact.js";
import { html } from "../view.js";
import { Icon } from "./icon.js";
import { SourceRow, TransferRow } from "./source_row.js";

const FILTER_FROM = 10; // documents

/** @extends {Component<{ page: Page }, { filter: string }>} */
export class Sources extends Component {
  state = { filter: "" };

  /** @type {import("../lib/preact.js").RefObject<HTMLElement | null>} */ #section = createRef();

  /** @returns {boolean} whether the focus is on something here */
  getSnapshotBeforeUpdate() {
    return Boolean(this.#section.current?.contains(document.activeElement));
  }

  /** @param {unknown} _props @param {unknown} _state @param {boolean} hadFocus which a row has taken with it */
  componentDidUpdate(_props, _state, hadFocus) {
    if (hadFocus && document.activeElement === document.body) this.#section.current?.focus();
  }

  /** @param {InputEvent} event */
  #filter = (event) => this.setState({ filter: /** @type {HTMLInputElement} */ (event.currentTarget).value });

  render() {
    const { page } = this.props;
    const { room, transfers } = page.state;
    const { t } = page;
    if (!room) return html`<div class="documents"></div>`;
    const mine = transfers.filter((transfer) => transfer.chat_id === room.chat_id);
    const onTheirWay = new Set(mine.map((transfer) => transfer.document_id));
    const documents = room.documents.filter(({ document_id }) => !onTheirWay.has(document_id));
    const isFiltered = documents.length >= FILTER_FROM;
    const wanted = isFiltered ? this.state.filter.trim().toLowerCase() : "";
    const shown = documents.filter(({ name }) => name.toLowerCase().includes(wanted));
    const failed = shown.filter(({ status }) => status === "failed");
    const refused = mine.filter(({ phase }) => phase === "failed");
    const isEmpty = documents.length + mine.length === 0;
    const isNarrowed = room.left_out.length > 0 && documents.some(({ status }) => status === "ready");
    return html`
      <section class="documents" aria-labelledby="documents-title" tabindex="-1" ref=${this.#section}>
        <div class="section-head">
          <h2 id="documents-title">${t.documents}</h2>
          ${documents.length > 1 && isNarrowed && html`<button type="button" class="quiet" onClick=${() => page.questions.leaveOut([])}>${t.tick_all}</button>`}
          ${room.role !== "reader" && html`<label class="button add"><${Icon} name="plus" />${t.add_pdf}<${PdfInput} page=${page} /></label>`}
        </div>
        ${isEmpty && html`<p class="empty">${room.role === "reader" ? t.no_documents_reader : t.no_documents}</p>`}
        ${
          isFiltered &&
          html`<input type="search" class="filter" aria-label=${t.filter} placeholder=${t.filter} onInput=${this.#filter} />`
        }
        ${failed.length + refused.length > 0 && html`<${NeedAttention} page=${page} room=${room} failed=${failed} refused=${refused} />`}
        <ul aria-live="polite">
          ${mine
            .filter(({ phase }) => phase !== "failed")
            .map((each) => html`<${TransferRow} key=${each.transfer_id} page=${page} transfer=${each} />`)}
          ${shown
            .filter(({ status }) => status !== "failed")
            .map((each) => html`<${SourceRow} key=${each.document_id} page=${page} room=${room} document=${each} />`)}
        </ul>
        ${wanted && shown.length === 0 && html`<p class="empty">${t.no_match}</p>`}
      </section>
    `;
  }
}

/** @param {{ page: Page, room: OpenRoom, failed: RoomDocument[], refused: Transfer[] }} props */
function NeedAttention({ page, room, failed, refused }) {
  const count = failed.length + refused.length;
  return html`
    <details class="attention" open=${count < 3}>
      <summary><${Icon} name="triangle-alert" />${page.t.need_attention(count)}</summary>
      <ul>
        ${refused.map((each) => html`<${TransferRow} key=${each.transfer_id} page=${page} transfer=${each} />`)}
        ${failed.map((each) => html`<${SourceRow} key=${each.document_id} page=${page} room=${room} document=${each} />`)}
      </ul>
    </details>
  `;
}

/** @param {{ page: Page }} props a field without looks of its own, for a label that has them */
export function PdfInput({ page }) {
  /** @param {Event} event */
  const choose = (event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    page.uploads.add([...(input.files ?? [])]);
    input.value = ""; // the same file can be chosen again
  };
  return html`<input class="hidden" type="file" accept="application/pdf,.pdf" multiple onChange=${choose} />`;
}

// The documents of the room: adding, how far each is, why one failed.

import { failureSentence } from "./outcomes.js";
import { html } from "./view.js";

/** @import { Page } from "./page.js" */
/** @import { Document as RoomDocument } from "./protocol.d.ts" */
/** @import { Transfer } from "./types.d.ts" */

/** @param {{ page: Page }} props */
export function Documents({ page }) {
  const { room, transfers } = page.state;
  const { t } = page;
  if (!room) return null;
  const mine = transfers.filter((transfer) => transfer.chat_id === room.chat_id);
  const onTheirWay = new Set(mine.map((transfer) => transfer.document_id));
  const documents = room.documents.filter((document) => !onTheirWay.has(document.document_id));
  const isEmpty = documents.length + mine.length === 0;
  return html`
    <section class="documents" aria-labelledby="documents-title">
      <div class="section-head">
        <h2 id="documents-title">${t.documents}</h2>
        ${
          room.role !== "reader" &&
          html`<label class="button quiet">
          + ${t.add_pdf}
          <input
            class="hidden"
            type="file"
            accept="application/pdf,.pdf"
            multiple
            onChange=${(/** @type {Event} */ event) => choose(page, event)}
          />
        </label>`
        }
      </div>
      ${isEmpty && html`<p class="empty">${t.no_documents}</p>`}
      <ul aria-live="polite">
        ${documents.map((each) => html`<${DocumentRow} key=${each.document_id} page=${page} document=${each} />`)}
        ${mine.map((each) => html`<${TransferRow} key=${each.transfer_id} page=${page} transfer=${each} />`)}
      </ul>
    </section>
  `;
}

/**
 * @param {Page} page
 * @param {Event} event
 */
function choose(page, event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget);
  page.uploads.add([...(input.files ?? [])]);
  input.value = ""; // the same file can be chosen again
}

/** @param {{ page: Page, document: RoomDocument }} props */
function DocumentRow({ page, document }) {
  const { name, status, pages_done, pages_total, pages_empty } = document;
  const isShown = page.state.viewer?.document_id === document.document_id;
  return html`
    <li class=${`document ${status}`}>
      <button
        class="name"
        title=${name}
        disabled=${status !== "ready"}
        aria-current=${isShown ? "true" : undefined}
        onClick=${() => page.openDocument(document.document_id, null)}
      >${name}</button>
      <span class="status">${documentStatus(page, document)}</span>
      ${status === "ready" && pages_empty > 0 && html`<span class="status">${page.t.pages_empty(pages_empty)}</span>`}
      ${
        status === "reading" &&
        pages_total > 0 &&
        html`<progress aria-label=${name} value=${pages_done} max=${pages_total} />`
      }
    </li>
  `;
}

/**
 * @param {Page} page
 * @param {RoomDocument} document
 */
function documentStatus({ state, t }, { document_id, status, reason, pages_done, pages_total }) {
  if (status === "failed") return failureSentence(state, reason ?? "internal", document_id);
  if (status === "reading") return t.status.reading(pages_done, pages_total);
  if (status === "ready") return t.status.ready(pages_total);
  return t.status[status];
}

/** @param {{ page: Page, transfer: Transfer }} props */
function TransferRow({ page, transfer }) {
  const { transfer_id, file, phase, fraction, error } = transfer;
  const { t } = page;
  if (phase === "failed") {
    return html`
      <li class="document failed">
        <span class="name" title=${file.name}>${file.name}</span>
        <span class="status">${error}</span>
        <span class="buttons">
          <button class="quiet" onClick=${() => page.uploads.retry(transfer_id)}>${t.retry}</button>
          <button class="quiet" onClick=${() => page.uploads.dismiss(transfer_id)}>${t.dismiss}</button>
        </span>
      </li>
    `;
  }
  const status = phase === "hashing" ? t.phase.hashing : t.phase.sending(Math.floor(fraction * 100));
  return html`
    <li class="document sending">
      <span class="name" title=${file.name}>${file.name}</span>
      <span class="status">${status}</span>
      <progress aria-label=${file.name} value=${fraction} max="1" />
    </li>
  `;
}

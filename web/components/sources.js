// The documents of the room: adding them, selecting those to ask, and those that need attention.

import { html } from "../view.js";
import { HAS_KEYBOARD } from "./composer.js";
import { Filtered } from "./filtered.js";
import { Icon } from "./icon.js";
import { SourceRow, TransferRow } from "./source_row.js";

/** @param {{ page: Page }} props */
export function Sources({ page }) {
  const { room, transfers } = page.state;
  const { t } = page;
  if (!room) return html`<div class="documents"></div>`;
  const mine = transfers.filter((transfer) => transfer.chat_id === room.chat_id);
  const refused = mine.filter(({ phase }) => phase === "failed");
  const onTheirWay = new Set(mine.map((transfer) => transfer.document_id));
  const documents = room.documents.filter(({ document_id }) => !onTheirWay.has(document_id));
  const isEmpty = documents.length + mine.length === 0;
  const advice = room.role === "reader" ? t.no_documents_reader : HAS_KEYBOARD && t.no_documents; // nothing can be dropped on a phone
  const isNarrowed = room.left_out.length > 0 && documents.some(({ status }) => status === "ready");
  /** @param {RoomDocument[]} shown */
  const draw = (shown) => {
    const failed = shown.filter(({ status }) => status === "failed");
    return html`
      ${failed.length + refused.length > 0 && html`<${NeedAttention} page=${page} room=${room} failed=${failed} refused=${refused} />`}
      <ul aria-live="polite">
        ${mine
          .filter((each) => !refused.includes(each))
          .map((each) => html`<${TransferRow} key=${each.transfer_id} page=${page} transfer=${each} />`)}
        ${shown
          .filter((each) => !failed.includes(each))
          .map((each) => html`<${SourceRow} key=${each.document_id} page=${page} room=${room} document=${each} />`)}
      </ul>
    `;
  };
  return html`
    <section class="documents" aria-labelledby="documents-title">
      <div class="section-head">
        <h2 id="documents-title">${t.documents}</h2>
        ${documents.length > 1 && isNarrowed && html`<button type="button" class="quiet" onClick=${() => page.questions.leaveOut([])}>${t.tick_all}</button>`}
        ${room.role !== "reader" && html`<label class="button add"><${Icon} name="plus" />${t.add_pdf}<${PdfInput} page=${page} /></label>`}
      </div>
      ${isEmpty && advice && html`<p class="empty">${advice}</p>`}
      <${Filtered} key=${room.chat_id} list=${documents} label=${t.filter} none=${t.no_match} draw=${draw} />
    </section>
  `;
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

/** @param {{ page: Page }} props an invisible file field, for a label that looks like a button */
export function PdfInput({ page }) {
  /** @param {Event} event */
  const choose = (event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    page.uploads.add([...(input.files ?? [])]);
    input.value = ""; // so that the same file can be chosen again
  };
  return html`<input class="hidden" type="file" accept="application/pdf,.pdf" multiple onChange=${choose} />`;
}

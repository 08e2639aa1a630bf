// The receipts of erasures: what each removed and what it cannot reach.

import { dateTime, html } from "../view.js";
import { Dialog } from "./dialog.js";

/** @param {{ page: Page }} props */
export function Receipts({ page }) {
  const { t } = page;
  const { receipts } = page.state;
  return html`
    <${Dialog} page=${page} title=${t.receipts}>
      ${receipts === null && html`<p role="status">${t.loading}</p>`}
      ${receipts?.length === 0 && html`<p class="soft">${t.no_receipts}</p>`}
      <ul class="stack">
        ${receipts?.map((receipt) => html`<${ReceiptRow} key=${receipt.receipt_id} page=${page} receipt=${receipt} />`)}
      </ul>
    <//>
  `;
}

/** @param {{ page: Page, receipt: Receipt }} props */
function ReceiptRow({ page, receipt }) {
  const { t, state } = page;
  const { erased_at, requested_at, removed, remains, name } = receipt;
  const when = dateTime(state.language, erased_at ?? requested_at);
  const counts = /** @type {Record<string, number>} */ (/** @type {unknown} */ (removed));
  const parts = Object.entries(t.removed).filter(([part]) => counts[part] > 0);
  const left = remains.map((each) => /** @type {Record<string, string>} */ (t.remains)[each] ?? each);
  return html`
    <li class="receipt">
      <h3>${name}</h3>
      <p class="soft">${erased_at ? t.erased_at(when) : t.erasing_since(when)}</p>
      ${parts.length > 0 && html`<p>${parts.map(([part, say]) => say(counts[part])).join(" · ")}</p>`}
      ${left.length > 0 && html`<p class="soft">${t.remaining(left.join(t.comma))}</p>`}
    </li>
  `;
}

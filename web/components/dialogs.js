// The dialogs of the page, one at a time.

import { html } from "../view.js";
import { Confirmation, Dialog } from "./dialog.js";
import { Starters } from "./empty.js";
import { Receipts } from "./receipts.js";
import { Share } from "./share.js";
import { Why } from "./why.js";

/** @param {{ page: Page }} props */
export function Dialogs({ page }) {
  const { dialog, room, session } = page.state;
  const { t } = page;
  switch (dialog?.kind) {
    case "receipts":
      return html`<${Receipts} page=${page} />`;
    case "shortcuts":
      return html`<${Shortcuts} page=${page} />`;
    case "delete_account":
      return html`<${Confirmation} page=${page} title=${t.delete_account} text=${t.delete_account_text} action=${t.delete_account} bad
        field=${{ label: t.type_name(session.user ?? "") }}
        onConfirm=${async (/** @type {string} */ name) => {
          await page.connection.request({ type: "account.delete", name });
          page.store.set({ rooms: [] });
          page.openDialog({ kind: "receipts", signs_out: true });
        }} />`;
  }
  if (!room || !dialog) return null;
  switch (dialog.kind) {
    case "share":
      return html`<${Share} page=${page} room=${room} />`;
    case "rename":
      return html`<${Confirmation} page=${page} title=${t.rename} action=${t.save}
        field=${{ label: t.room_name, value: room.name, most: 100 }}
        onConfirm=${(/** @type {string} */ name) => page.request({ type: "room.rename", name })} />`;
    case "leave":
      return html`<${Confirmation} page=${page} title=${t.leave} text=${t.leave_text(room.name)} action=${t.leave}
        onConfirm=${() => page.request({ type: "room.unshare", user_id: room.user_id })} />`;
    case "delete_room":
      return html`<${Confirmation} page=${page} title=${t.delete_room}
        text=${t.delete_room_text(room.name, room.documents.length, room.members.length - 1)} action=${t.delete} bad
        onConfirm=${async () => {
          await page.request({ type: "room.delete" });
          page.openDialog({ kind: "receipts" });
        }} />`;
    case "why":
      return html`<${Why} page=${page} key=${dialog.question_id} question_id=${dialog.question_id} />`;
    case "summary":
      return html`<${Summary} page=${page} room=${room} document=${page.document(dialog.document_id)} />`;
    case "delete_document":
      return html`<${Confirmation} page=${page} title=${t.delete_document}
        text=${t.delete_document_text(page.documentName(dialog.document_id))} action=${t.delete} bad
        onConfirm=${() => page.deleteDocument(dialog.document_id)} />`;
  }
}

/** @param {{ page: Page, room: OpenRoom, document: RoomDocument | undefined }} props the document, whose summary and questions are shown; it may be deleted meanwhile */
function Summary({ page, room, document }) {
  return html`
    <${Dialog} page=${page} title=${document?.name ?? page.t.removed_document}>
      <p class="summary" dir="auto">${document?.summary}</p>
      ${document && room.role !== "reader" && html`<${Starters} page=${page} room=${room} texts=${document.questions} documents=${[document]} />`}
    <//>
  `;
}

/** @param {{ page: Page }} props */
function Shortcuts({ page }) {
  const { t } = page;
  return html`
    <${Dialog} page=${page} title=${t.shortcuts}>
      <dl class="shortcuts">
        ${Object.entries(t.keys).map(
          ([keys, what]) => html`<div key=${keys}>
            <dt>${keys.split(" ").map((key) => html`<kbd>${key}</kbd>`)}</dt>
            <dd>${what}</dd>
          </div>`,
        )}
      </dl>
    <//>
  `;
}

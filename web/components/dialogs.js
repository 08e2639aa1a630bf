// The dialogs of the page, one at a time.

import { html } from "../view.js";
import { Confirmation, Dialog } from "./dialog.js";
import { Starter } from "./empty.js";
import { Receipts } from "./receipts.js";
import { Share } from "./share.js";
import { Why } from "./why.js";

/** @import { Page } from "../page.js" */
/** @import { Document as RoomDocument } from "../protocol.d.ts" */

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
      return html`<${DeleteAccount} page=${page} name=${session.user} />`;
  }
  if (!room || !dialog) return null;
  switch (dialog.kind) {
    case "share":
      return html`<${Share} page=${page} room=${room} />`;
    case "rename":
      return html`<${Rename} page=${page} name=${room.name} />`;
    case "leave":
      return html`<${Confirmation}
        page=${page}
        title=${t.leave}
        text=${t.leave_text(room.name)}
        action=${t.leave}
        onConfirm=${() => page.rooms.leave()}
      />`;
    case "delete_room":
      return html`<${Confirmation}
        page=${page}
        title=${t.delete_room}
        text=${t.delete_room_text(room.name, room.documents.length, room.members.length - 1)}
        action=${t.delete}
        bad
        onConfirm=${async () => {
          await page.rooms.delete();
          page.openDialog({ kind: "receipts" });
        }}
      />`;
    case "why":
      return html`<${Why} page=${page} key=${dialog.question_id} question_id=${dialog.question_id} />`;
    case "summary":
      return html`<${Summary} page=${page} document=${page.document(dialog.document_id)} />`;
    case "delete_document":
      return html`<${Confirmation}
        page=${page}
        title=${t.delete_document}
        text=${t.delete_document_text(page.documentName(dialog.document_id))}
        action=${t.delete}
        bad
        onConfirm=${() => page.deleteDocument(dialog.document_id)}
      />`;
  }
}

/** @param {{ page: Page, name: string }} props */
function Rename({ page, name }) {
  const { t } = page;
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const wanted = String(new FormData(form).get("name")).trim();
    if (wanted) page.submit(() => page.rooms.rename(wanted));
  };
  return html`
    <${Dialog} page=${page} title=${t.rename}>
      <form class="stack" onSubmit=${submit}>
        <input name="name" required maxlength="100" aria-label=${t.room_name} defaultValue=${name} autofocus />
        <div class="buttons end">
          <button type="button" onClick=${() => page.closeDialog()}>${t.cancel}</button>
          <button class="primary">${t.save}</button>
        </div>
      </form>
    <//>
  `;
}

/** @param {{ page: Page, document: RoomDocument | undefined }} props what it is about, and what it can be asked */
function Summary({ page, document }) {
  if (!document) return null;
  const { t, state } = page;
  /** @param {string} text */
  const ask = (text) => {
    page.closeDialog();
    page.questions.ask(text);
  };
  return html`
    <${Dialog} page=${page} title=${document.name}>
      <p class="summary">${document.summary}</p>
      ${
        state.room?.role !== "reader" &&
        html`<div class="starters" role="group" aria-label=${t.suggested}>
        ${document.questions.map((text) => html`<${Starter} key=${text} text=${text} onAsk=${ask} />`)}
      </div>`
      }
    <//>
  `;
}

/** @param {{ page: Page, name: string }} props */
function DeleteAccount({ page, name }) {
  const { t } = page;
  const field = "account-name";
  return html`
    <${Confirmation}
      page=${page}
      title=${t.delete_account}
      text=${t.delete_account_text}
      action=${t.delete_account}
      bad
      onConfirm=${async () => {
        const input = /** @type {HTMLInputElement} */ (document.getElementById(field));
        await page.rooms.deleteAccount(input.value.trim());
        page.openDialog({ kind: "receipts", signs_out: true });
      }}
    >
      <label class="stack">${t.type_name(name)}<input id=${field} required autocomplete="off" autofocus /></label>
    <//>
  `;
}

/** @param {{ page: Page }} props */
function Shortcuts({ page }) {
  const { t } = page;
  return html`
    <${Dialog} page=${page} title=${t.shortcuts}>
      <dl class="shortcuts">
        ${t.keys.map(
          ([keys, what]) => html`<div key=${keys}>
            <dt>${keys.split(" ").map((key) => html`<kbd>${key}</kbd>`)}</dt>
            <dd>${what}</dd>
          </div>`,
        )}
      </dl>
    <//>
  `;
}

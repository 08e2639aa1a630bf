// Shown where there is no content yet: one thing to do next.

import { guides, starters, suggestedFor, suggestions } from "../starters.js";
import { html } from "../view.js";
import { HAS_KEYBOARD } from "./composer.js";
import { Icon } from "./icon.js";
import { RoomForm } from "./room_list.js";
import { PdfInput } from "./sources.js";

const COMING = ["awaiting_upload", "queued", "reading"];
const MOST_BELOW = 2; // questions offered below a conversation

/** @param {{ page: Page }} props */
export function NoRoom({ page }) {
  const { t, state } = page;
  return html`
    <div class="middle">
      <h2>${state.rooms?.length ? t.no_room_open : t.no_rooms}</h2>
      <${DropZone} page=${page} />
      <p class="empty">${t.or_name_room}</p>
      <${RoomForm} page=${page} />
    </div>
  `;
}

/** @param {{ page: Page, room: OpenRoom }} props */
export function NoMessages({ page, room }) {
  const { t, state } = page;
  const hasDocuments = room.documents.some(({ status }) => status === "ready");
  const coming = room.documents.filter(({ status }) => COMING.includes(status));
  if (!hasDocuments && room.role !== "reader") {
    return html`
      <div class="middle">
        <h2>${coming.length > 0 ? t.reading_documents : t.no_messages_documents}</h2>
        ${coming.length > 0 ? html`<${Progress} t=${t} documents=${coming} />` : html`<${DropZone} page=${page} />`}
      </div>
    `;
  }
  return html`
    <div class="middle">
      <h2>${t.no_messages}</h2>
      ${guides(room, state.language).map((each) => html`<${Guide} key=${each.document_id} page=${page} document=${each} />`)}
      <${Starters} page=${page} room=${room} texts=${starters(room, state.language)} />
    </div>
  `;
}

/** @param {{ page: Page, document: RoomDocument }} props its summary, shortened; a click shows all of it */
function Guide({ page, document: { document_id, name, summary } }) {
  return html`
    <button type="button" class="guide" onClick=${() => page.openDialog({ kind: "summary", document_id })}>
      <span class="guide-name"><${Icon} name="file-text" /><bdi>${name}</bdi></span>
      <span class="guide-text" dir="auto">${summary}</span>
    </button>
  `;
}

/** @param {{ t: Page["t"], documents: RoomDocument[] }} props the documents, whose progress is shown */
function Progress({ t, documents }) {
  const total = documents.reduce((sum, { pages_total }) => sum + pages_total, 0);
  const done = documents.reduce((sum, { pages_done }) => sum + pages_done, 0);
  return html`
    <progress aria-label=${t.reading_documents} value=${done} max=${total || 1} />
    <p class="empty">${t.ask_once_read}</p>
  `;
}

/**
 * Suggested questions, each asked by one click.
 * @param {{ page: Page, room: OpenRoom, texts: string[], documents?: RoomDocument[], class?: string }} props
 *   `documents`: the ones to ask; otherwise those whose summary suggested the question
 */
export function Starters({ page, room, texts, documents, class: look = "" }) {
  /** @param {string} text */
  const about = (text) => documents ?? suggestedFor(room, text);
  /** @param {string} text */
  const ask = (text) => {
    const document_ids = about(text).map(({ document_id }) => document_id);
    page.closeDialog();
    page.questions.ask(text, document_ids.length > 0 ? document_ids : null);
  };
  return html`
    <div class=${`starters ${look}`} role="group" aria-label=${page.t.suggested}>
      ${texts.map(
        (text) => html`<button type="button" key=${text} title=${about(text).map(({ name }) => name).join("\n")} onClick=${() => ask(text)}>
          <${Icon} name="message-circle-question-mark" />${text}
        </button>`,
      )}
    </div>
  `;
}

/** Further suggested questions, below the conversation. @param {{ page: Page, room: OpenRoom, asked: (string | undefined)[] }} props */
export function Suggestions({ page, room, asked }) {
  if (room.role === "reader" || Object.keys(room.streams).length > 0) return null;
  const texts = suggestions(room, page.state.language).filter((text) => !asked.includes(text));
  return texts.length > 0 && html`<${Starters} page=${page} room=${room} texts=${texts.slice(0, MOST_BELOW)} class="below" />`;
}

/** @param {{ page: Page }} props */
function DropZone({ page }) {
  return html`
    <label class="button drop-target">
      <${Icon} name="file-up" />
      <span>${HAS_KEYBOARD ? page.t.drop_or_choose : page.t.choose}</span>
      <${PdfInput} page=${page} />
    </label>
  `;
}

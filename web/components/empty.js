// What stands where there is nothing yet: one thing to do next.

import { starters, suggestions } from "../starters.js";
import { html } from "../view.js";
import { Icon } from "./icon.js";
import { RoomForm } from "./room_list.js";
import { choose } from "./sources.js";

/** @import { Page } from "../page.js" */
/** @import { OpenRoom } from "../types.d.ts" */

const COMING = ["awaiting_upload", "queued", "reading"];
const MOST_BELOW = 2; // questions offered below a conversation

/** @param {{ page: Page }} props */
export function NoRoom({ page }) {
  const { rooms, opening } = page.state;
  const { t } = page;
  if (rooms === null || opening) return html`<div class="middle"><p class="empty" role="status">${t.loading}</p></div>`;
  return html`
    <div class="middle">
      <h2>${rooms.length > 0 ? t.no_room_open : t.no_rooms}</h2>
      <${DropZone} page=${page} text=${t.drop_or_choose} />
      <p class="empty">${t.or_name_room}</p>
      <${RoomForm} page=${page} />
    </div>
  `;
}

/** @param {{ page: Page, room: OpenRoom }} props */
export function NoMessages({ page, room }) {
  const { t, state } = page;
  const hasDocuments = room.documents.some(({ status }) => status === "ready");
  const isReading = room.documents.some(({ status }) => COMING.includes(status));
  if (!hasDocuments && room.role !== "reader") {
    return html`
      <div class="middle">
        <h2>${isReading ? t.reading_documents : t.no_messages_documents}</h2>
        ${!isReading && html`<${DropZone} page=${page} text=${t.drop_or_choose} />`}
      </div>
    `;
  }
  return html`
    <div class="middle">
      <h2>${t.no_messages}</h2>
      <div class="starters">
        ${starters(room, state.language).map(
          (text) => html`<${Starter} key=${text} text=${text} onAsk=${() => page.questions.ask(text)} />`,
        )}
      </div>
    </div>
  `;
}

/** @param {{ text: string, onAsk: (text: string) => void }} props a question, one click away */
export function Starter({ text, onAsk }) {
  return html`<button type="button" onClick=${() => onAsk(text)}>
    <${Icon} name="message-circle-question-mark" />${text}
  </button>`;
}

/**
 * What else can be asked, below the conversation.
 * @param {{ page: Page, room: OpenRoom, asked: (string | undefined)[] }} props
 */
export function Suggestions({ page, room, asked }) {
  if (room.role === "reader" || Object.keys(room.streams).length > 0) return null;
  const texts = suggestions(room).filter((text) => !asked.includes(text));
  if (texts.length === 0) return null;
  return html`
    <div class="starters below" role="group" aria-label=${page.t.suggested}>
      ${texts.slice(0, MOST_BELOW).map((text) => html`<${Starter} key=${text} text=${text} onAsk=${() => page.questions.ask(text)} />`)}
    </div>
  `;
}

/** @param {{ page: Page, text: string }} props */
function DropZone({ page, text }) {
  return html`
    <label class="button drop-target">
      <${Icon} name="file-up" />
      <span>${text}</span>
      <input class="hidden" type="file" accept="application/pdf,.pdf" multiple onChange=${(/** @type {Event} */ event) => choose(page, event)} />
    </label>
  `;
}

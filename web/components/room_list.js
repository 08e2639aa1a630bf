// The list of rooms, and the form that opens one by its name.

import { Component } from "../lib/preact.js";
import { html, nameIn } from "../view.js";
import { HAS_KEYBOARD } from "./composer.js";
import { Filtered } from "./filtered.js";
import { IconButton } from "./icon.js";

/** @extends {Component<{ page: Page }, { adding: boolean }>} */
export class RoomList extends Component {
  state = { adding: false };

  #toggle = () => this.setState({ adding: !this.state.adding });

  /** @param {Event} event */
  #cancel = (event) => {
    const form = /** @type {HTMLElement} */ (event.currentTarget);
    /** @type {HTMLElement | null | undefined} */ (form.closest("nav")?.querySelector("[aria-expanded]"))?.focus();
    this.#toggle();
  };

  render() {
    const { page } = this.props;
    const { room, rooms, opening } = page.state;
    const { t } = page;
    const { adding } = this.state;
    /** @param {Room} room */
    const draw = ({ chat_id, name }) => html`<li key=${chat_id}>
      <button type="button" class="room" dir="auto" title=${name}
        aria-current=${chat_id === room?.chat_id ? "true" : undefined} aria-busy=${String(opening === chat_id)}
        ref=${chat_id === room?.chat_id ? intoSight : null} onClick=${() => page.openRoom({ chat_id })}>${name}</button>
    </li>`;
    return html`
      <nav class="rooms" aria-labelledby="rooms-title">
        <div class="section-head">
          <h2 id="rooms-title">${t.rooms}</h2>
          <${IconButton} icon=${adding ? "x" : "plus"} label=${adding ? t.close : t.new_room}
            aria-expanded=${String(adding)} onClick=${this.#toggle} />
        </div>
        ${adding && html`<${RoomForm} page=${page} onDone=${() => this.setState({ adding: false })} onCancel=${this.#cancel} />`}
        <${Filtered} list=${rooms ?? []} label=${t.filter_rooms} none=${t.no_room_match}
          draw=${(/** @type {Room[]} */ shown) => html`<ul>${shown.map(draw)}</ul>`} />
      </nav>
    `;
  }
}

/** @param {HTMLElement | null} button of the room that was opened */
function intoSight(button) {
  button?.scrollIntoView({ block: "nearest" });
}

/** Asks for a room's name and opens it. @param {{ page: Page, onDone?: () => void, onCancel?: (event: Event) => void }} props */
export function RoomForm({ page, onDone, onCancel }) {
  const { t } = page;
  /** @param {SubmitEvent} event */
  const open = (event) => {
    event.preventDefault();
    const room = nameIn(event);
    if (!room) return;
    onDone?.();
    page.openRoom({ room });
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.key !== "Escape" || event.isComposing || !onCancel) return;
    event.stopPropagation();
    onCancel(event);
  };
  return html`
    <form class="new-room" onSubmit=${open} onKeyDown=${key}>
      <input name="name" required maxlength="100" aria-label=${t.room_name} placeholder=${t.room_name} ref=${onDone || HAS_KEYBOARD ? focusOnce : null} />
      <button class="primary">${t.open_room}</button>
    </form>
  `;
}

/** @param {HTMLInputElement | null} input */
export function focusOnce(input) {
  input?.focus();
}

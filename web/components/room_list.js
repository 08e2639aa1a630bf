// The list of rooms, and the form that opens one by its name.

import { Component } from "../lib/preact.js";
import { html, nameIn } from "../view.js";
import { IconButton } from "./icon.js";

const FILTER_FROM = 10; // rooms

/** @extends {Component<{ page: Page }, { adding: boolean, filter: string }>} */
export class RoomList extends Component {
  state = { adding: false, filter: "" };

  #toggle = () => this.setState({ adding: !this.state.adding });

  /** @param {Event} event */
  #cancel = (event) => {
    const form = /** @type {HTMLElement} */ (event.currentTarget);
    /** @type {HTMLElement | null | undefined} */ (form.closest("nav")?.querySelector("[aria-expanded]"))?.focus();
    this.#toggle();
  };

  /** @param {InputEvent} event */
  #filter = (event) => this.setState({ filter: /** @type {HTMLInputElement} */ (event.currentTarget).value });

  render() {
    const { page } = this.props;
    const { room, opening } = page.state;
    const rooms = page.state.rooms ?? [];
    const { t } = page;
    const { adding, filter } = this.state;
    const isFiltered = rooms.length >= FILTER_FROM;
    const wanted = isFiltered ? filter.trim().toLowerCase() : "";
    const shown = rooms.filter(({ name }) => name.toLowerCase().includes(wanted));
    return html`
      <nav class="rooms" aria-labelledby="rooms-title">
        <div class="section-head">
          <h2 id="rooms-title">${t.rooms}</h2>
          <${IconButton} icon=${adding ? "x" : "plus"} label=${adding ? t.close : t.new_room}
            aria-expanded=${String(adding)} onClick=${this.#toggle} />
        </div>
        ${adding && html`<${RoomForm} page=${page} onDone=${() => this.setState({ adding: false })} onCancel=${this.#cancel} />`}
        ${
          isFiltered &&
          html`<input type="search" class="filter" aria-label=${t.filter_rooms} placeholder=${t.filter} onInput=${this.#filter} />`
        }
        ${wanted && shown.length === 0 && html`<p class="empty">${t.no_room_match}</p>`}
        <ul>
          ${shown.map(
            ({ chat_id, name }) => html`<li key=${chat_id}>
              <button type="button" class="room" title=${name}
                aria-current=${chat_id === room?.chat_id ? "true" : undefined} aria-busy=${String(opening === chat_id)}
                onClick=${() => page.openRoom({ chat_id })}>${name}</button>
            </li>`,
          )}
        </ul>
      </nav>
    `;
  }
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
      <input name="name" required maxlength="100" aria-label=${t.room_name} placeholder=${t.room_name} ref=${focusOnce} />
      <button class="primary">${t.open_room}</button>
    </form>
  `;
}

/** @param {HTMLInputElement | null} input */
export function focusOnce(input) {
  input?.focus();
}

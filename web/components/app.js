// The whole page: the conversation, with rooms and sources and the PDF beside it.

import { Component } from "../lib/preact.js";
import { html, Memo } from "../view.js";
import { Chat } from "./chat.js";
import { focusComposer, HAS_KEYBOARD } from "./composer.js";
import { IconButton } from "./icon.js";
import { Lazy } from "./lazy.js";
import { Side } from "./side.js";
import { Topbar } from "./topbar.js";
import { Welcome } from "./welcome.js";

const loadViewer = () => import("./viewer.js").then(({ Viewer }) => Viewer);
const loadDialogs = () => import("./dialogs.js").then(({ Dialogs }) => Dialogs);

/** @extends {Component<{ page: Page }, { dragging: boolean }>} */
export class App extends Component {
  state = { dragging: false };

  componentDidMount() {
    window.addEventListener("dragover", this.#drag);
    window.addEventListener("dragleave", this.#dragEnd);
    window.addEventListener("drop", this.#drop);
    window.addEventListener("keydown", this.#key);
  }

  /** @returns {boolean} whether anything has the focus */
  getSnapshotBeforeUpdate() {
    return document.activeElement !== document.body;
  }

  /** @param {unknown} _props @param {unknown} _state @param {boolean} hadFocus before the update, which may have removed the focused element */
  componentDidUpdate(_props, _state, hadFocus) {
    if (hadFocus && HAS_KEYBOARD && document.activeElement === document.body) focusComposer();
  }

  /** @param {DragEvent} event */
  #drag = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (this.props.page.state.session.status === "signed_in" && !this.state.dragging) this.setState({ dragging: true });
  };

  /** @param {DragEvent} event */
  #dragEnd = (event) => {
    if (event.relatedTarget === null) this.setState({ dragging: false }); // the pointer left the window
  };

  /** @param {DragEvent} event */
  #drop = (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.setState({ dragging: false });
    this.props.page.uploads.add(event.dataTransfer.files);
  };

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const { page } = this.props;
    const { card, dialog, menu_open, viewer } = page.state;
    if (event.isComposing || dialog || event.defaultPrevented) return;
    if (event.key === "Escape") {
      if (card) page.viewing.hideCard();
      else if (menu_open) page.toggleMenu();
      else if (viewer) page.navigation.closeDocument();
      return;
    }
    const isTyping = /** @type {HTMLElement} */ (event.target).closest("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "[") page.viewing.step(-1);
    else if (event.key === "]") page.viewing.step(1);
    else if (event.key === "?") page.openDialog({ kind: "shortcuts" });
    else if (event.key === "/") {
      event.preventDefault();
      focusComposer();
    }
  };

  #toSide = () => {
    const { page } = this.props;
    const side = /** @type {HTMLElement} */ (document.getElementById("side"));
    if (!side.checkVisibility()) page.toggleMenu();
    setTimeout(() => side.querySelector("button")?.focus()); // once it is drawn
  };

  render() {
    const { page } = this.props;
    const { dialog, session, viewer, menu_open, notice, offline_model, opening, room } = page.state;
    const { t } = page;
    if (session.status !== "signed_in") return html`<${Welcome} page=${page} />`;
    const beside = besideConversation(page.state);
    return html`
      <div class=${`app ${viewer ? "with-viewer" : ""} ${menu_open ? "with-menu" : ""}`}>
        <main class="main">
          <button type="button" class="skip" onClick=${focusComposer}>${t.skip}</button>
          <button type="button" class="skip" onClick=${this.#toSide}>${t.skip_to_side}</button>
          <${Memo} from=${beside} draw=${() => html`<${Topbar} page=${page} />`} />
          ${offline_model && html`<p class="banner">
            <span class="space">${t.offline_model} <code>OPENAI_API_KEY=… make run</code></span>
            <${IconButton} icon="x" label=${t.dismiss} onClick=${() => page.closeOfflineBanner()} />
          </p>`}
          <${Chat} page=${page} />
        </main>
        ${menu_open && html`<div class="shade" onClick=${() => page.toggleMenu()}></div>`}
        <${Memo} from=${beside} draw=${() => html`<${Side} page=${page} />`} />
        ${viewer && html`<${Lazy} load=${loadViewer} shown="viewer" page=${page} viewer=${viewer} />`}
        ${notice && html`<div class="notice" role="alert">
          <span>${/** @type {Record<string, string>} */ (t.notices)[notice] ?? notice}</span>
          <${IconButton} icon="x" label=${t.dismiss} onClick=${() => page.store.set({ notice: null })} />
        </div>`}
        ${dialog && html`<${Lazy} load=${loadDialogs} shown="dialog" page=${page} />`}
        ${this.state.dragging && html`<div class="drop-zone">${dropSentence(t, room, opening)}</div>`}
      </div>
    `;
  }
}

/** @param {Strings} t @param {OpenRoom | null} room @param {string | null} opening @returns {string} what dropping files will do */
function dropSentence(t, room, opening) {
  if (!room && !opening) return t.drop_new_room;
  return room?.role === "reader" ? t.read_only : t.drop_here;
}

/** @param {State} state @returns {unknown[]} all of it except the conversation, which may change many times a second */
function besideConversation({ room, pending: _pending, ...state }) {
  const { messages: _messages, streams: _streams, ...ofRoom } = room ?? {};
  return [...Object.values(state), ...Object.values(ofRoom), room === null];
}

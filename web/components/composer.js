// The field for questions; its Send button is Stop while the user's own question is being answered.

import { Component, createRef } from "../lib/preact.js";
import { narrowed } from "../questions.js";
import { ownStream } from "../state.js";
import { html } from "../view.js";
import { Icon } from "./icon.js";

const IME_KEY_CODE = 229; // Safari reports the Enter that ends a composition after its end, with this key code
const DRAFT = "documind.draft";
const MOST_STORED = 20_000; // characters of a draft; storage.js has tried that there is place for them
export const HAS_KEYBOARD = matchMedia("(hover: hover)").matches; // without one, focusing the field opens a keyboard over half the screen

/** @typedef {{ page: Page, chat_id: string, room: OpenRoom | null }} ComposerProps `room` is null until it is open */

/** @extends {Component<ComposerProps, { draft: string, isAsked: boolean }>} `isAsked`: it is sent once the room is open */
export class Composer extends Component {
  #key = `${DRAFT}.${this.props.page.state.session.user}.${this.props.chat_id}`; // not of who used this browser before
  state = { draft: localStorage.getItem(this.#key) ?? "", isAsked: false };
  /** @type {import("../lib/preact.js").RefObject<HTMLTextAreaElement | null>} */ #field = createRef();

  componentDidMount() {
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (isFree && HAS_KEYBOARD) this.#field.current?.focus();
  }

  componentDidUpdate() {
    if (this.state.isAsked && this.props.room) this.#ask();
  }

  /** @param {string} draft stored, so that neither another room nor a reload loses it */
  #write(draft) {
    if (draft && draft.length <= MOST_STORED) localStorage.setItem(this.#key, draft);
    else localStorage.removeItem(this.#key);
    this.setState({ draft, isAsked: false });
  }

  /** @param {InputEvent} event */
  #input = (event) => this.#write(/** @type {HTMLTextAreaElement} */ (event.currentTarget).value);

  /** @param {KeyboardEvent} event */
  #press = (event) => {
    const isComposing = event.isComposing || event.keyCode === IME_KEY_CODE;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    this.#ask();
  };

  /** @param {SubmitEvent} event */
  #submit = (event) => {
    event.preventDefault();
    this.#ask();
  };

  /** @param {MouseEvent} event of the one button, which keeps the focus; the second click of a double click does not stop */
  #click = (event) => {
    const { page, room } = this.props;
    const stream = room && ownStream(room);
    if (!stream) return;
    event.preventDefault();
    if (event.detail < 2 && !stream.stopping) page.questions.stop(stream.question_id);
  };

  #ask() {
    if (!this.#canSend()) return;
    if (!this.props.room) return this.setState({ isAsked: true });
    this.props.page.questions.ask(this.state.draft.trim());
    this.#write("");
  }

  #canSend() {
    const { room } = this.props;
    return Boolean(this.state.draft.trim()) && !(room && ownStream(room)) && !this.#isTooLong();
  }

  /** @returns {number} in code points, as on the server */
  #length() {
    return [...this.state.draft.trim()].length;
  }

  #isTooLong() {
    return this.#length() > (this.props.room?.limits.max_question_characters ?? Infinity);
  }

  #hint() {
    const { page, room } = this.props;
    const { t } = page;
    if (!room) return this.state.isAsked ? t.sent_later : t.ask_hint;
    if (this.#isTooLong()) return t.too_long(room.limits.max_question_characters, this.#length());
    const ticked = narrowed(room);
    if (ticked) return t.narrowed(ticked.length);
    const ready = room.documents.filter(({ status }) => status === "ready");
    const isNoneTicked = ready.length > 0 && ready.every(({ document_id }) => room.left_out.includes(document_id));
    return isNoneTicked ? t.none_ticked : t.ask_hint;
  }

  render() {
    const { page, room } = this.props;
    const { t } = page;
    if (room?.role === "reader") return html`<p class="composer composer-note">${t.read_only}</p>`;
    const stream = room && ownStream(room);
    const hint = this.#hint();
    const isUseless = stream ? stream.stopping : !this.#canSend();
    return html`
      <form class="composer" onSubmit=${this.#submit}>
        <div class="composer-box">
          <textarea aria-label=${t.ask_label} aria-describedby="composer-hint" aria-invalid=${String(this.#isTooLong())}
            placeholder=${t.ask_placeholder} rows="1" dir="auto" value=${this.state.draft} ref=${this.#field}
            onInput=${this.#input} onKeyDown=${this.#press} />
          <button class=${stream ? "primary send stop" : "primary send"} aria-label=${stream ? t.stop : t.send}
            title=${stream ? t.stop : t.send} aria-disabled=${String(isUseless)} onClick=${this.#click}
          ><${Icon} name=${stream ? "square" : "arrow-up"} /></button>
        </div>
        <small id="composer-hint" class=${hint === t.ask_hint ? "hint" : ""}>${hint}</small>
      </form>
    `;
  }
}

/** Focuses the composer, or the conversation for a reader, who has no composer. */
export function focusComposer() {
  /** @type {HTMLElement | null} */ (document.querySelector(".composer textarea") ?? document.querySelector(".scroller"))?.focus();
}

// Where a question is written; Send is Stop while the answer to one's own question comes.

import { Component } from "./lib/preact.js";
import { ownStream } from "./state.js";
import { html } from "./view.js";

/** @import { Page } from "./page.js" */
/** @import { OpenRoom } from "./types.d.ts" */

const IME_KEY_CODE = 229; // Safari ends a composition before its last Enter is told

/** @extends {Component<{ page: Page, room: OpenRoom }, { draft: string }>} */
export class Composer extends Component {
  state = { draft: "" };

  /** @param {InputEvent} event */
  #input = (event) => this.setState({ draft: /** @type {HTMLTextAreaElement} */ (event.currentTarget).value });

  /** @param {KeyboardEvent} event */
  #key = (event) => {
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

  #ask() {
    const { page, room } = this.props;
    const text = this.state.draft.trim();
    if (!text || ownStream(room) || this.#isTooLong()) return;
    page.questions.ask(text);
    this.setState({ draft: "" });
  }

  #isTooLong() {
    const characters = [...this.state.draft.trim()].length; // code points, as on the server
    return characters > this.props.room.limits.max_question_characters;
  }

  render() {
    const { page, room } = this.props;
    const { t } = page;
    if (room.role === "reader") return html`<p class="composer-note">${t.read_only}</p>`;
    const stream = ownStream(room);
    const isTooLong = this.#isTooLong();
    return html`
      <form class="composer" onSubmit=${this.#submit}>
        <textarea
          aria-label=${t.ask_label}
          aria-describedby="composer-hint"
          aria-invalid=${String(isTooLong)}
          placeholder=${t.ask_placeholder}
          rows="1"
          value=${this.state.draft}
          onInput=${this.#input}
          onKeyDown=${this.#key}
        />
        ${
          stream
            ? html`<button
              class="primary stop"
              type="button"
              disabled=${stream.stopping}
              onClick=${() => page.questions.stop(stream.question_id)}
            >${t.stop}</button>`
            : html`<button class="primary" disabled=${!this.state.draft.trim() || isTooLong}>${t.send}</button>`
        }
        <small id="composer-hint">${isTooLong ? t.too_long(room.limits.max_question_characters) : t.ask_hint}</small>
      </form>
    `;
  }
}

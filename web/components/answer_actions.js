// What can be done with an answer: copy it, with its sources or without, ask again, link to it.

import { formatAddress } from "../addresses.js";
import { answerMarkdown, answerText } from "../copying.js";
import { Component } from "../lib/preact.js";
import { html } from "../view.js";
import { IconButton } from "./icon.js";

/** @import { Page } from "../page.js" */
/** @import { Turn } from "../state.js" */

const SHOWN_MS = 2_000;

/** @extends {Component<{ page: Page, turn: Turn }, { done: string | null }>} */
export class AnswerActions extends Component {
  /** @type {{ done: string | null }} */
  state = { done: null };

  /** @param {string} what @param {string} text */
  async #copy(what, text) {
    await navigator.clipboard.writeText(text);
    this.setState({ done: what });
    setTimeout(() => this.setState({ done: null }), SHOWN_MS);
  }

  render() {
    const { page, turn } = this.props;
    const { answer, question, question_id } = turn;
    const { t, state } = page;
    const { done } = this.state;
    if (!answer) return null;
    const names = (/** @type {string} */ document_id) => page.documentName(document_id);
    const address = formatAddress({ room: state.room?.chat_id ?? null, question: question_id });
    const copies = [
      ["text", "copy", t.copy, () => answerText(answer)],
      ["markdown", "quote", t.copy_markdown, () => answerMarkdown(answer, names, t)],
      ["link", "link", t.copy_link, () => `${location.origin}/${address}`],
    ];
    return html`
      <div class="actions">
        ${copies.map(
          ([what, icon, label, text]) => html`<${IconButton}
            key=${what}
            icon=${done === what ? "check" : icon}
            label=${label}
            onClick=${() => this.#copy(String(what), /** @type {() => string} */ (text)())}
          />`,
        )}
        ${
          question &&
          state.room?.role !== "reader" &&
          html`<${IconButton} icon="rotate-ccw" label=${t.ask_again} onClick=${() => page.questions.ask(question.text)} />`
        }
        <${IconButton} icon="search" label=${t.why} onClick=${() => page.openDialog({ kind: "why", question_id })} />
        <span class="hidden" role="status">${done ? t.copied : ""}</span>
      </div>
    `;
  }
}

// What can be done with an answer: copy it, with its sources or without, ask again, link to it.

import { formatAddress } from "../addresses.js";
import { answerMarkdown, answerText } from "../copying.js";
import { html } from "../view.js";
import { CopyButton } from "./copy_button.js";
import { IconButton } from "./icon.js";

/** @param {{ page: Page, turn: Turn }} props */
export function AnswerActions({ page, turn: { answer, question, question_id } }) {
  const { t, state } = page;
  if (!answer) return null;
  const address = formatAddress({ room: state.room?.chat_id ?? null, question: question_id });
  return html`
    <div class="actions">
      <${CopyButton} page=${page} icon="copy" label=${t.copy} text=${() => answerText(answer)} />
      ${answer.citations.length > 0 && html`<${CopyButton} page=${page} icon="quote" label=${t.copy_markdown} text=${() => answerMarkdown(page, answer)} />`}
      <${CopyButton} page=${page} icon="link" label=${t.copy_link} text=${() => `${location.origin}/${address}`} />
      ${question && state.room?.role !== "reader" && html`<${IconButton} icon="rotate-ccw" label=${t.ask_again}
        onClick=${() => page.questions.ask(question.text)} />`}
      <${IconButton} icon="info" label=${t.why} onClick=${() => page.openDialog({ kind: "why", question_id })} />
    </div>
  `;
}

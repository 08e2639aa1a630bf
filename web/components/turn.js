// One question with its answer; drawn again only after a change of it.

import { html, Memo } from "../view.js";
import { isOwn } from "../state.js";
import { Answer } from "./answer.js";

const SETTLED_AFTER_MS = 500;

/** @param {Page} page @param {Turn} turn */
export function drawTurn(page, turn) {
  const draw = () => html`<${TurnView} page=${page} turn=${turn} />`;
  return html`<${Memo} key=${turn.question_id} from=${ingredients(page, turn)} draw=${draw} />`;
}

/** @param {{ page: Page, turn: Turn }} props */
function TurnView({ page, turn }) {
  const { question_id, question, pending, answer, stream } = turn;
  const isOurs = isOwn(turn, page.state.room?.user);
  const text = question?.text ?? pending?.text;
  return html`
    <article class=${`turn ${isOurs ? "own" : ""}`} id=${`turn-${question_id}`} ref=${settle}>
      ${text !== undefined && html`<div class=${`question ${pending ? "pending" : ""}`}>
        ${!isOurs && html`<span class="sender">${question?.sender}</span>`}
        <p dir="auto">${text}</p>
        ${pending && html`<${Delivery} page=${page} question_id=${question_id} error=${pending.error} />`}
      </div>`}
      ${(answer || stream) && html`<${Answer} page=${page} turn=${turn} />`}
    </article>
  `;
}

/** After its first layout its height is known, so it may be skipped in layout while it is not visible. @param {HTMLElement | null} turn */
function settle(turn) {
  setTimeout(() => turn?.setAttribute("data-settled", ""), SETTLED_AFTER_MS);
}

/** @param {Page} page @param {Turn} turn @returns {unknown[]} all values that a turn is drawn from */
function ingredients({ state }, { question, pending, answer, stream }) {
  const { language, room, viewer, quotes, connection } = state;
  const shown = answer?.citations.includes(/** @type {any} */ (viewer?.citation)) ? viewer?.citation : null;
  return [question, pending, answer, stream, language, room?.documents, room?.role, shown, quotes, pending && connection];
}

/** @param {{ page: Page, question_id: string, error: string | null }} props */
function Delivery({ page, question_id, error }) {
  const { t, state } = page;
  const isOffline = state.connection === "offline" || state.connection === "waiting";
  if (error === null) return html`<span class="delivery">${isOffline ? t.sent_later : t.sending}</span>`;
  return html`
    <span class="delivery failed" role="alert">
      ${error || `${t.not_sent} ${t.no_reply}`}
      <button type="button" class="quiet" onClick=${() => page.questions.retry(question_id)}>${t.retry}</button>
    </span>
  `;
}

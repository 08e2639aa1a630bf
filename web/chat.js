// The conversation: questions with their answers, and where one reads in it.

import { Answer, stageText } from "./answer.js";
import { Composer } from "./composer.js";
import { Component, createRef } from "./lib/preact.js";
import { ended } from "./outcomes.js";
import { RoomForm } from "./rooms.js";
import { starters } from "./starters.js";
import { turns } from "./state.js";
import { html } from "./view.js";

/** @import { Page } from "./page.js" */
/** @import { Turn } from "./state.js" */
/** @import { OpenRoom } from "./types.d.ts" */

const BOTTOM_PX = 60; // this near to the end, the reader follows what comes
const TOP_PX = 200;

/** @extends {Component<{ page: Page }>} */
export class Chat extends Component {
  /** @type {import("./lib/preact.js").RefObject<HTMLDivElement | null>} */
  #scroller = createRef();
  #follows = true;

  /** A PDF beside the chat makes it narrower and longer: who read its end still does. */
  #resize = new ResizeObserver(() => {
    const scroller = this.#scroller.current;
    if (scroller && this.#follows) scroller.scrollTop = scroller.scrollHeight;
  });

  componentWillUnmount() {
    this.#resize.disconnect();
  }

  /** Remember where the reader was, counted from the end: older messages are put in above. */
  getSnapshotBeforeUpdate() {
    const scroller = this.#scroller.current;
    if (!scroller) return null;
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    return {
      fromEnd,
      follows: fromEnd - scroller.clientHeight < BOTTOM_PX,
      first: scroller.querySelector(".turn")?.id,
      own: scroller.querySelectorAll(".turn.own").length,
    };
  }

  /**
   * @param {unknown} _props
   * @param {unknown} _state
   * @param {ReturnType<Chat["getSnapshotBeforeUpdate"]>} before
   */
  componentDidUpdate(_props, _state, before) {
    const scroller = this.#scroller.current;
    if (!scroller) return;
    this.#resize.observe(scroller); // twice does nothing; a room has an element of its own
    const hasAsked = before && scroller.querySelectorAll(".turn.own").length > before.own;
    const first = scroller.querySelector(".turn")?.id;
    if (before?.first && first !== before.first && !before.follows)
      scroller.scrollTop = scroller.scrollHeight - before.fromEnd;
    else if (!before || before.follows || hasAsked) scroller.scrollTop = scroller.scrollHeight;
  }

  #scroll = () => {
    const { page } = this.props;
    const scroller = this.#scroller.current;
    if (!scroller) return;
    this.#follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < BOTTOM_PX;
    if (scroller.scrollTop < TOP_PX && scroller.scrollHeight > scroller.clientHeight) page.loadOlder();
  };

  render() {
    const { page } = this.props;
    const { room, pending } = page.state;
    const { t } = page;
    if (!room) return html`<${NoRoom} page=${page} />`;
    const conversation = turns(room, pending);
    return html`
      <section class="chat" aria-label=${t.conversation}>
        <div class="scroller" ref=${this.#scroller} onScroll=${this.#scroll} tabindex="0" key=${room.chat_id}>
          ${
            room.next &&
            html`<p class="older">
            <button class="quiet" disabled=${room.loading_older} onClick=${() => page.loadOlder()}>
              ${room.loading_older ? t.loading : t.older}
            </button>
          </p>`
          }
          ${conversation.length === 0 && !room.stale && html`<${NoMessages} page=${page} room=${room} />`}
          ${conversation.map(
            (turn) => html`<${TurnView} key=${turn.question_id} page=${page} turn=${turn} user=${room.user} />`,
          )}
        </div>
        <${Announcer} page=${page} conversation=${conversation} />
        <${Composer} page=${page} room=${room} key=${`composer ${room.chat_id}`} />
      </section>
    `;
  }
}

/** @param {{ page: Page }} props */
function NoRoom({ page }) {
  const { rooms, opening } = page.state;
  const { t } = page;
  if (rooms === null || opening) return html`<p class="empty middle" role="status">${t.loading}</p>`;
  if (rooms.length > 0) return html`<p class="empty middle">${t.no_room_open}</p>`;
  return html`<div class="middle"><p class="empty">${t.no_rooms}</p><${RoomForm} page=${page} /></div>`;
}

/** @param {{ page: Page, room: OpenRoom }} props */
function NoMessages({ page, room }) {
  const hasDocuments = room.documents.some((document) => document.status === "ready");
  return html`
    <div class="middle">
      <p class="empty">${hasDocuments ? page.t.no_messages : page.t.no_messages_documents}</p>
      <p class="starters">
        ${starters(room, page.state.language).map(
          (text) => html`<button key=${text} onClick=${() => page.questions.ask(text)}>${text}</button>`,
        )}
      </p>
    </div>
  `;
}

/** @param {{ page: Page, turn: Turn, user: string }} props */
function TurnView({ page, turn, user }) {
  const { question_id, question, pending, answer, stream } = turn;
  const { t } = page;
  const isOwn = pending !== null || question?.sender === user;
  const text = question?.text ?? pending?.text;
  return html`
    <article class=${`turn ${isOwn ? "own" : ""}`} id=${`turn-${question_id}`}>
      ${
        text !== undefined &&
        html`<div class=${`question ${pending ? "pending" : ""}`}>
        ${!isOwn && html`<span class="sender">${question?.sender}</span>`}
        <p>${text}</p>
        ${pending && html`<${Delivery} page=${page} question_id=${question_id} error=${pending.error} />`}
      </div>`
      }
      ${(answer || stream) && html`<${Answer} page=${page} answer=${answer} stream=${stream} label=${t.answer} />`}
    </article>
  `;
}

/** @param {{ page: Page, question_id: string, error: string | null }} props */
function Delivery({ page, question_id, error }) {
  const { t } = page;
  if (error === null) return html`<span class="delivery">${t.sending}</span>`;
  return html`
    <span class="delivery failed" role="alert">
      ${error || `${t.not_sent} ${t.no_reply}`}
      <button class="quiet" onClick=${() => page.questions.retry(question_id)}>${t.retry}</button>
    </span>
  `;
}

/**
 * Tells a screen reader the stages and how an answer ended, not each piece of text.
 * @param {{ page: Page, conversation: Turn[] }} props
 */
function Announcer({ page, conversation }) {
  const last = conversation.at(-1);
  const answered = last?.answer ? (ended(last.answer, page.state.language).sentence ?? page.t.answered) : "";
  const text = last?.stream ? stageText(page, last.stream) : answered;
  return html`<p class="hidden" role="status">${text}</p>`;
}

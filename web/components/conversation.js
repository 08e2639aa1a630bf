// The turns of a room in order, and what is shown before, after or instead of them.

import { ended } from "../outcomes.js";
import { html } from "../view.js";
import { stageText } from "./answer.js";
import { NoMessages, Suggestions } from "./empty.js";
import { Hovercard } from "./hovercard.js";
import { drawTurn } from "./turn.js";

/** @param {{ page: Page, room: OpenRoom, turns: Turn[], isEmpty: boolean }} props `turns`: those that are drawn */
export function Conversation({ page, room, turns, isEmpty }) {
  const { t } = page;
  return html`
    <${Hovercard} page=${page} />
    <${Announcer} page=${page} last=${turns.at(-1)} />
    ${room.next && html`<p class="older">
      <button type="button" class="quiet" disabled=${room.loading_older} onClick=${() => page.rooms.loadOlder()}>
        ${room.loading_older ? t.loading : t.older}
      </button>
    </p>`}
    ${isEmpty && html`<${NoMessages} page=${page} room=${room} />`}
    ${turns.map((turn) => drawTurn(page, turn))}
    ${turns.length > 0 && html`<${Suggestions} page=${page} room=${room} asked=${turns.map(({ question }) => question?.text)} />`}
  `;
}

/**
 * Announces stages and the ending of an answer to a screen reader, but not each piece of text.
 * @param {{ page: Page, last: Turn | undefined }} props
 */
function Announcer({ page, last }) {
  const answered = last?.answer ? (ended(last.answer, page.state.language).sentence ?? page.t.answered) : "";
  const text = last?.stream ? stageText(page, last.stream) : answered;
  return html`<p class="hidden" role="status">${text}</p>`;
}

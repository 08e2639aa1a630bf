// The reasons of an answer: what was searched for, what was found, how long it took.

import { Component } from "../lib/preact.js";
import { html } from "../view.js";
import { Dialog } from "./dialog.js";

/** @import { FoundPassage, Reasons } from "../protocol.d.ts" */

/** @extends {Component<{ page: Page, question_id: string }, { reasons: Reasons | null | undefined }>} */
export class Why extends Component {
  /** @type {{ reasons: Reasons | null | undefined }} undefined until the server has replied */
  state = { reasons: undefined };

  componentDidMount() {
    const { page, question_id } = this.props;
    const ask = async () => {
      const { reasons } = await page.request({ type: "why", question_id });
      this.setState({ reasons: reasons ?? null }); // null after a day, when they have expired
    };
    page.submit(ask, { stays: true });
  }

  render() {
    const { page } = this.props;
    const { t } = page;
    const { reasons } = this.state;
    const isAnswer = (/** @type {Message} */ { kind, question_id }) => kind === "answer" && question_id === this.props.question_id;
    const cited = page.state.room?.messages.find(isAnswer)?.citations ?? [];
    return html`
      <${Dialog} page=${page} title=${t.why}>
        ${reasons === undefined && !page.state.dialog_error && html`<p class="empty" role="status">${t.loading}</p>`}
        ${reasons === null && html`<p>${t.why_gone}</p>`}
        ${reasons && html`<${Shown} page=${page} reasons=${reasons} cited=${cited} />`}
      <//>
    `;
  }
}

/** @param {{ page: Page, reasons: Reasons, cited: Citation[] }} props */
function Shown({ page, reasons, cited }) {
  const { t } = page;
  const { question, parts, passages, found_ms, first_text_ms, ended_ms, tokens } = reasons;
  return html`
    <dl class="why">
      <dt>${t.searched_for}</dt>
      <dd>${question}</dd>
      ${parts.map((part) => html`<dd key=${part}>${part}</dd>`)}
      <dt>${t.passages_found}</dt>
      <dd>
        <ol class="ranks">
          ${passages.map((each) => html`<li key=${each.number}><${Found} page=${page} passage=${each} cited=${cited} /></li>`)}
        </ol>
      </dd>
      <dt>${t.took}</dt>
      <dd>${t.times(seconds(found_ms), first_text_ms === null ? null : seconds(first_text_ms), seconds(ended_ms))}</dd>
      <dt>${t.tokens}</dt>
      <dd>${tokens}</dd>
    </dl>
  `;
}

/** @param {{ page: Page, passage: FoundPassage, cited: Citation[] }} props a found passage; a click shows it */
function Found({ page, passage, cited }) {
  const { t } = page;
  const { document_id, page: number, score, is_cited } = passage;
  const isSame = (/** @type {Citation} */ each) =>
    each.document_id === document_id && each.page === number && each.score === score; // not by number: that of a found passage is its rank
  const index = is_cited ? cited.findIndex(isSame) : -1;
  const show = () => {
    page.closeDialog();
    page.viewing.open(document_id, index < 0 ? { page: number } : { citation: cited[index], citations: cited });
  };
  return html`
    <button type="button" class="source-open" onClick=${show}>
      <span><span class="source-name">${page.documentName(document_id)}</span> · ${t.page(number)} · ${t.score(score.toFixed(2))}</span>
      ${is_cited && html`${" "}<strong>${t.is_cited}${index >= 0 && ` [${cited[index].number}]`}</strong>`}
    </button>
  `;
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return (milliseconds / 1_000).toFixed(2);
}

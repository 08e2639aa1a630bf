// One answer: its text as it streams, its citations, and how it ended.

import { ended } from "../outcomes.js";
import { html } from "../view.js";
import { AnswerActions } from "./answer_actions.js";
import { drawBlocks } from "./block.js";
import { Citations } from "./citations.js";

const FAILURES = ["error", "timeout"];

/** @param {{ page: Page, turn: Turn }} props */
export function Answer({ page, turn }) {
  const { answer, stream, question_id } = turn;
  const { t } = page;
  const { text, sentence } = answer ? ended(answer, page.state.language) : { text: stream?.text ?? "", sentence: null };
  const ending = answer?.ending ?? "answer";
  const citations = answer?.citations ?? NONE;
  const current = page.state.viewer?.citation;
  const shown = current && citations.includes(current) ? current.number : null;
  const written = drawBlocks(text, { page, t, citations, isWhole: answer !== null, shown });
  const isRefused = ending === "refused" && text !== "";
  return html`
    <div class=${`answer ${ending} ${stream ? "streaming" : ""}`} role="group" aria-label=${t.answer}
      aria-busy=${String(!answer)}>
      ${!isRefused && written}
      ${!answer && stream && html`<p class="stage">${stageText(page, stream)}</p>`}
      ${answer && text !== "" && !isRefused && answer.unverified.length > 0 && html`<p class="unverified">${t.unverified(unverified(answer))}</p>`}
      ${sentence && html`<p class="ending">
        ${sentence}
        ${FAILURES.includes(ending) && html` <code class="code-and-id" title=${t.code_and_id}>${ending} · ${question_id}</code>`}
      </p>`}
      ${isRefused && html`<details class="refused-text"><summary>${t.refused_text}</summary>${written}</details>`}
      ${citations.length > 0 && html`<${Citations} page=${page} citations=${citations} />`}
      ${answer && html`<${AnswerActions} page=${page} turn=${turn} />`}
    </div>
  `;
}

/** @param {Message} answer @returns {string} its unsupported parts; spans count code points */
function unverified({ text, unverified }) {
  const characters = [...text];
  return unverified.map(([start, end]) => characters.slice(start, end).join("").trim()).join(" … ");
}

/** @type {Citation[]} a constant list, so that an unchanged part is not drawn again */
const NONE = [];

/** @param {Page} page @param {Stream} stream @returns {string} the stage of the answer, as a sentence */
export function stageText({ t }, { searching, stage, stopping, text }) {
  if (stopping) return t.stopping;
  if (text) return t.stage.writing;
  if (stage) return t.stage[stage];
  return searching === null ? t.stage.waiting : t.stage.searching(searching);
}

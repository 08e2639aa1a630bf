// One document: its name, shortened in the middle, its status, and a menu of actions.

import { failureSentence } from "../outcomes.js";
import { html } from "../view.js";
import { Icon, IconButton } from "./icon.js";
import { Menu } from "./menu.js";

const LONG = /^([^\p{Script=Arabic}\p{Script=Hebrew}]{8,})(?<!\u200d)(?![\u200d\p{M}\p{EMod}\p{RI}])(.{8,})$/su; // not for scripts with joined letters, nor within an emoji

/** @param {{ page: Page, room: OpenRoom, document: RoomDocument }} props */
export function SourceRow({ page, room, document }) {
  const { document_id, name, status, pages_done, pages_total } = document;
  const { t } = page;
  const isReady = status === "ready";
  const isShown = page.state.viewer?.document_id === document_id;
  const { left_out } = room;
  const others = left_out.filter((each) => each !== document_id);
  const isTicked = others.length === left_out.length;
  return html`
    <li class=${`document ${status} ${isReady && shortcomings(t, document).length > 0 ? "noted" : ""}`}>
      ${
        isReady
          ? html`<label class="tick-area"><input type="checkbox" class="tick" aria-label=${t.search_in(name)} title=${t.search_in(name)}
              checked=${isTicked} onChange=${() => page.questions.leaveOut(isTicked ? [...left_out, document_id] : others)} /></label>`
          : html`<${Icon} name=${status === "failed" ? "triangle-alert" : "loader"} />`
      }
      <button type="button" class="name" dir="auto" title=${name} aria-label=${name} disabled=${!isReady}
        aria-current=${isShown ? "true" : undefined} onClick=${() => page.viewing.open(document_id)}
      ><${Name} name=${name} /></button>
      <span class="status" title=${status === "awaiting_upload" ? t.waiting_why : undefined}>${documentStatus(page, document)}</span>
      <${RowMenu} page=${page} room=${room} document=${document} />
      ${status === "reading" && pages_total > 0 && html`<progress aria-label=${name} value=${pages_done} max=${pages_total} />`}
    </li>
  `;
}

/** @param {{ page: Page, room: OpenRoom, document: RoomDocument }} props */
function RowMenu({ page, room, document }) {
  const { document_id, status, name } = document;
  const { t } = page;
  const canWrite = room.role !== "reader";
  const isOneOfSeveral = canWrite && room.documents.filter((each) => each.status === "ready").length > 1;
  const isFinished = status === "ready" || status === "failed" || status === "awaiting_upload";
  if (!isFinished || !(canWrite || status === "ready")) return null;
  /** @param {"summary" | "delete_document"} kind */
  const dialog = (kind) => () => page.openDialog({ kind, document_id });
  const readAgain = () => page.attempt(() => page.request({ type: "document.retry", document_id }));
  const others = room.documents.map((each) => each.document_id).filter((each) => each !== document_id);
  return html`
    <${Menu} id=${`menu-${document_id}`} icon="ellipsis-vertical" label=${t.menu_of(name)} items=${[
      status === "ready" && isOneOfSeveral && { icon: "list-filter", text: t.search_only, onClick: () => page.questions.leaveOut(others) },
      document.summary && { icon: "message-circle-question-mark", text: t.summary, onClick: dialog("summary") },
      status === "ready" && { icon: "download", text: t.download, onClick: () => page.download(document_id) },
      canWrite && status === "failed" && { icon: "rotate-ccw", text: t.read_again, onClick: readAgain },
      canWrite && { icon: "trash-2", text: t.delete, bad: true, onClick: dialog("delete_document") },
    ]} />
  `;
}

/** @param {{ name: string }} props shortened in the middle if it is too long: its end distinguishes it from others */
function Name({ name }) {
  const [, head, tail] = LONG.exec(name) ?? [];
  return head ? html`<span class="head">${head}</span>${tail}` : name;
}

/** @param {Page} page @param {RoomDocument} document */
function documentStatus({ state, t }, document) {
  const { document_id, status, reason, pages_done, pages_total } = document;
  if (status === "failed") return failureSentence(state, reason ?? "internal", document_id);
  if (status === "reading") return t.status.reading(pages_done, pages_total);
  if (status !== "ready") return t.status[status];
  return [t.status.ready(pages_total), ...shortcomings(t, document)].join(t.clause);
}

/** @param {Strings} t @param {RoomDocument} document @returns {string[]} sentences on pages that were empty, lost, garbled or read from pictures */
function shortcomings({ of_which }, { pages_empty, pages_lost, pages_garbled, from_pictures }) {
  const pictured = from_pictures.reduce((count, [first, last]) => count + last - first + 1, 0);
  return [
    pages_empty > 0 && of_which.empty(pages_empty),
    pages_lost > 0 && of_which.lost(pages_lost),
    pages_garbled > 0 && of_which.garbled(pages_garbled),
    pictured > 0 && of_which.pictured(pictured),
  ].filter((each) => each !== false);
}

/** @param {{ page: Page, transfer: Transfer }} props */
export function TransferRow({ page, transfer: { transfer_id, file: { name }, phase, fraction, error } }) {
  const { t } = page;
  const isFailed = phase === "failed";
  const status = phase === "hashing" ? t.phase.hashing : t.phase.sending(Math.floor(fraction * 100));
  return html`
    <li class=${`document ${isFailed ? "failed" : "sending"}`}>
      <${Icon} name=${isFailed ? "triangle-alert" : "file-up"} />
      <span class="name" dir="auto" title=${name}><${Name} name=${name} /></span>
      <span class="status">${isFailed ? error : status}</span>
      ${
        isFailed
          ? html`<span class="buttons">
              <${IconButton} icon="rotate-ccw" label=${t.retry} onClick=${() => page.uploads.retry(transfer_id)} />
              <${IconButton} icon="x" label=${t.dismiss} onClick=${() => page.uploads.dismiss(transfer_id)} />
            </span>`
          : html`<progress aria-label=${name} value=${fraction} max="1" />`
      }
    </li>
  `;
}

// Questions: each is sent and kept until confirmed, can be stopped, and missed text of its answer is requested.

import { NoReply, Refused } from "./connection.js";

const CHECK_INTERVAL_MS = 1_000;
const RETRY_AFTER_MS = 15_000; // after a resume without new text

export class Questions {
  #page;
  /** @type {Map<string, { epoch: number, seq: number, due_ms: number }>} */ #watched = new Map();
  /** @type {Set<string>} */ #resuming = new Set();

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    setInterval(() => this.catchUp(), CHECK_INTERVAL_MS);
  }

  /** @param {string} text @param {string[] | null} [document_ids] to ask; otherwise the ticked ones */
  ask(text, document_ids) {
    const { room } = this.#page.state;
    if (!room) return;
    const { chat_id } = room;
    const asked_of = document_ids ?? narrowed(room);
    const question = { chat_id, question_id: crypto.randomUUID(), text, document_ids: asked_of, error: null };
    this.#page.store.update((state) => ({ ...state, pending: [...state.pending, question], notice: null }));
    this.#send(question);
  }

  /** @param {string[]} left_out ids of the documents that the next question does not search */
  leaveOut(left_out) {
    this.#page.store.updateRoom(() => ({ left_out }));
  }

  /** @param {string} question_id of a failed question: a refused one gets a new id, one without a reply is sent again */
  retry(question_id) {
    const question = this.#page.state.pending.find((each) => each.question_id === question_id);
    if (!question) return;
    if (!question.error) {
      this.#send(question);
      return;
    }
    this.#page.store.update((state) => ({ ...state, pending: state.pending.filter((each) => each !== question) }));
    this.ask(question.text, question.document_ids);
  }

  /** Send unconfirmed questions again after a reconnection; the server handles a repeated id once. */
  sendPending() {
    for (const question of this.#page.state.pending) if (!question.error) this.#send(question);
  }

  /** @param {string} question_id */
  async stop(question_id) {
    this.#mark(question_id, true);
    await this.#page.request({ type: "stop", question_id }).catch(() => this.#mark(question_id, false));
  }

  /** Request missed text: at once after a gap, otherwise if an answer has had no new text for too long. */
  catchUp() {
    const { room, connection } = this.#page.state;
    if (!room || connection !== "open") return;
    const silence_ms = (room.limits.apology_after_s + 1) * 1000;
    const now_ms = Date.now();
    for (const { question_id, epoch, seq, gap } of Object.values(room.streams)) {
      const watched = this.#watched.get(question_id);
      if (!watched || watched.epoch !== epoch || watched.seq !== seq) {
        this.#watched.set(question_id, { epoch, seq, due_ms: now_ms + silence_ms });
      }
      const isDue = watched && now_ms >= watched.due_ms;
      if (!(gap || isDue) || this.#resuming.has(question_id)) continue;
      this.#watched.set(question_id, { epoch, seq, due_ms: now_ms + RETRY_AFTER_MS });
      this.#resume(question_id, epoch, seq);
    }
    for (const question_id of this.#watched.keys()) if (!(question_id in room.streams)) this.#watched.delete(question_id);
  }

  /** @param {string} question_id @param {number} epoch @param {number} seq */
  async #resume(question_id, epoch, seq) {
    this.#resuming.add(question_id);
    try {
      await this.#page.request({ type: "resume", question_id, epoch, seq });
    } catch (error) {
      if (!(error instanceof Refused && error.code.endsWith("_not_found"))) return;
      this.#page.store.updateRoom(({ streams: { [question_id]: _nothingWillCome, ...streams } }) => ({ streams }));
    } finally {
      this.#resuming.delete(question_id);
    }
  }

  /** @param {PendingQuestion} question */
  async #send({ chat_id, question_id, text, document_ids }) {
    this.#fail(question_id, null);
    try {
      await this.#page.connection.request({ type: "ask", chat_id, question_id, text, document_ids });
    } catch (error) {
      if (error instanceof NoReply && this.#page.state.connection !== "open") return; // it is sent again after the reconnection
      const isRefused = error instanceof Refused && error.code !== "internal"; // after an internal error it may have been accepted
      this.#fail(question_id, isRefused ? error.message : "");
    }
  }

  /** @param {string} question_id @param {string | null} error empty if there was no reply, null while there may still be one */
  #fail(question_id, error) {
    const { pending } = this.#page.state;
    const changed = pending.map((each) => (each.question_id === question_id ? { ...each, error } : each));
    this.#page.store.set({ pending: changed });
  }

  /** @param {string} question_id @param {boolean} stopping */
  #mark(question_id, stopping) {
    this.#page.store.updateRoom(({ streams }) => {
      const stream = streams[question_id];
      return stream ? { streams: { ...streams, [question_id]: { ...stream, stopping } } } : {};
    });
  }
}

/** @param {OpenRoom} room @returns {string[] | null} ids of the ticked ready documents; null if all are ticked */
export function narrowed({ documents, left_out }) {
  const ready = documents.filter(({ status }) => status === "ready").map(({ document_id }) => document_id);
  const ticked = ready.filter((document_id) => !left_out.includes(document_id));
  return ticked.length > 0 && ticked.length < ready.length ? ticked : null;
}

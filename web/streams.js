// Answers on their way, as the frames of the server let them grow.

/** @import { Delta } from "./protocol.d.ts" */

/**
 * @param {OpenRoom} room
 * @param {string} question_id
 * @param {(stream: Stream) => Stream} change
 * @returns {OpenRoom} with the changed stream, unless the question has ended
 */
export function withStream(room, question_id, change) {
  const ended = room.messages.some((message) => message.kind === "answer" && message.question_id === question_id);
  if (ended) return room;
  const stream = change(room.streams[question_id] ?? newStream(question_id));
  return { ...room, streams: { ...room.streams, [question_id]: stream } };
}

/** @param {Stream} stream @param {Delta} delta @returns {Stream} */
export function withDelta(stream, delta) {
  const { epoch, after, seq, text } = delta;
  const isOld = epoch < stream.epoch || (epoch === stream.epoch && seq <= stream.seq);
  if (isOld) return stream;
  if (after === 0) return { ...stream, epoch, seq, text, gap: false }; // the whole text so far
  if (epoch === stream.epoch && after === stream.seq) return { ...stream, seq, text: stream.text + text, gap: false };
  return { ...stream, gap: true };
}

/** @param {string} question_id @returns {Stream} */
export function newStream(question_id) {
  return { question_id, epoch: 0, seq: 0, text: "", stage: null, gap: false, stopping: false };
}

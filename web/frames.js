// Applies the frames of the server to the state; a frame that is applied twice or late changes nothing.

import { compare, folded, withItem } from "./state.js";

/** @import { Accepted, Closed, Delta, HistoryFrame, Members, Opened } from "./protocol.d.ts" */

const ERASING = ["delete_room", "delete_account", "receipts"]; // dialogs open for the user who deletes the room
const OF_NO_ROOM = ["delete_account", "receipts", "shortcuts"]; // other dialogs would be about the next room
const dialogOfNoRoom = (/** @type {State} */ { dialog }) => (OF_NO_ROOM.includes(dialog?.kind ?? "") ? dialog : null);

/** @param {State} state @param {ServerFrame} frame @returns {State} */
export function applyFrame(state, frame) {
  if (frame.type === "opened") return opened(state, frame);
  if (frame.type === "room") return roomChanged(state, frame.room);
  if (frame.type === "closed") return closed(state, frame);
  if (frame.type === "receipt") return { ...state, receipts: withReceipt(state.receipts ?? [], frame.receipt) };
  if (frame.type === "receipts") return { ...state, receipts: frame.receipts };
  if (!("chat_id" in frame)) return state; // an answer to one request, used by whoever sent it
  if (!state.room || frame.chat_id !== state.room.chat_id) return state; // it is about a room that was left meanwhile
  const room = inRoom(state, state.room, frame);
  const isIn = (/** @type {PendingQuestion} */ { question_id }) =>
    room.messages.some((message) => message.kind === "question" && message.question_id === question_id);
  return { ...state, room, pending: state.pending.filter((question) => !isIn(question)) };
}

/** @param {State} state @param {OpenRoom} room @param {Extract<ServerFrame, { chat_id: string }>} frame @returns {OpenRoom} */
function inRoom(state, room, frame) {
  switch (frame.type) {
    case "history":
      return withHistory(room, frame);
    case "accepted":
      return accepted(state, room, frame);
    case "message":
      return withStream(withMessages(room, [frame.message]), frame.message.question_id, (stream) => ({
        ...stream,
        searching: frame.searching ?? stream.searching, // a repeated question frame has no count
      }));
    case "stage":
      return withStream(room, frame.question_id, (stream) => ({ ...stream, stage: frame.name }));
    case "delta":
      return withStream(room, frame.question_id, (stream) => withDelta(stream, frame));
    case "document":
    case "upload":
      return { ...room, documents: withDocument(room.documents, frame.document) };
    case "members":
      return withMembers(room, frame);
    default:
      return room; // an answer to one request, used by whoever sent it
  }
}

/** @param {OpenRoom} room @param {Members} frame which may arrive after a later one @returns {OpenRoom} */
function withMembers(room, { members, as_of_ms }) {
  if (as_of_ms < room.members_as_of_ms) return room;
  const role = members.find((member) => member.user_id === room.user_id)?.role ?? room.role;
  return { ...room, members, members_as_of_ms: as_of_ms, role };
}

/** @param {State} state @param {Opened} frame @returns {State} */
function opened(state, frame) {
  const before = state.room?.chat_id === frame.chat_id ? state.room : null;
  const streams = frame.active.map(({ question_id }) => before?.streams[question_id] ?? newStream(question_id));
  const { chat_id, name, role, documents, members, limits, user } = frame;
  /** @type {OpenRoom} */
  const room = {
    ...{ chat_id, name, role, documents, members, limits, user: user.name, user_id: user.user_id },
    ...{ messages: before?.messages ?? [], next: before?.next ?? null, left_out: before?.left_out ?? [] },
    ...{ members_as_of_ms: 0, stale: true, loading_older: false },
    streams: Object.fromEntries(streams.map((stream) => [stream.question_id, stream])),
  };
  const kept = before ? {} : { invitation: null, viewer: null, card: null, dialog: dialogOfNoRoom(state) };
  const opening = [chat_id, name].includes(state.opening ?? "") ? null : state.opening; // another room was chosen meanwhile
  return { ...state, room, rooms: withRoom(state.rooms ?? [], room), opening, ...kept };
}

/** @param {State} state @param {Room} changed @returns {State} */
function roomChanged(state, changed) {
  const room = state.room?.chat_id === changed.chat_id ? { ...state.room, ...changed } : state.room;
  return { ...state, room, rooms: withRoom(state.rooms ?? [], changed) };
}

/**
 * @param {State} state
 * @param {Closed} frame
 * @returns {State} without the room; another can be chosen. A user who left or deleted it gets no notice
 */
function closed(state, { chat_id, reason, request_id }) {
  const rooms = state.rooms?.filter((room) => room.chat_id !== chat_id) ?? null;
  const pending = state.pending.filter((question) => question.chat_id !== chat_id);
  const isTheirs = request_id !== null || ERASING.includes(state.dialog?.kind ?? "");
  const notice = isTheirs ? null : reason;
  const left = state.room?.chat_id === chat_id ? { room: null, viewer: null, dialog: dialogOfNoRoom(state), notice } : {};
  return { ...state, rooms, pending, ...left };
}

/** @param {Room[]} rooms @param {Room} room @returns {Room[]} with it, sorted by name as on the server */
export function withRoom(rooms, { chat_id, name, role }) {
  return withItem(rooms, "chat_id", { chat_id, name, role }).toSorted((one, other) => compare(folded(one.name), folded(other.name)));
}

/** @param {OpenRoom} room @param {HistoryFrame} page @returns {OpenRoom} */
function withHistory(room, page) {
  const first = page.messages.at(0)?.message_id;
  const known = new Set(room.messages.map((message) => message.message_id));
  // Compared by its oldest message: a newer one may have arrived live just before the page.
  const connects = page.next === null || known.has(first ?? "");
  // After a long absence the page may not reach back to the known messages: then older ones are dropped, to leave no gap.
  const kept = room.stale && !connects ? room.messages.filter((message) => message.message_id > (first ?? "")) : room.messages;
  const merged = withMessages({ ...room, messages: kept, stale: false, loading_older: false }, page.messages);
  const isOldest = first === undefined || merged.messages[0].message_id === first;
  return { ...merged, next: isOldest ? page.next : room.next };
}

/** @param {State} state @param {OpenRoom} room @param {Accepted} frame @returns {OpenRoom} */
function accepted(state, room, frame) {
  const pending = state.pending.find((question) => question.question_id === frame.question_id);
  if (!pending) return room;
  const { question_id, message_id } = frame;
  /** @type {Message} */
  const question = {
    ...{ message_id, kind: "question", question_id, sender: room.user, text: pending.text },
    ...{ citations: [], unverified: [], ending: null },
  };
  return withStream(withMessages(room, [question]), question_id, (stream) => stream);
}

/**
 * @param {OpenRoom} room
 * @param {Message[]} messages
 * @returns {OpenRoom} with the messages merged by id; an answer among them ends its stream
 */
function withMessages(room, messages) {
  const known = new Set(room.messages.map(({ message_id }) => message_id)); // known ones are kept: they have quotes, unlike the history
  const added = messages.filter(({ message_id }) => !known.has(message_id));
  const merged = [...room.messages, ...added].sort((one, other) => compare(one.message_id, other.message_id));
  const answered = new Set(messages.filter(({ kind }) => kind === "answer").map(({ question_id }) => question_id));
  const streams = Object.fromEntries(Object.entries(room.streams).filter(([id]) => !answered.has(id)));
  return { ...room, messages: merged, streams };
}

/** @param {RoomDocument[]} documents @param {RoomDocument} document @returns {RoomDocument[]} */
function withDocument(documents, document) {
  if (document.status === "deleted") return documents.filter(({ document_id }) => document_id !== document.document_id);
  return withItem(documents, "document_id", document);
}

/** @param {Receipt[]} receipts newest first @param {Receipt} receipt @returns {Receipt[]} */
function withReceipt(receipts, receipt) {
  const isKnown = receipts.some(({ receipt_id }) => receipt_id === receipt.receipt_id);
  return isKnown ? withItem(receipts, "receipt_id", receipt) : [receipt, ...receipts];
}

/**
 * @param {OpenRoom} room
 * @param {string} question_id
 * @param {(stream: Stream) => Stream} change
 * @returns {OpenRoom} with the changed stream, unless the question has ended
 */
function withStream(room, question_id, change) {
  const ended = room.messages.some((message) => message.kind === "answer" && message.question_id === question_id);
  if (ended) return room;
  const stream = change(room.streams[question_id] ?? newStream(question_id));
  return { ...room, streams: { ...room.streams, [question_id]: stream } };
}

/** @param {Stream} stream @param {Delta} delta @returns {Stream} */
function withDelta(stream, delta) {
  const { epoch, after, seq, text } = delta;
  const isOld = epoch < stream.epoch || (epoch === stream.epoch && seq <= stream.seq);
  if (isOld) return stream;
  if (after === 0) return { ...stream, epoch, seq, text, gap: false }; // the whole text so far
  if (epoch === stream.epoch && after === stream.seq) return { ...stream, seq, text: stream.text + text, gap: false };
  return { ...stream, gap: true };
}

/** @param {string} question_id @returns {Stream} */
function newStream(question_id) {
  return { question_id, epoch: 0, seq: 0, text: "", searching: null, stage: null, gap: false, stopping: false };
}

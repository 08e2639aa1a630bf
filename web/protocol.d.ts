// Made from docs/protocol.schema.json by `make docs`; a test holds it to that.

export type ClientFrame =
  | Open
  | Leave
  | History
  | Ask
  | Stop
  | Resume
  | Why
  | Upload
  | DocumentView
  | DocumentDelete
  | DocumentRetry
  | RoomList
  | RoomRename
  | RoomInvite
  | RoomJoin
  | RoomUnshare
  | RoomDelete
  | AccountDelete
  | ReceiptList
  | Ping;
/**
 * Open a room by its name (created if new) or by its id; answered with `opened` and `history`.
 */
export type Open = {
  again?: boolean;
  chat_id?: string | null;
  request_id: string;
  room?: string | null;
  type: "open";
} & Open1;
export type Open1 =
  | {
      room: string;
      [k: string]: unknown;
    }
  | {
      chat_id: string;
      [k: string]: unknown;
    };
export type ServerFrame =
  | Opened
  | HistoryFrame
  | Accepted
  | Stage
  | Delta
  | MessageFrame
  | DocumentFrame
  | UploadTarget
  | View
  | WhyFrame
  | Rooms
  | RoomChanged
  | Closed
  | Members
  | Invitation
  | ReceiptFrame
  | Receipts
  | ErrorFrame
  | Pong;
/**
 * Why a frame was refused or a document failed; the code is part of the protocol.
 */
export type Code =
  | "frame_invalid"
  | "frame_unknown"
  | "frame_too_large"
  | "rate_limited"
  | "busy"
  | "not_signed_in"
  | "connection_limit"
  | "room_not_found"
  | "read_only"
  | "not_owner"
  | "owner_cannot_leave"
  | "room_name_taken"
  | "member_limit"
  | "user_not_found"
  | "invitation_invalid"
  | "removed_by_owner"
  | "confirmation_wrong"
  | "question_not_found"
  | "question_id_taken"
  | "question_too_long"
  | "document_not_found"
  | "document_limit"
  | "document_not_failed"
  | "page_not_found"
  | "name_invalid"
  | "upload_empty"
  | "upload_not_allowed"
  | "upload_too_large"
  | "upload_incomplete"
  | "pdf_invalid"
  | "pdf_encrypted"
  | "pdf_without_text"
  | "pdf_garbled"
  | "pdf_package"
  | "pdf_dynamic_form"
  | "pdf_too_long"
  | "pdf_too_complex"
  | "pages_budget"
  | "model_unavailable"
  | "search_unavailable"
  | "ingest_failed"
  | "internal";
/**
 * How a question ended; each question has exactly one.
 */
export type Ending = "answer" | "no_results" | "refused" | "greeting" | "stopped" | "budget" | "error" | "timeout";

/**
 * Close the room on this connection; answered with `pong`.
 */
export interface Leave {
  request_id: string;
  type: "leave";
}
/**
 * Ask for the messages before `before` (a message id), newest first; answered with `history`.
 */
export interface History {
  before: string;
  chat_id: string;
  request_id: string;
  type: "history";
}
/**
 * Ask a question; `question_id`, made by the client, is its idempotency key. Answered with `accepted`.
 */
export interface Ask {
  chat_id: string;
  document_ids?: string[] | null;
  question_id: string;
  request_id: string;
  text: string;
  type: "ask";
}
/**
 * Stop the answer to a question, which then ends as `stopped`; answered with `accepted`, or `message` if ended.
 */
export interface Stop {
  chat_id: string;
  question_id: string;
  request_id: string;
  type: "stop";
}
/**
 * Ask for the text of an answer after `seq`; answered with `delta`, or with the final `message`.
 */
export interface Resume {
  chat_id: string;
  epoch?: number;
  question_id: string;
  request_id: string;
  seq?: number;
  type: "resume";
}
/**
 * Ask how an answer was made; answered with `why`.
 */
export interface Why {
  chat_id: string;
  question_id: string;
  request_id: string;
  type: "why";
}
/**
 * Register a PDF; answered with `upload`, whose `url` takes the file by a presigned POST.
 */
export interface Upload {
  chat_id: string;
  name: string;
  request_id: string;
  sha256: string;
  size: number;
  type: "upload";
}
/**
 * Ask for a link to a PDF and for the text of one passage; answered with `view`.
 */
export interface DocumentView {
  chat_id: string;
  document_id: string;
  end?: number;
  page?: number;
  request_id: string;
  start?: number;
  type: "document.view";
}
/**
 * Erase a document in any state; answered with `receipt` at once, and again when the erasure is complete.
 *
 * The room gets `document` twice, with status `deleting` at once and `deleted` at the end.
 */
export interface DocumentDelete {
  chat_id: string;
  document_id: string;
  request_id: string;
  type: "document.delete";
}
/**
 * Have a failed document read again; its pages are charged to the sender's budget. Answered with `document`.
 */
export interface DocumentRetry {
  chat_id: string;
  document_id: string;
  request_id: string;
  type: "document.retry";
}
/**
 * Ask for a page of the user's rooms; `after` is the `next` of the page before. Answered with `rooms`.
 */
export interface RoomList {
  after?: string;
  request_id: string;
  type: "room.list";
}
/**
 * Rename the room; every connection that has it open gets `room`.
 */
export interface RoomRename {
  chat_id: string;
  name: string;
  request_id: string;
  type: "room.rename";
}
/**
 * Share the room: by the login name of a user, answered with `members`; or by a link, answered with `invitation`.
 *
 * An existing member gets this role.
 */
export interface RoomInvite {
  chat_id: string;
  name?: string | null;
  request_id: string;
  role: "writer" | "reader";
  type: "room.invite";
}
/**
 * Become a member by the token of an invitation; answered with `room`.
 */
export interface RoomJoin {
  request_id: string;
  token: string;
  type: "room.join";
}
/**
 * Remove a member, answered with `members`; with the sender's own id, leave the room, answered with `closed`.
 */
export interface RoomUnshare {
  chat_id: string;
  request_id: string;
  type: "room.unshare";
  user_id: string;
}
/**
 * Erase a room and all its contents; answered with `receipt` at once, and again when the erasure is complete.
 *
 * The owner can send it again while the room is being deleted, to enqueue a stuck erasure once more.
 */
export interface RoomDelete {
  chat_id: string;
  request_id: string;
  type: "room.delete";
}
/**
 * Erase the account, confirmed by its login name, with its own rooms, and leave others; answered with `receipt`.
 */
export interface AccountDelete {
  name: string;
  request_id: string;
  type: "account.delete";
}
/**
 * Ask for the newest receipts of the user; answered with `receipts`.
 */
export interface ReceiptList {
  request_id: string;
  type: "receipt.list";
}
/**
 * Keep the connection open (API Gateway closes it after 10 idle minutes); answered with `pong`.
 */
export interface Ping {
  request_id: string;
  type: "ping";
}
/**
 * The snapshot of a room that is now open on this connection; its messages follow as `history`.
 */
export interface Opened {
  active: ActiveQuestion[];
  chat_id: string;
  documents: Document[];
  limits: Limits;
  members: Member[];
  name: string;
  request_id: string | null;
  role: "owner" | "writer" | "reader";
  type: "opened";
  user: User;
}
/**
 * A question that has not ended; its text so far follows in a `delta`.
 */
export interface ActiveQuestion {
  deadline: number;
  question_id: string;
}
/**
 * A PDF of the room; `reason` says why it failed, `reason_page` is the first page (from 1) that was not read.
 *
 * `without_text` lists the first 20 pages that are empty, lost or garbled; `from_pictures` the first 20 ranges of
 * pages (first, last) whose text a model has read from pictures. `summary` and `questions` (which the document
 * answers) are in its language, arrive some time after it is ready, and may be absent.
 */
export interface Document {
  document_id: string;
  from_pictures: [number, number][];
  name: string;
  pages_done: number;
  pages_empty: number;
  pages_garbled: number;
  pages_lost: number;
  pages_total: number;
  questions: string[];
  reason: Code | null;
  reason_page: number | null;
  size_bytes: number;
  status: "awaiting_upload" | "queued" | "reading" | "ready" | "failed" | "deleting" | "deleted";
  summary: string | null;
  without_text: PageWithoutText[];
}
/**
 * A page (from 1) without searchable text: it has only pictures (`empty`), could not be read (`lost`), or its fonts
 * do not say which characters they show (`garbled`).
 */
export interface PageWithoutText {
  page: number;
  why: "empty" | "lost" | "garbled";
}
/**
 * The limits of a room; only `apology_after_s` differs between stages.
 */
export interface Limits {
  apology_after_s: number;
  max_pdf_pages: number;
  max_question_characters: number;
  max_room_documents: number;
  max_upload_bytes: number;
}
/**
 * A member of the room; `here` is true while a connection of this user has the room open.
 */
export interface Member {
  here: boolean;
  name: string;
  role: "owner" | "writer" | "reader";
  user_id: string;
}
/**
 * A signed-in person: `user_id` is the token's subject, `name` the login name.
 */
export interface User {
  name: string;
  user_id: string;
}
/**
 * Messages in ascending order; `next` is the `before` of the next older page, null at the oldest one.
 */
export interface HistoryFrame {
  chat_id: string;
  messages: Message[];
  next: string | null;
  request_id: string | null;
  type: "history";
}
/**
 * One message of the conversation; messages are ordered by `message_id` (a ULID, which contains the time).
 *
 * `unverified` are the spans (start, end) of an answer's `text`, in code points, that no passage supports. If an
 * answer ended as `refused`, all of its text is unverified, or the text is the sentence of the ending.
 */
export interface Message {
  citations: Citation[];
  ending: Ending | null;
  kind: "question" | "answer";
  message_id: string;
  question_id: string;
  sender: string | null;
  text: string;
  unverified: [number, number][];
}
/**
 * The passage that supports a statement: code points `start` to `end` of a page's text (pages count from 1).
 *
 * The answer's text refers to it as `[number]`. `quote` is sent with a new answer only and is not stored;
 * `document.view` returns it as long as the document exists. `rects` are its rectangles on the page: `[x0, y0, x1,
 * y1]` in points of the page as it is displayed, rotated and cropped, from its top left corner.
 */
export interface Citation {
  document_id: string;
  end: number;
  number: number;
  page: number;
  quote: string | null;
  rects: [number, number, number, number][];
  score: number;
  start: number;
}
/**
 * The question is stored, and a `message` with its ending will follow.
 */
export interface Accepted {
  chat_id: string;
  message_id: string;
  question_id: string;
  request_id: string | null;
  type: "accepted";
}
/**
 * What a question waits for.
 */
export interface Stage {
  chat_id: string;
  name: "waking" | "reading";
  question_id: string;
  request_id: string | null;
  type: "stage";
}
/**
 * A piece of an answer: its code points `after` to `seq`.
 *
 * Append it if `epoch` and `after` match the text that you have; ignore an older one; for any other, send `resume`.
 * A higher `epoch` restarts the text.
 */
export interface Delta {
  after: number;
  chat_id: string;
  epoch: number;
  question_id: string;
  request_id: string | null;
  seq: number;
  text: string;
  type: "delta";
}
/**
 * A stored message; one with an `ending` replaces all deltas of its question.
 *
 * `searching`: in how many documents the answer to this question is searched for; null where nothing is searched
 * for, and for all other messages.
 */
export interface MessageFrame {
  chat_id: string;
  message: Message;
  request_id: string | null;
  searching: number | null;
  type: "message";
}
/**
 * The current state of a document.
 */
export interface DocumentFrame {
  chat_id: string;
  document: Document;
  request_id: string | null;
  type: "document";
}
/**
 * A presigned POST for the file: send `fields`, then `file`. `url` is null if the room already has the file.
 */
export interface UploadTarget {
  chat_id: string;
  document: Document;
  fields: {
    [k: string]: string;
  };
  request_id: string | null;
  type: "upload";
  url: string | null;
}
/**
 * A link to the PDF, valid until `expires_at` (seconds since 1970), and the text of the passage.
 *
 * `rects` are its rectangles: `[x0, y0, x1, y1]` in points of the page as it is displayed, from its top left corner.
 */
export interface View {
  chat_id: string;
  document_id: string;
  expires_at: number;
  page: number;
  quote: string;
  rects: [number, number, number, number][];
  request_id: string | null;
  type: "view";
  url: string;
}
/**
 * How an answer was made; `reasons` is null from a day after its end on, and if no passages were found.
 */
export interface WhyFrame {
  chat_id: string;
  question_id: string;
  reasons: Reasons | null;
  request_id: string | null;
  type: "why";
}
/**
 * How an answer was made; times are in milliseconds since the question was accepted.
 *
 * `question` is the text that was searched for, with a follow-up completed; `parts` are the questions that it was
 * split into. `first_text_ms` is null if no text was streamed.
 */
export interface Reasons {
  ended_ms: number;
  first_text_ms: number | null;
  found_ms: number;
  parts: string[];
  passages: FoundPassage[];
  question: string;
  tokens: number;
}
/**
 * A passage that the model was given, numbered by its rank; `is_cited`: the answer cites it.
 */
export interface FoundPassage {
  document_id: string;
  is_cited: boolean;
  number: number;
  page: number;
  score: number;
}
/**
 * Rooms of the user, in the order of their names; `next` is the `after` of the next page.
 */
export interface Rooms {
  next: string | null;
  request_id: string | null;
  rooms: Room[];
  type: "rooms";
}
/**
 * A room of which the user is a member, with the user's role.
 */
export interface Room {
  chat_id: string;
  name: string;
  role: "owner" | "writer" | "reader";
}
/**
 * The current state of a room, for connections that have it open, and for a user who joined it or was invited.
 */
export interface RoomChanged {
  chat_id: string;
  request_id: string | null;
  room: Room;
  type: "room";
}
/**
 * The room is no longer open on this connection: the user was removed or left, or the room is being deleted.
 */
export interface Closed {
  chat_id: string;
  reason: "removed" | "deleted";
  request_id: string | null;
  type: "closed";
}
/**
 * All members of the room, ordered by name, read at `as_of_ms` (since 1970); ignore a list older than yours.
 */
export interface Members {
  as_of_ms: number;
  chat_id: string;
  members: Member[];
  request_id: string | null;
  type: "members";
}
/**
 * The token of an invitation link for `room.join`, valid until `expires_at` (seconds since 1970).
 */
export interface Invitation {
  chat_id: string;
  expires_at: number;
  request_id: string | null;
  role: "owner" | "writer" | "reader";
  token: string;
  type: "invitation";
}
/**
 * The current state of an erasure.
 */
export interface ReceiptFrame {
  receipt: Receipt;
  request_id: string | null;
  type: "receipt";
}
/**
 * The state of an erasure, complete once `erased_at` (seconds since 1970) is set; it cannot reach `remains`.
 */
export interface Receipt {
  chat_id: string | null;
  erased_at: number | null;
  kind: "room" | "document" | "account";
  name: string;
  receipt_id: string;
  remains: ("backups" | "model_provider" | "messages_elsewhere" | "answers")[];
  removed: Removed;
  requested_at: number;
}
/**
 * How much an erasure removed; `uploads` counts every version of an S3 object.
 */
export interface Removed {
  chunks: number;
  memberships: number;
  messages: number;
  page_texts: number;
  rooms: number;
  segments: number;
  uploads: number;
}
/**
 * The newest receipts of the user, newest first.
 */
export interface Receipts {
  receipts: Receipt[];
  request_id: string | null;
  type: "receipts";
}
/**
 * A frame was refused and changed nothing, or failed (`internal`); `message` is a sentence for the user.
 */
export interface ErrorFrame {
  code: Code;
  message: string;
  request_id: string | null;
  retry_after_s: number | null;
  type: "error";
}
/**
 * The reply to `ping` and `leave`.
 */
export interface Pong {
  request_id: string | null;
  type: "pong";
}

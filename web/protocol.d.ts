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
 * Open a room by its name (made when new) or by its id; answered with `opened` and `history`.
 */
export type Open = {
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
 * Ask a question under an id that the client makes; sending it again under the same id is idempotent.
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
 * Stop the answer to a question; it then ends as `stopped`.
 */
export interface Stop {
  chat_id: string;
  question_id: string;
  request_id: string;
  type: "stop";
}
/**
 * Ask for what followed `seq` of a question's answer; answered with `delta` or its final `message`.
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
 * Ask how an answer came about; answered with `why`.
 */
export interface Why {
  chat_id: string;
  question_id: string;
  request_id: string;
  type: "why";
}
/**
 * Register a PDF; answered with `upload`, to whose `url` the file is then posted.
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
 * Ask for a link to a PDF and for the words of one passage; answered with `view`.
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
 * Erase a document, whatever its state; answered with `receipt`, and again when that is done.
 *
 * The room gets `document`: at once with status `deleting`, in the end with `deleted`.
 */
export interface DocumentDelete {
  chat_id: string;
  document_id: string;
  request_id: string;
  type: "document.delete";
}
/**
 * Have a failed document read again, its pages counted against the sender's budget; answered with `document`.
 */
export interface DocumentRetry {
  chat_id: string;
  document_id: string;
  request_id: string;
  type: "document.retry";
}
/**
 * Ask for the rooms of the user, those behind `after` (the `next` of a page); answered with `rooms`.
 */
export interface RoomList {
  after?: string;
  request_id: string;
  type: "room.list";
}
/**
 * Give the room another name; everybody in it gets `room`.
 */
export interface RoomRename {
  chat_id: string;
  name: string;
  request_id: string;
  type: "room.rename";
}
/**
 * Share the room: with the user of a login name, answered with `members`, or by a link, with `invitation`.
 *
 * An existing member gets the role given here.
 */
export interface RoomInvite {
  chat_id: string;
  name?: string | null;
  request_id: string;
  role: "writer" | "reader";
  type: "room.invite";
}
/**
 * Become a member by the token of an invitation; answered with `room`, which can then be opened.
 */
export interface RoomJoin {
  request_id: string;
  token: string;
  type: "room.join";
}
/**
 * Remove a member, answered with `members`; or leave the room by one's own id, answered with `closed`.
 */
export interface RoomUnshare {
  chat_id: string;
  request_id: string;
  type: "room.unshare";
  user_id: string;
}
/**
 * Erase a room with all that is in it; answered with `receipt`, and again when that is done.
 *
 * Sent again it continues an erasure that got stuck, although nobody can open the room any more.
 */
export interface RoomDelete {
  chat_id: string;
  request_id: string;
  type: "room.delete";
}
/**
 * Erase the account, confirmed by its login name: own rooms are erased, others left; answered with `receipt`.
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
 * The room is open on this connection: all of it but the messages, which follow as `history`.
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
 * A PDF of the room; `reason` says why it failed, `reason_page` from which page (from 1) on it is not read.
 *
 * `without_text` names the first 20 of the pages that are empty, lost or garbled; `from_pictures` the first 20 runs of
 * pages, each from its first to its last, whose text a model has read from pictures. `summary` and `questions`, which
 * it answers, come some time after it is ready, in its language; there may be none.
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
 * A page (from 1) of which nothing can be found: there is nothing on it but pictures, it could not be read, or its
 * fonts do not tell which characters they show.
 */
export interface PageWithoutText {
  page: number;
  why: "empty" | "lost" | "garbled";
}
/**
 * What a room accepts; the same on every stage, but for the time until an apology.
 */
export interface Limits {
  apology_after_s: number;
  max_pdf_pages: number;
  max_question_characters: number;
  max_room_documents: number;
  max_upload_bytes: number;
}
/**
 * Someone who may enter the room; `here` says that a connection of theirs has it open right now.
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
 * Messages in ascending order; `next` is the `before` of the next older page.
 */
export interface HistoryFrame {
  chat_id: string;
  messages: Message[];
  next: string | null;
  request_id: string | null;
  type: "history";
}
/**
 * One entry of the conversation; messages are ordered by `message_id` (a ULID, so it tells the time).
 *
 * `unverified` are the spans of an answer's `text`, in code points from the first up to the second, that no passage
 * supports; an answer that ended as `refused` has nothing else, or the ending's sentence as its text.
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
 * The passage a claim stands on: code points `start` to `end` of a page's text (pages count from 1).
 *
 * `number` is what stands in the answer's text as `[number]`. `quote` comes with a new answer only: citations are
 * references, and `document.view` gives the words for as long as the document exists. `rects` are where they stand:
 * `[x0, y0, x1, y1]` in points of the page as it is displayed, rotated and cropped, from its top left corner.
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
 * The question is kept and will end.
 */
export interface Accepted {
  chat_id: string;
  message_id: string;
  question_id: string;
  request_id: string | null;
  type: "accepted";
}
/**
 * What is being done for a question; `documents` says in how many documents it is searched.
 */
export interface Stage {
  chat_id: string;
  documents: number;
  name: "searching" | "reading";
  question_id: string;
  request_id: string | null;
  type: "stage";
}
/**
 * A piece of an answer: its code points `after` to `seq`.
 *
 * Apply it only if `epoch` and `after` continue what you have; ignore what is older; otherwise send `resume`.
 * A higher `epoch` starts the text anew.
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
 * A message as it is kept; the one with an `ending` replaces all deltas.
 */
export interface MessageFrame {
  chat_id: string;
  message: Message;
  request_id: string | null;
  type: "message";
}
/**
 * A document as it is now.
 */
export interface DocumentFrame {
  chat_id: string;
  document: Document;
  request_id: string | null;
  type: "document";
}
/**
 * Where to post the file: `fields` first, then `file`. Without a `url` the room already has this very file.
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
 * A link to the PDF, valid until `expires_at` (seconds since 1970), and the words of the passage.
 *
 * `rects` are where they stand: `[x0, y0, x1, y1]` in points of the page as it is displayed, from its top left corner.
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
 * How an answer came about; null a day after it ended, and where no passage was looked for.
 */
export interface WhyFrame {
  chat_id: string;
  question_id: string;
  reasons: Reasons | null;
  request_id: string | null;
  type: "why";
}
/**
 * How an answer came about; times are in milliseconds since it was asked, of the first text where there was one.
 *
 * `question` is the one that was searched for and answered, `parts` what it asks at once.
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
 * A passage that the model was given, by its rank; `is_cited` says that the answer stands on it.
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
 * A room the user is a member of.
 */
export interface Room {
  chat_id: string;
  name: string;
  role: "owner" | "writer" | "reader";
}
/**
 * A room as it is now, to whoever has it open or has just joined it.
 */
export interface RoomChanged {
  chat_id: string;
  request_id: string | null;
  room: Room;
  type: "room";
}
/**
 * The room is no longer open on this connection: its user was removed, or it is being deleted.
 */
export interface Closed {
  chat_id: string;
  reason: "removed" | "deleted";
  request_id: string | null;
  type: "closed";
}
/**
 * All members of the room, ordered by name, as they were at `as_of_ms` (since 1970); an older list is ignored.
 */
export interface Members {
  as_of_ms: number;
  chat_id: string;
  members: Member[];
  request_id: string | null;
  type: "members";
}
/**
 * The token of a link: whoever sends it with `room.join` before `expires_at` (seconds since 1970) is a member.
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
 * An erasure as it stands.
 */
export interface ReceiptFrame {
  receipt: Receipt;
  request_id: string | null;
  type: "receipt";
}
/**
 * Proof of an erasure, which goes on until `erased_at` (seconds since 1970); `remains` is what it cannot reach.
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
 * How much an erasure removed; of uploads every version counts.
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
 * A frame was refused and changed nothing; `message` is a sentence for the user.
 */
export interface ErrorFrame {
  code: Code;
  message: string;
  request_id: string | null;
  retry_after_s: number | null;
  type: "error";
}
/**
 * The connection works.
 */
export interface Pong {
  request_id: string | null;
  type: "pong";
}

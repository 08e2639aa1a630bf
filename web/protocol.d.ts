// The frames of the WebSocket protocol as documind.wire defines them; that package is the source.

export type Role = "owner" | "writer" | "reader";
export type StageName = "searching" | "reading"; // the first delta says that it is being written
export type DocumentStatus = "awaiting_upload" | "queued" | "reading" | "ready" | "failed" | "deleting";
export type Ending = "answer" | "no_results" | "refused" | "stopped" | "budget" | "error" | "timeout";
export type Rectangle = [number, number, number, number];

export interface Member {
  user_id: string;
  name: string;
  role: Role;
  here: boolean;
}

export interface Room {
  chat_id: string;
  name: string;
  role: Role;
}

export interface RoomDocument {
  document_id: string;
  name: string;
  status: DocumentStatus;
  size_bytes: number;
  pages_total: number;
  pages_done: number;
  pages_empty: number;
  reason: string | null;
}

export interface Citation {
  number: number;
  document_id: string;
  page: number;
  start: number;
  end: number;
  score: number;
  rects: Rectangle[];
  quote: string | null;
}

export interface Message {
  message_id: string;
  kind: "question" | "answer";
  question_id: string;
  sender: string | null;
  text: string;
  citations: Citation[];
  ending: Ending | null;
}

export interface Removed {
  uploads: number;
  page_texts: number;
  chunks: number;
  messages: number;
  segments: number;
  rooms: number;
  memberships: number;
}

export interface Receipt {
  receipt_id: string;
  kind: "room" | "account";
  name: string;
  chat_id: string | null;
  requested_at: number;
  erased_at: number | null;
  removed: Removed;
  remains: ("backups" | "model_provider" | "messages_elsewhere")[];
}

export interface Limits {
  max_upload_bytes: number;
  max_room_documents: number;
  max_question_characters: number;
  apology_after_s: number;
}

export type ClientFrame =
  | { type: "open"; room: string }
  | { type: "open"; chat_id: string }
  | { type: "leave" }
  | { type: "history"; chat_id: string; before: string }
  | { type: "ask"; chat_id: string; question_id: string; text: string; document_ids?: string[] }
  | { type: "stop"; chat_id: string; question_id: string }
  | { type: "resume"; chat_id: string; question_id: string; epoch: number; seq: number }
  | { type: "upload"; chat_id: string; name: string; size: number; sha256: string }
  | { type: "document.view"; chat_id: string; document_id: string; page: number; start: number; end: number }
  | { type: "room.list"; after?: string }
  | { type: "room.rename"; chat_id: string; name: string }
  | { type: "room.invite"; chat_id: string; role: "writer" | "reader"; name?: string }
  | { type: "room.join"; token: string }
  | { type: "room.unshare"; chat_id: string; user_id: string }
  | { type: "room.delete"; chat_id: string }
  | { type: "account.delete"; name: string }
  | { type: "receipt.list" }
  | { type: "ping" };

interface Reply {
  request_id: string | null;
}
interface OfRoom extends Reply {
  chat_id: string;
}

export interface Opened extends OfRoom {
  type: "opened";
  name: string;
  role: Role;
  user: { user_id: string; name: string };
  documents: RoomDocument[];
  members: Member[];
  active: { question_id: string; deadline: number }[];
  limits: Limits;
  server_time: number;
}
export interface HistoryPage extends OfRoom {
  type: "history";
  messages: Message[];
  next: string | null;
}
export interface Accepted extends OfRoom {
  type: "accepted";
  question_id: string;
  message_id: string;
}
export interface Stage extends OfRoom {
  type: "stage";
  question_id: string;
  name: StageName;
  documents: number;
}
export interface Delta extends OfRoom {
  type: "delta";
  question_id: string;
  epoch: number;
  after: number;
  seq: number;
  text: string;
}
export interface MessageFrame extends OfRoom {
  type: "message";
  message: Message;
}
export interface DocumentFrame extends OfRoom {
  type: "document";
  document: RoomDocument;
}
export interface UploadTarget extends OfRoom {
  type: "upload";
  document: RoomDocument;
  url: string | null;
  fields: Record<string, string>;
}
export interface View extends OfRoom {
  type: "view";
  document_id: string;
  url: string;
  expires_at: number;
  page: number;
  quote: string;
  rects: Rectangle[];
}
export interface Rooms extends Reply {
  type: "rooms";
  rooms: Room[];
  next: string | null;
}
export interface RoomChanged extends OfRoom {
  type: "room";
  room: Room;
}
export interface Closed extends OfRoom {
  type: "closed";
  reason: "removed" | "deleted";
}
export interface Members extends OfRoom {
  type: "members";
  as_of_ms: number;
  members: Member[];
}
export interface Invitation extends OfRoom {
  type: "invitation";
  token: string;
  role: Role;
  expires_at: number;
}
export interface ReceiptFrame extends Reply {
  type: "receipt";
  receipt: Receipt;
}
export interface Receipts extends Reply {
  type: "receipts";
  receipts: Receipt[];
}
export interface ErrorFrame extends Reply {
  type: "error";
  code: string;
  message: string;
  retry_after_s: number | null;
}
export interface Pong extends Reply {
  type: "pong";
}

export type ServerFrame =
  | Opened
  | HistoryPage
  | Accepted
  | Stage
  | Delta
  | MessageFrame
  | DocumentFrame
  | UploadTarget
  | View
  | Rooms
  | RoomChanged
  | Closed
  | Members
  | Invitation
  | ReceiptFrame
  | Receipts
  | ErrorFrame
  | Pong;

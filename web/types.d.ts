// What the page knows, as state.js keeps it.

import type { Citation, ClientFrame, Invitation, Message, Opened, Receipt, Room, Stage } from "./protocol.d.ts";

type Omitted<Frame, Name> = Frame extends unknown ? Omit<Frame, Name & keyof Frame> : never;

/** What is asked of the server; the connection gives it its `request_id`. */
export type Request = Omitted<ClientFrame, "request_id">;

/** What is asked about the room that is open. */
export type RoomRequest = Omitted<Extract<ClientFrame, { chat_id: string }>, "request_id" | "chat_id">;

export type Language = "en" | "zh-TW";

export type Palette = "system" | "light" | "dark";

export interface Session {
  status: "starting" | "signed_out" | "signed_in" | "failed";
  user: string | null;
  demos: string[]; // who can be had without a password (local runs only)
}

/** An answer on its way: `seq` code points of attempt `epoch` are in `text`; `gap` says that some were missed. */
export interface Stream {
  question_id: string;
  epoch: number;
  seq: number;
  text: string;
  searching: number | null;
  stage: Stage["name"] | null;
  gap: boolean;
  stopping: boolean;
}

/** A question of ours that the server has not confirmed. */
export interface PendingQuestion {
  chat_id: string;
  question_id: string;
  text: string;
  document_ids: string[] | null; // narrowed to these documents
  error: string | null;
}

export interface OpenRoom extends Pick<Opened, "chat_id" | "name" | "role" | "documents" | "members" | "limits"> {
  user: string;
  user_id: string;
  members_as_of_ms: number;
  messages: Message[]; // ascending by message_id
  next: string | null; // where older messages continue
  stale: boolean; // opened again: the next page of history tells what was missed
  loading_older: boolean;
  streams: Record<string, Stream>; // by question_id
  left_out: string[]; // documents that are not to be searched for the next question
}

/** A file on its way to the bucket. */
export interface Transfer {
  transfer_id: string;
  chat_id: string;
  file: File;
  phase: "hashing" | "sending" | "failed";
  fraction: number;
  document_id: string | null;
  error: string | null;
}

/** The PDF beside the chat, opened at a page, or at a citation of an answer whose others can be stepped through. */
export interface Viewer {
  document_id: string;
  page: number;
  citation: Citation | null;
  citations: Citation[];
  rects?: Citation["rects"]; // of the passage, where the citation brought none
  error: string | null;
  is_full: boolean; // on a narrow screen: all of it instead of its lower half
}

export type Dialog =
  | { kind: "share" | "rename" | "leave" | "delete_room" | "delete_account" | "shortcuts" }
  | { kind: "receipts"; signs_out?: boolean }
  | { kind: "delete_document" | "summary"; document_id: string }
  | { kind: "why"; question_id: string };

export interface State {
  language: Language;
  palette: Palette;
  session: Session;
  connection: "connecting" | "open" | "waiting" | "offline" | "closed";
  rooms: Room[] | null;
  room: OpenRoom | null;
  pending: PendingQuestion[];
  opening: string | null; // name or id of the room that was asked for
  transfers: Transfer[];
  viewer: Viewer | null;
  card: { citation: Citation; citations: Citation[]; anchor: HTMLElement } | null; // the citation that is pointed at
  quotes: Record<string, string>; // words of passages that were looked up, by quoteKey
  dialog: Dialog | null;
  dialog_error: string | null;
  invitation: Invitation | null; // the newest link into the room that is open
  receipts: Receipt[] | null; // newest first
  offline_model: boolean; // answers come from the local run's model, and nobody has closed the banner that says so
  linked: string | null; // the question that a link leads to
  notice: string | null; // a sentence for the user that belongs to no place of its own
  menu_open: boolean; // on a narrow screen: rooms and documents are shown
}

// Types that every module may use: of other modules, of the protocol, and of the state in state.js.

// The global that a classic script sets on the window.
interface Window {
  oidc: typeof import("oidc-client-ts");
}

type Page = import("./page.js").Page;
type Strings = import("./strings.js").Strings;
type State = ReturnType<typeof import("./state.js").initialState>;
type RoomDocument = import("./protocol.d.ts").Document;
type Citation = import("./protocol.d.ts").Citation;
type ClientFrame = import("./protocol.d.ts").ClientFrame;
type Code = import("./protocol.d.ts").Code;
type Member = import("./protocol.d.ts").Member;
type Message = import("./protocol.d.ts").Message;
type Receipt = import("./protocol.d.ts").Receipt;
type Room = import("./protocol.d.ts").Room;
type ServerFrame = import("./protocol.d.ts").ServerFrame;

type Omitted<Frame, Name> = Frame extends unknown ? Omit<Frame, Name & keyof Frame> : never;

/** A request to the server, without the `request_id` that the connection adds. */
type FrameRequest = Omitted<ClientFrame, "request_id">;

/** A request about the open room. */
type RoomRequest = Omitted<Extract<ClientFrame, { chat_id: string }>, "request_id" | "chat_id">;

type Language = "en" | "zh-TW";

type Palette = "system" | "light" | "dark";

/** A running answer: `text` has `seq` code points of attempt `epoch`; `gap`: some were missed. */
interface Stream {
  question_id: string;
  epoch: number;
  seq: number;
  text: string;
  searching: number | null;
  stage: import("./protocol.d.ts").Stage["name"] | null;
  gap: boolean;
  stopping: boolean;
}

/** A question of the user that the server has not confirmed. */
interface PendingQuestion {
  chat_id: string;
  question_id: string;
  text: string;
  document_ids: string[] | null; // only these documents are searched; null: all
  error: string | null;
}

/** One question with its answer, as far as there is one. */
interface Turn {
  question_id: string;
  question: Message | null;
  pending: PendingQuestion | null;
  answer: Message | null;
  stream: Stream | null;
}

interface OpenRoom extends Pick<import("./protocol.d.ts").Opened, "chat_id" | "name" | "role" | "documents" | "members" | "limits"> {
  user: string;
  user_id: string;
  members_as_of_ms: number;
  messages: Message[]; // ascending by message_id
  next: string | null; // where older messages continue
  stale: boolean; // the room was opened again; the next page of history has the missed messages
  loading_older: boolean;
  streams: Record<string, Stream>; // by question_id
  left_out: string[]; // ids of documents that the next question does not search
}

/** A running or failed upload of a file. */
interface Transfer {
  transfer_id: string;
  chat_id: string;
  file: File;
  phase: "hashing" | "sending" | "failed";
  fraction: number;
  document_id: string | null;
  error: string | null;
}

/** The PDF beside the chat, opened at a page or at a citation; the others of the answer can be stepped through. */
interface ViewerState {
  document_id: string;
  page: number;
  citation: Citation | null;
  citations: Citation[];
  rects?: Citation["rects"]; // rectangles of the passage, if the citation had none
  error: string | null;
  is_full: boolean; // covers a narrow screen instead of its lower half
}

type OpenDialog =
  | { kind: "share" | "rename" | "leave" | "delete_room" | "delete_account" | "shortcuts" }
  | { kind: "receipts"; signs_out?: boolean }
  | { kind: "delete_document" | "summary"; document_id: string }
  | { kind: "why"; question_id: string };

/** What a connection needs, and whom it tells. */
interface ConnectionOptions {
  url: () => string;
  language: () => string;
  token: (renew: boolean) => Promise<import("./session.js").Tokens>;
  onOpen: () => void;
  onFrame: (frame: ServerFrame) => void;
  onStatus: (status: "connecting" | "open" | "waiting" | "offline") => void;
}

/** Whom the pages of a PDF tell; `null`: nothing was found. */
interface PagesOptions {
  onPage: (number: number) => void;
  onScale: (scale: number) => void;
  onFound: (matches: { current: number; total: number } | null) => void;
}

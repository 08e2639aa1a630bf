// What a classic script leaves on the window.
interface Window {
  oidc: typeof import("oidc-client-ts");
}

// Types that every module may name.
type Page = import("./page.js").Page;
type Turn = import("./state.js").Turn;
type Store = import("./state.js").Store;
type Connection = import("./connection.js").Connection;
type Strings = import("./strings.js").Strings;
type OpenRoom = import("./types.d.ts").OpenRoom;
type Transfer = import("./types.d.ts").Transfer;
type Language = import("./types.d.ts").Language;
type State = import("./types.d.ts").State;
type Stream = import("./types.d.ts").Stream;
type PendingQuestion = import("./types.d.ts").PendingQuestion;
type RoomDocument = import("./protocol.d.ts").Document;
type Citation = import("./protocol.d.ts").Citation;
type Message = import("./protocol.d.ts").Message;
type Member = import("./protocol.d.ts").Member;
type Receipt = import("./protocol.d.ts").Receipt;
type Reasons = import("./protocol.d.ts").Reasons;
type Room = import("./protocol.d.ts").Room;
type ServerFrame = import("./protocol.d.ts").ServerFrame;
type Code = import("./protocol.d.ts").Code;

// The state of the page: a store, and functions that derive values from the state.

/** @typedef {{ status: "starting" | "signed_out" | "signed_in" | "failed" | "unreachable", user: string | null, demos: string[] }} SignIn */
/** @typedef {{ citation: Citation, citations: Citation[], anchor: HTMLElement }} Card */

/** @param {{ language: Language, palette: Palette }} chosen by the user; kept after a sign-out */
export function initialState({ language, palette }) {
  return {
    language,
    palette,
    session: /** @type {SignIn} */ ({ status: "starting", user: null, demos: [] }), // demos: users that need no password
    connection: /** @type {"connecting" | "open" | "waiting" | "offline" | "closed"} */ ("connecting"),
    rooms: /** @type {Room[] | null} */ (null),
    room: /** @type {OpenRoom | null} */ (null),
    pending: /** @type {PendingQuestion[]} */ ([]),
    opening: /** @type {string | null} */ (null), // name or id of the room that is being opened
    transfers: /** @type {Transfer[]} */ ([]),
    viewer: /** @type {ViewerState | null} */ (null),
    card: /** @type {Card | null} */ (null), // of the hovered or focused citation
    quotes: /** @type {Record<string, string>} */ ({}), // words of passages that were loaded, by quoteKey
    dialog: /** @type {OpenDialog | null} */ (null),
    dialog_error: /** @type {string | null} */ (null),
    invitation: /** @type {import("./protocol.d.ts").Invitation | null} */ (null), // the newest link into the open room
    receipts: /** @type {Receipt[] | null} */ (null), // newest first
    linked: /** @type {string | null} */ (null), // the question that a link leads to
    offline_model: false, // whether the banner about the local run's offline model is shown
    notice: /** @type {string | null} */ (null), // a sentence for the user without a place of its own
    menu_open: false, // whether rooms and documents are shown on a narrow screen
  };
}

/** Holds the state; every change is a pure function from the old to the new state. */
export class Store {
  /** @type {State} */ #state;
  /** @type {Set<() => void>} */ #listeners = new Set();

  /** @param {State} state */
  constructor(state) {
    this.#state = state;
  }

  get state() {
    return this.#state;
  }

  /** @param {(state: State) => State} change */
  update(change) {
    const next = change(this.#state);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }

  /** @param {Partial<State>} values */
  set(values) {
    this.update((state) => ({ ...state, ...values }));
  }

  /** @param {(room: OpenRoom) => Partial<OpenRoom>} change of the open room, if any */
  updateRoom(change) {
    this.update((state) => (state.room ? { ...state, room: { ...state.room, ...change(state.room) } } : state));
  }

  /** @param {() => void} listener called after each change */
  subscribe(listener) {
    this.#listeners.add(listener);
  }
}

/**
 * The turns of the conversation: each answer under its question, questions sorted by message id, the user's unconfirmed
 * ones last. The same messages give the same list on every client.
 * @param {OpenRoom} room
 * @param {PendingQuestion[]} pending
 * @returns {Turn[]}
 */
export function turns(room, pending) {
  /** @type {Map<string, Turn>} */
  const byQuestion = new Map();
  /** @param {string} question_id */
  const turn = (question_id) => {
    const known = byQuestion.get(question_id);
    if (known) return known;
    const made = { question_id, question: null, pending: null, answer: null, stream: null };
    byQuestion.set(question_id, made);
    return made;
  };
  for (const message of room.messages) turn(message.question_id)[message.kind] = message;
  for (const stream of Object.values(room.streams)) turn(stream.question_id).stream = stream;
  for (const question of pending) if (question.chat_id === room.chat_id) turn(question.question_id).pending = question;
  return [...byQuestion.values()].sort((one, other) => compare(position(one), position(other)));
}

/** @param {Turn} turn @returns {string} the message id by which it is sorted; without one, a text after all ULIDs */
function position(turn) {
  return turn.question?.message_id ?? turn.answer?.message_id ?? (turn.pending ? "~~" : "~");
}

/** @param {Turn} turn @param {string | undefined} user */
export function isOwn({ question, pending }, user) {
  return pending !== null || question?.sender === user;
}

/** @param {OpenRoom} room @returns {Stream | null} the newest running answer to a question of the user */
export function ownStream(room) {
  const own = room.messages.filter((message) => message.kind === "question" && message.sender === room.user);
  const active = own.filter((message) => message.question_id in room.streams);
  return active.length ? room.streams[active[active.length - 1].question_id] : null;
}

/**
 * @param {{ document_id: string, page: number, start: number, end: number }} passage
 * @returns {string} the key of its words in `State.quotes`
 */
export function quoteKey(passage) {
  return `${passage.document_id} ${passage.page} ${passage.start} ${passage.end}`;
}

const COMPLETE = /[.!?。！？；：…][\s"'”’」』)）\]]*$/;

/**
 * Passages end with their page: one that continues on the next page is cited as two, and is shown as one.
 * @param {State} state
 * @param {Citation} citation
 * @param {Citation[]} citations of the same answer
 * @returns {Citation[]} the citation with its part on the previous or the next page
 */
export function wholePassage(state, citation, citations) {
  const overleaf = (/** @type {Citation} */ one) =>
    citations.find(({ document_id, page, start }) => document_id === one.document_id && page === one.page + 1 && start === 0);
  const isCut = (/** @type {Citation} */ one) => !COMPLETE.test(quoteOf(state, one) ?? ".");
  const before = citations.find((one) => overleaf(one) === citation && isCut(one));
  const after = isCut(citation) ? overleaf(citation) : undefined;
  return [before, citation, after].filter((each) => each !== undefined);
}

/** @param {State} state @param {string} document_id @returns {RoomDocument | undefined} of the open room, unless it is being deleted */
export function documentOf({ room }, document_id) {
  return room?.documents.find((each) => each.document_id === document_id && each.status !== "deleting");
}

/** @param {State} state @param {Citation} citation @returns {string | undefined} its words, if they are loaded; empty once its document is deleted */
export function quoteOf(state, citation) {
  if (!documentOf(state, citation.document_id)) return "";
  return citation.quote ?? state.quotes[quoteKey(citation)];
}

/** @param {State} state @param {Citation[]} parts of a passage @returns {string} their words, as far as they are loaded */
export function wordsOf(state, parts) {
  return parts.map((each) => quoteOf(state, each) ?? "").join("\n").trim();
}

/**
 * @template T
 * @param {T[]} list
 * @param {keyof T} key
 * @param {T} item
 * @returns {T[]} with the item replacing the one with the same key, else at the end
 */
export function withItem(list, key, item) {
  const isKnown = list.some((each) => each[key] === item[key]);
  return isKnown ? list.map((each) => (each[key] === item[key] ? item : each)) : [...list, item];
}

/** @param {string} name @returns {string} by which it is sorted and found: in other letters it may be the same, as é of one or of two characters */
export function folded(name) {
  return name.normalize("NFKC").toLowerCase();
}

/** @param {string} one @param {string} other */
export function compare(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

// What the page knows, in one place: a store, and the questions that others ask of it.

/** @typedef {{ status: "starting" | "signed_out" | "signed_in" | "failed" | "unreachable", user: string | null, demos: string[] }} SignIn */
/** @typedef {{ citation: Citation, citations: Citation[], anchor: HTMLElement }} Card */

/** @param {{ language: Language, palette: Palette }} chosen which outlives a sign-out */
export function initialState({ language, palette }) {
  return {
    language,
    palette,
    session: /** @type {SignIn} */ ({ status: "starting", user: null, demos: [] }), // demos: who needs no password
    connection: /** @type {"connecting" | "open" | "waiting" | "offline" | "closed"} */ ("connecting"),
    rooms: /** @type {Room[] | null} */ (null),
    room: /** @type {OpenRoom | null} */ (null),
    pending: /** @type {PendingQuestion[]} */ ([]),
    opening: /** @type {string | null} */ (null), // name or id of the room that was asked for
    transfers: /** @type {Transfer[]} */ ([]),
    viewer: /** @type {ViewerState | null} */ (null),
    card: /** @type {Card | null} */ (null), // of the citation that is pointed at
    quotes: /** @type {Record<string, string>} */ ({}), // words of passages that were looked up, by quoteKey
    dialog: /** @type {OpenDialog | null} */ (null),
    dialog_error: /** @type {string | null} */ (null),
    invitation: /** @type {import("./protocol.d.ts").Invitation | null} */ (null), // the newest link into the room that is open
    receipts: /** @type {Receipt[] | null} */ (null), // newest first
    linked: /** @type {string | null} */ (null), // the question that a link leads to
    offline_model: false, // answers come from the local run's model, and nobody has closed the banner that says so
    notice: /** @type {string | null} */ (null), // a sentence for the user that belongs to no place of its own
    menu_open: false, // on a narrow screen: rooms and documents are shown
  };
}

/** Holds the state; every change is a pure function from the state as it is to the state as it will be. */
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

  /** @param {(room: OpenRoom) => Partial<OpenRoom>} change of the room that is open, if any */
  updateRoom(change) {
    this.update((state) => (state.room ? { ...state, room: { ...state.room, ...change(state.room) } } : state));
  }

  /** @param {() => void} listener called after each change */
  subscribe(listener) {
    this.#listeners.add(listener);
  }
}

/**
 * The conversation as it is read: each answer under its question, questions in the order of their message ids, ours
 * that are not confirmed last. The same messages give the same list on every client.
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

/** @param {Turn} turn @returns {string} the message id the turn stands at; what has none yet comes after all ULIDs */
function position(turn) {
  return turn.question?.message_id ?? turn.answer?.message_id ?? (turn.pending ? "~~" : "~");
}

/** @param {Turn} turn @param {string | undefined} user */
export function isOwn({ question, pending }, user) {
  return pending !== null || question?.sender === user;
}

/** @param {OpenRoom} room @returns {Stream | null} the newest answer on its way to a question of our own */
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
 * Passages end with their page: one whose last sentence goes on overleaf is cited as two, and is shown as one.
 * @param {State} state
 * @param {Citation} citation
 * @param {Citation[]} citations of the same answer
 * @returns {Citation[]} the citation, with what it goes on from or in
 */
export function wholePassage(state, citation, citations) {
  const overleaf = (/** @type {Citation} */ one) =>
    citations.find(({ document_id, page, start }) => document_id === one.document_id && page === one.page + 1 && start === 0);
  const isCut = (/** @type {Citation} */ one) => !COMPLETE.test(quoteOf(state, one) ?? ".");
  const before = citations.find((one) => overleaf(one) === citation && isCut(one));
  const after = isCut(citation) ? overleaf(citation) : undefined;
  return [before, citation, after].filter((each) => each !== undefined);
}

/** @param {State} state @param {Citation} citation @returns {string | undefined} its words, once they are known */
export function quoteOf(state, citation) {
  return citation.quote ?? state.quotes[quoteKey(citation)];
}

/** @param {State} state @param {Citation[]} parts of a passage @returns {string} their words, as far as they are known */
export function wordsOf(state, parts) {
  return parts.map((each) => quoteOf(state, each) ?? "").join("\n").trim();
}

/**
 * @template T
 * @param {T[]} list
 * @param {keyof T} key
 * @param {T} item
 * @returns {T[]} with the item in place of the one with the same key, or else at the end
 */
export function withItem(list, key, item) {
  const isKnown = list.some((each) => each[key] === item[key]);
  return isKnown ? list.map((each) => (each[key] === item[key] ? item : each)) : [...list, item];
}

/** @param {string} one @param {string} other */
export function compare(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

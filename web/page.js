// The page: what a person can do on it, over the state that its parts show.

import { Connection, Refused } from "./connection.js";
import { applyFrame } from "./frames.js";
import { Questions } from "./questions.js";
import { Session } from "./session.js";
import { initialState, quoteKey, Store } from "./state.js";
import { keepLanguage, preferredLanguage, strings } from "./strings.js";
import { Uploads } from "./uploads.js";

/** @import { Citation, Rooms as RoomsPage, ServerFrame, View } from "./protocol.d.ts" */
/** @import { Language, Request } from "./types.d.ts" */

const LAST_ROOM = "documind.last_room";
const OPEN_AGAIN_AFTER_MS = 10_000;

export class Page {
  store = new Store(initialState(preferredLanguage()));
  /** @type {Session} */ #session;
  #connection;
  /** @type {number | undefined} */ #openAgainTimer;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#connection = new Connection({
      url: session.config.websocket_url,
      language: () => this.state.language,
      token: (renew) => this.#token(renew),
      onOpen: () => this.#connected(),
      onFrame: (frame) => this.#received(frame),
      onStatus: (connection) => this.store.set({ connection }),
    });
    this.questions = new Questions(this.store, this.#connection);
    this.uploads = new Uploads(this.store, this.#connection);
  }

  get state() {
    return this.store.state;
  }

  /** The sentences of the page in its language. */
  get t() {
    return strings[this.state.language];
  }

  /** Sign in as before, or as the demo user, and connect. */
  async start() {
    await this.#signIn(() => this.#session.resume());
  }

  signIn() {
    return this.#signIn(() => this.#session.signIn());
  }

  signInAsDemo() {
    return this.#signIn(() => this.#session.signInAsDemo());
  }

  /** Go to the login page; the present person is signed out first. */
  async signInAsOther() {
    await (this.#session.isDemo ? this.signIn() : this.signOut());
  }

  async signOut() {
    this.#leave();
    await this.#session.signOut();
  }

  /** @param {Language} language */
  setLanguage(language) {
    keepLanguage(language);
    this.store.set({ language });
    if (this.state.connection === "open") this.#connection.replace(); // the server's sentences follow
  }

  /** @param {{ chat_id: string } | { room: string }} which by id, or by name (made when new) */
  async openRoom(which) {
    const opening = "room" in which ? which.room : which.chat_id;
    this.store.set({ opening, viewer: null, menu_open: false, notice: null });
    const error = await this.#open(which);
    const notice = error === null ? null : error instanceof Refused ? error.message : this.t.no_reply;
    this.store.set({ opening: null, notice });
  }

  /** Load the messages before those that are shown. */
  async loadOlder() {
    const { room } = this.state;
    if (!room?.next || room.loading_older) return;
    this.store.set({ room: { ...room, loading_older: true } });
    const error = await this.#try({ type: "history", chat_id: room.chat_id, before: room.next });
    if (error && this.state.room) this.store.set({ room: { ...this.state.room, loading_older: false } });
  }

  /**
   * Show a PDF beside the chat.
   * @param {string} document_id
   * @param {Citation | null} citation the passage to open it at; without one, its first page
   */
  async openDocument(document_id, citation) {
    const page = citation?.page ?? 1;
    this.store.set({ viewer: { document_id, page, citation, view: null, error: null }, menu_open: false });
    const outcome = await this.#view({ document_id, page, start: citation?.start ?? 0, end: citation?.end ?? 0 });
    const { viewer } = this.state;
    if (viewer?.document_id !== document_id || viewer.citation !== citation) return; // another was opened meanwhile
    this.store.set({ viewer: { ...viewer, ...outcome } });
  }

  /** @param {string} document_id */
  documentName(document_id) {
    const document = this.state.room?.documents.find((each) => each.document_id === document_id);
    return document?.name ?? this.t.removed_document;
  }

  closeDocument() {
    this.store.set({ viewer: null });
  }

  /** @param {Citation} citation whose words are wanted */
  async loadQuote(citation) {
    const key = quoteKey(citation);
    if (citation.quote !== null || key in this.state.quotes) return;
    const { document_id, page, start, end } = citation;
    const { view } = await this.#view({ document_id, page, start, end });
    if (view) this.store.set({ quotes: { ...this.state.quotes, [key]: view.quote } });
  }

  toggleMenu() {
    this.store.set({ menu_open: !this.state.menu_open });
  }

  dismissNotice() {
    this.store.set({ notice: null });
  }

  get #lastRoomKey() {
    return `${LAST_ROOM}.${this.#session.user}`;
  }

  /** @param {() => Promise<void>} signIn */
  async #signIn(signIn) {
    const { hasDemo } = this.#session;
    try {
      await signIn();
      const { user } = this.#session;
      this.store.set({ session: { status: user ? "signed_in" : "signed_out", user, demo: hasDemo } });
      if (user) await this.#connection.start();
    } catch (error) {
      console.error(error);
      this.store.set({ session: { status: "failed", user: null, demo: hasDemo } });
    }
  }

  #leave() {
    this.#connection.stop();
    const { language } = this.state;
    this.store.set({
      ...initialState(language),
      session: { status: "signed_out", user: null, demo: this.#session.hasDemo },
    });
  }

  /** @param {boolean} renew */
  async #token(renew) {
    try {
      return await this.#session.token(renew);
    } catch (error) {
      if (!this.#session.user) this.#leave(); // the sign-in has run out; otherwise it is the network
      throw error;
    }
  }

  /** Each new connection starts without a room: open the one that was open, or the last, or the first. */
  async #connected() {
    const listed = this.#listRooms().catch(() => null);
    const before = this.state.room?.chat_id ?? localStorage.getItem(this.#lastRoomKey);
    if (before) await this.#openUntilShown(before);
    await listed;
    const first = this.state.rooms?.[0];
    if (!this.state.room && !this.state.opening && first) await this.#openUntilShown(first.chat_id);
  }

  /**
   * Open a room again where no reply came, or its history did not: a connection hears nothing of a room not opened on it.
   * @param {string} chat_id
   */
  async #openUntilShown(chat_id) {
    clearTimeout(this.#openAgainTimer);
    const error = await this.#openByItself(chat_id);
    if (error instanceof Refused && error.code === "room_not_found") {
      this.#forgetRoom();
      return;
    }
    this.#openAgainTimer = setTimeout(() => {
      const { room, connection } = this.state;
      const isWanted = room ? room.chat_id === chat_id : error !== null;
      if (connection === "open" && isWanted && (error !== null || room?.stale)) this.#openUntilShown(chat_id);
    }, OPEN_AGAIN_AFTER_MS);
  }

  /** Fetch the list of rooms, page by page. */
  async #listRooms() {
    const rooms = [];
    /** @type {string | null} */
    let after = "";
    while (after !== null) {
      /** @type {RoomsPage} */
      const page = await this.#connection.request({ type: "room.list", after });
      rooms.push(...page.rooms);
      after = page.next;
    }
    this.store.set({ rooms });
  }

  /** @param {string} chat_id of a room that nobody has clicked: only where none is shown is it said to be loading */
  async #openByItself(chat_id) {
    if (!this.state.room) this.store.set({ opening: chat_id });
    const error = await this.#open({ chat_id });
    this.store.set({ opening: null });
    return error;
  }

  /**
   * @param {{ chat_id: string } | { room: string }} which
   * @returns {Promise<unknown>} what went wrong, if anything
   */
  async #open(which) {
    const error = await this.#try({ type: "open", ...which });
    if (error || !this.state.room) return error;
    localStorage.setItem(this.#lastRoomKey, this.state.room.chat_id);
    this.questions.sendPending();
    return null;
  }

  #forgetRoom() {
    localStorage.removeItem(this.#lastRoomKey);
    this.store.set({ room: null, viewer: null });
  }

  /** @param {ServerFrame} frame */
  #received(frame) {
    this.store.update((state) => applyFrame(state, frame));
    if (frame.type === "delta") this.questions.catchUp();
    if (frame.type === "error" && frame.code === "connection_limit") {
      this.store.set({ notice: frame.message, connection: "closed" });
    }
  }

  /**
   * @param {Request} frame
   * @returns {Promise<unknown>} what went wrong, if anything
   */
  async #try(frame) {
    return this.#connection.request(frame).then(
      () => null,
      (error) => error,
    );
  }

  /**
   * @param {{ document_id: string, page: number, start: number, end: number }} passage
   * @returns {Promise<{ view: View | null, error: string | null }>}
   */
  async #view(passage) {
    const chat_id = this.state.room?.chat_id ?? "";
    try {
      return { view: await this.#connection.request({ type: "document.view", chat_id, ...passage }), error: null };
    } catch (error) {
      return { view: null, error: error instanceof Refused ? error.message : this.t.no_reply };
    }
  }
}

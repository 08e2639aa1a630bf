// Rooms: which is open, and what a member may do with it.

import { NoReply, Refused } from "./connection.js";

/** @import { RoomChanged, Rooms as RoomsPage } from "./protocol.d.ts" */
/** @import { Questions } from "./questions.js" */
/** @import { Request } from "./types.d.ts" */

const LAST_ROOM = "documind.last_room";
const OPEN_AGAIN_AFTER_MS = 10_000;

export class Rooms {
  #store;
  #connection;
  #questions;
  #user;
  /** @type {number | undefined} */ #openAgainTimer;

  /**
   * @param {Store} store
   * @param {Connection} connection
   * @param {Questions} questions
   * @param {() => string | null} user the login name, by which the last room is kept
   */
  constructor(store, connection, questions, user) {
    this.#store = store;
    this.#connection = connection;
    this.#questions = questions;
    this.#user = user;
  }

  /**
   * @param {{ chat_id: string } | { room: string }} which by id, or by name (made when new)
   * @returns {Promise<Error | null>} what went wrong, if anything
   */
  async open(which) {
    const opening = "room" in which ? which.room : which.chat_id;
    this.#store.set({ opening, viewer: null, card: null, menu_open: false, notice: null });
    return this.#open(which);
  }

  /** Say which room will be opened once there is a connection. @param {string | null} addressed as for `openFirst` */
  expect(addressed) {
    this.#store.set({ opening: addressed ?? localStorage.getItem(this.#lastRoomKey) });
  }

  /**
   * Each new connection starts without a room: open the one that was open, or the one of the address, the last, the first.
   * @param {string | null} addressed the room that the page's address names
   */
  async openFirst(addressed) {
    const named = this.#store.state.room?.chat_id ?? addressed;
    const before = named ?? localStorage.getItem(this.#lastRoomKey);
    const listed = this.#list(before === null).catch(() => null);
    if (before) await this.#openUntilShown(before, named !== null);
    await listed;
    const { room, opening, rooms } = this.#store.state;
    const first = rooms?.[0]?.chat_id;
    if (first && !room && (opening === null || opening === first)) await this.#openUntilShown(first);
  }

  /** Close the room here; its list of people follows when the connection opens another or ends. */
  async close() {
    const chat_id = this.#store.state.room?.chat_id;
    clearTimeout(this.#openAgainTimer);
    this.#store.set({ room: null, viewer: null, card: null });
    if (chat_id) await this.#connection.request({ type: "leave" }).catch(() => null);
  }

  /** @param {string} token of an invitation; @returns {Promise<{ chat_id: string }>} the room, now open */
  async join(token) {
    /** @type {RoomChanged} */
    const { room } = await this.#connection.request({ type: "room.join", token });
    const error = await this.open({ chat_id: room.chat_id });
    if (error) throw error;
    return room;
  }


  /** Load the messages before those that are shown. */
  async loadOlder() {
    const { room } = this.#store.state;
    if (!room?.next || room.loading_older) return;
    this.#store.updateRoom(() => ({ loading_older: true }));
    const error = await this.#try({ type: "history", chat_id: room.chat_id, before: room.next });
    if (error) this.#store.updateRoom(() => ({ loading_older: false }));
  }

  get #lastRoomKey() {
    return `${LAST_ROOM}.${this.#user()}`;
  }

  /**
   * Open a room again where no reply came, or its history did not: a connection hears nothing of a room not opened on it.
   * @param {string} chat_id
   * @param {boolean} [isNamed] by the address, or shown so far: it is said that there is no such room
   */
  async #openUntilShown(chat_id, isNamed = false) {
    clearTimeout(this.#openAgainTimer);
    if (!this.#store.state.room) this.#store.set({ opening: chat_id }); // nobody has clicked it: only then is it said
    const error = await this.#open({ chat_id });
    if (error instanceof Refused && error.code === "room_not_found") {
      localStorage.removeItem(this.#lastRoomKey);
      this.#store.set({ room: null, viewer: null, ...(isNamed && { notice: error.message }) });
      return;
    }
    this.#openAgainTimer = setTimeout(() => {
      const { room, connection } = this.#store.state;
      const isWanted = room ? room.chat_id === chat_id : error !== null;
      if (connection === "open" && isWanted && (error !== null || room?.stale)) this.#openUntilShown(chat_id);
    }, OPEN_AGAIN_AFTER_MS);
  }


  /**
   * @param {{ chat_id: string } | { room: string }} which
   * @returns {Promise<Error | null>} what went wrong, if anything
   */
  async #open(which) {
    const again = "chat_id" in which && this.#store.state.room?.chat_id === which.chat_id; // after a reconnection
    const error = await this.#try({ type: "open", ...which, again });
    const { room } = this.#store.state;
    if (!error && room) {
      localStorage.setItem(this.#lastRoomKey, room.chat_id);
      this.#questions.sendPending();
    }
    this.#store.set({ opening: null });
    return error;
  }

  /**
   * Fetch the list of rooms, page by page.
   * @param {boolean} opensFirst its first one is to be opened: said at once, else an empty page is seen for a moment
   */
  async #list(opensFirst) {
    const rooms = [];
    /** @type {string | null} */
    let after = "";
    while (after !== null) {
      /** @type {RoomsPage} */
      const page = await this.#connection.request({ type: "room.list", after });
      rooms.push(...page.rooms);
      after = page.next;
    }
    const { room, opening } = this.#store.state;
    const isOpening = opensFirst && !room && !opening && rooms.length > 0;
    this.#store.set({ rooms, ...(isOpening && { opening: rooms[0].chat_id }) });
  }

  /** @param {Request} frame @returns {Promise<Error | null>} what went wrong, if anything */
  #try(frame) {
    return this.#connection.request(frame).then(
      () => null,
      (error) => (error instanceof Error ? error : new NoReply()),
    );
  }
}

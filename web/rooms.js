// Rooms: opens and leaves them, loads their list and their history.

import { formatAddress } from "./addresses.js";
import { Refused } from "./connection.js";
import { withRoom } from "./frames.js";

/** @import { RoomChanged, Rooms as RoomsPage } from "./protocol.d.ts" */

const LAST_ROOM = "documind.last_room";
const OPEN_AGAIN_AFTER_MS = 10_000;

export class Rooms {
  #page;
  /** @type {number | undefined} */ #openAgainTimer;
  /** @type {object | null} */ #wanted = null; // the room that was chosen last, until it is open
  /** @type {Promise<unknown>} */ #reply = Promise.resolve(); // to the last `open`: the server may handle two in any order

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    window.addEventListener("focus", this.#listAgain);
  }

  /** Others, or the user in another tab, may have made, renamed or deleted rooms. */
  #listAgain = () => {
    const { connection, rooms } = this.#page.state;
    if (connection === "open" && rooms) this.#list(false).catch(() => null);
  };

  /** @param {{ chat_id: string } | { room: string }} which by id, or by name (created if new) */
  async open(which) {
    const opening = "room" in which ? which.room : which.chat_id;
    this.#page.store.set({ opening, viewer: null, card: null, menu_open: false, notice: null });
    await this.#open(which);
  }

  /** Show which room will be opened once there is a connection. @param {string | null} addressed as for `openFirst` */
  expect(addressed) {
    this.#page.store.set({ opening: addressed ?? localStorage.getItem(this.#lastRoomKey) });
  }

  /**
   * A new connection has no room: open the previous one, else that of the address, the last one used, or the first; none
   * if the user has closed the last one. One that is being opened is sent again by the connection.
   * @param {string | null} addressed the room that the page's address names
   */
  async openFirst(addressed) {
    const isClosed = this.#page.state.rooms !== null && location.hash === formatAddress({});
    const named = this.#page.state.room?.chat_id ?? addressed;
    const before = named ?? (isClosed ? null : localStorage.getItem(this.#lastRoomKey));
    const listed = this.#list(before === null && !isClosed).catch(() => null);
    if (this.#wanted) await this.#reply;
    else if (before) await this.#openUntilShown(before, named !== null);
    await listed;
    const { room, opening, rooms } = this.#page.state;
    const first = rooms?.[0]?.chat_id;
    if (first && !room && !isClosed && (opening === null || opening === first)) await this.#openUntilShown(first);
  }

  /** Close the room on the page; the server updates its presence when the connection opens another or ends. */
  async close() {
    const chat_id = this.#page.state.room?.chat_id;
    this.#wanted = null;
    clearTimeout(this.#openAgainTimer);
    await this.#reply;
    if (this.#wanted) return;
    this.#page.store.set({ room: null, viewer: null, card: null, dialog: null });
    if (chat_id) await this.#page.connection.request({ type: "leave" }).catch(() => null);
  }

  /** @param {string} token of an invitation; @returns {Promise<{ chat_id: string }>} the room, now open */
  async join(token) {
    /** @type {RoomChanged} */
    const { room } = await this.#page.connection.request({ type: "room.join", token });
    await this.open({ chat_id: room.chat_id });
    return room;
  }

  /**
   * Load older messages of the open room until enough are there.
   * @param {(room: OpenRoom) => boolean} isEnough
   * @param {number} [most] pages
   * @returns {Promise<boolean>} whether all that exist, or enough, are loaded, and the room is still open
   */
  async loadUntil(isEnough, most = Infinity) {
    const chat_id = this.#page.state.room?.chat_id;
    for (let pages = 0; pages < most; ) {
      const { room } = this.#page.state;
      if (room?.chat_id !== chat_id) return false;
      if (!room || isEnough(room) || (!room.stale && !room.next)) return true;
      if (room.stale || room.loading_older) await new Promise((resolve) => setTimeout(resolve, 200));
      else {
        await this.loadOlder();
        if (this.#page.state.room?.next === room.next) return false;
        pages += 1;
      }
    }
    return true;
  }

  /** Load older messages. */
  async loadOlder() {
    const { room } = this.#page.state;
    if (!room?.next || room.loading_older) return;
    this.#page.store.updateRoom(() => ({ loading_older: true }));
    const failed = () => this.#page.store.updateRoom(() => ({ loading_older: false }));
    await this.#page.request({ type: "history", before: room.next }).catch(failed);
  }

  get #lastRoomKey() {
    return `${LAST_ROOM}.${this.#page.state.session.user}`;
  }

  /**
   * Open a room again after a missing reply or history: a connection receives only frames of a room that it opened.
   * @param {string} chat_id
   * @param {boolean} [isNamed] by the address, or shown before: then a notice says that it does not exist
   */
  async #openUntilShown(chat_id, isNamed = false) {
    clearTimeout(this.#openAgainTimer);
    if (!this.#page.state.room) this.#page.store.set({ opening: chat_id }); // not clicked by the user, so show that it is being opened
    const error = await this.#open({ chat_id }).then(() => null, (reason) => reason);
    if (error instanceof Refused && error.code === "room_not_found") {
      localStorage.removeItem(this.#lastRoomKey);
      this.#page.store.set({ room: null, viewer: null, ...(isNamed && { notice: error.message }) });
      return;
    }
    this.#openAgainTimer = setTimeout(() => {
      const { room, connection } = this.#page.state;
      const isWanted = room ? room.chat_id === chat_id : error !== null;
      if (connection === "open" && isWanted && (error !== null || room?.stale)) this.#openUntilShown(chat_id);
    }, OPEN_AGAIN_AFTER_MS);
  }

  /** @param {{ chat_id: string } | { room: string }} which */
  async #open(which) {
    this.#wanted = which;
    await this.#reply;
    if (this.#wanted !== which) return; // meanwhile another was chosen, or none
    const again = "chat_id" in which && this.#page.state.room?.chat_id === which.chat_id; // it is opened again after a reconnection
    const reply = this.#page.connection.request({ type: "open", ...which, again });
    this.#reply = reply.catch(() => null);
    try {
      await reply;
    } catch (error) {
      if (error instanceof Refused) this.#listAgain();
      throw error;
    } finally {
      if (this.#wanted === which) {
        this.#wanted = null;
        this.#page.store.set({ opening: null });
      }
    }
    const { room } = this.#page.state;
    if (!room) return;
    localStorage.setItem(this.#lastRoomKey, room.chat_id);
    this.#page.questions.sendPending();
  }

  /**
   * Fetch the list of rooms, page by page.
   * @param {boolean} opensFirst whether its first room will be opened, which is shown at once instead of an empty page
   */
  async #list(opensFirst) {
    const rooms = [];
    /** @type {string | null} */
    let after = "";
    while (after !== null) {
      /** @type {RoomsPage} */
      const page = await this.#page.connection.request({ type: "room.list", after });
      rooms.push(...page.rooms);
      after = page.next;
    }
    const { room, opening } = this.#page.state;
    const isOpening = opensFirst && !room && !opening && rooms.length > 0;
    this.#page.store.set({ rooms: room ? withRoom(rooms, room) : rooms, ...(isOpening && { opening: rooms[0].chat_id }) });
  }
}

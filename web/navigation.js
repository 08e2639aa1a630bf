// Keeps address and state in step: Back closes the PDF, then goes to the previous room.

import { formatAddress, parseAddress } from "./addresses.js";

const PAGES_TO_A_LINKED_QUESTION = 20;

export class Navigation {
  #page;
  #isFollowing = true; // the state is following an address of the browser; at first the page's own

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    window.addEventListener("popstate", () => this.#follow());
    page.store.subscribe(() => this.#write());
  }

  /** @returns {import("./addresses.js").Address} */
  get address() {
    return parseAddress(location.hash);
  }

  /** Show the PDF or the question that the address names in the open room; after that the address follows the state. */
  async showAddressed() {
    const { room, document, page, question } = this.address;
    const isKnown = () => document !== null && this.#page.document(document) !== undefined;
    if (document) await this.#page.rooms.loadUntil(({ stale }) => isKnown() || !stale); // a long list of documents comes in parts
    this.#isFollowing = false;
    const { state, viewing } = this.#page;
    if (!state.room || state.room.chat_id !== room) return;
    if (document && isKnown() && state.viewer?.document_id !== document) viewing.open(document, { page: page ?? 1 });
    if (!question) return;
    const isThere = (/** @type {OpenRoom} */ { messages }) => messages.some(({ question_id }) => question_id === question);
    if (await this.#page.rooms.loadUntil(isThere, PAGES_TO_A_LINKED_QUESTION)) this.#page.store.set({ linked: question });
  }

  /** Reset the address: the next user may not have access to the rooms of this one. */
  forget() {
    this.#isFollowing = true;
    history.replaceState(null, "", location.pathname);
  }

  /** Close the PDF as Back does, so that Back does not open it again. */
  closeDocument() {
    const isStep = Boolean(history.state?.opened_document);
    this.#isFollowing ||= isStep; // until the browser has gone back one step
    this.#page.viewing.close();
    if (isStep) history.back();
  }

  async #follow() {
    const { room, document, invitation } = this.address;
    const { state, rooms, viewing } = this.#page;
    if (invitation) return location.reload(); // as if the link had been opened in a new tab
    if (state.session.status !== "signed_in") return; // it is followed after the sign-in
    this.#isFollowing = true;
    if (!document) viewing.close();
    if (room && room !== state.room?.chat_id) await this.#page.openRoom({ chat_id: room });
    else if (!room && state.room) await rooms.close();
    this.showAddressed();
  }

  #write() {
    const { room, rooms, viewer, opening, session } = this.#page.state;
    const before = this.address;
    if (this.#isFollowing || opening || before.invitation || session.status !== "signed_in") return;
    if (!room && !(rooms && before.room)) return;
    const document = viewer?.document_id ?? null;
    const address = formatAddress({ room: room?.chat_id ?? null, document, page: viewer?.page });
    if (address === location.hash) return;
    const isSameRoom = before.room === (room?.chat_id ?? null);
    if (isSameRoom && before.question && !document) return; // keep the address of a link to a message
    const isStep = before.room !== null && (!isSameRoom || (document !== null && before.document === null));
    if (isStep) history.pushState({ opened_document: document !== null }, "", address);
    else history.replaceState(history.state, "", address);
  }
}

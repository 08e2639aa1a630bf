// The page: the user's actions, and the state that its parts show.

import { formatAddress } from "./addresses.js";
import { Connection, Refused } from "./connection.js";
import { applyFrame } from "./frames.js";
import { Navigation } from "./navigation.js";
import { Questions } from "./questions.js";
import { Rooms } from "./rooms.js";
import { Session } from "./session.js";
import { documentOf, initialState, Store } from "./state.js";
import { keepLanguage, preferredLanguage, strings } from "./strings.js";
import { Uploads } from "./uploads.js";
import { Viewing } from "./viewing.js";

const BANNER_CLOSED = "documind.offline_banner_closed";
const PALETTE = "documind.palette";
const keptPalette = /** @type {Palette} */ (localStorage.getItem(PALETTE) ?? "system");

export class Page {
  store = new Store(initialState({ language: preferredLanguage(), palette: keptPalette }));
  #session = new Session();
  connection;

  constructor() {
    this.connection = new Connection({
      url: () => this.#session.config.websocket_url,
      language: () => this.state.language,
      token: (renew) => this.#token(renew),
      onOpen: () => this.#connected(),
      onFrame: (frame) => this.#received(frame),
      onStatus: (connection) => this.store.set({ connection }),
    });
    this.questions = new Questions(this);
    this.rooms = new Rooms(this);
    this.uploads = new Uploads(this);
    this.viewing = new Viewing(this);
    this.navigation = new Navigation(this);
  }

  get state() {
    return this.store.state;
  }

  /** The sentences of the page in its language. */
  get t() {
    return strings[this.state.language];
  }

  /** Sign in as the previous user, or as the demo user, and connect. */
  async start() {
    await this.#signIn(() => this.#session.resume(this.navigation.address.invitation !== null));
  }

  signIn() {
    return this.#signIn(() => this.#session.signIn());
  }

  /** @param {string} user one of the demo users */
  signInAsDemo(user) {
    return this.#signIn(() => this.#session.signInAsDemo(user));
  }

  async signOut() {
    this.navigation.forget();
    this.#leave();
    await this.#session.signOut();
  }

  /** @param {Language} language */
  setLanguage(language) {
    keepLanguage(language);
    this.store.set({ language, notice: null }); // a sentence of the server would stay in the language before
    if (this.state.connection === "open") this.connection.open(); // so that the server's sentences are in this language too
  }

  /** @param {Palette} palette */
  setPalette(palette) {
    localStorage.setItem(PALETTE, palette);
    this.store.set({ palette });
  }

  /** @param {{ chat_id: string } | { room: string }} which by id, or by name (created if new) */
  openRoom(which) {
    return this.attempt(() => this.rooms.open(which));
  }

  /** Send a request about the open room. @param {RoomRequest} frame @returns {Promise<any>} as `Connection.request` */
  request(frame) {
    return this.connection.request({ chat_id: this.state.room?.chat_id ?? "", ...frame });
  }

  /** @param {OpenDialog} dialog */
  openDialog(dialog) {
    this.store.set({ dialog, dialog_error: null, menu_open: false, card: null });
    if (dialog.kind === "receipts") this.submit(() => this.connection.request({ type: "receipt.list" }), { stays: true });
  }

  closeDialog() {
    const { dialog } = this.state;
    this.store.set({ dialog: null, dialog_error: null });
    if (dialog?.kind === "receipts" && dialog.signs_out) this.signOut();
  }

  /**
   * Run the action of a dialog; close it on success, and show the reason of a failure in it.
   * @param {() => Promise<unknown>} action
   * @param {{ stays?: boolean }} [options]
   */
  async submit(action, { stays = false } = {}) {
    const { dialog } = this.state;
    this.store.set({ dialog_error: null });
    try {
      await action();
      if (!stays && this.state.dialog === dialog) this.closeDialog();
    } catch (error) {
      if (this.state.dialog === dialog) this.store.set({ dialog_error: this.sentence(error) });
    }
  }

  /** Run an action, and show a notice only if it fails. @param {() => Promise<unknown>} action */
  async attempt(action) {
    try {
      await action();
    } catch (error) {
      this.store.set({ notice: this.sentence(error) });
    }
  }

  /** @param {unknown} error @returns {string} a sentence for the user */
  sentence(error) {
    return error instanceof Refused ? error.message : this.t.no_reply;
  }

  /** @param {string} document_id @returns {RoomDocument | undefined} of the open room, unless it is being deleted */
  document(document_id) {
    return documentOf(this.state, document_id);
  }

  /** @param {string} document_id */
  documentName(document_id) {
    return this.document(document_id)?.name ?? this.t.removed_document;
  }

  /** @param {string} document_id */
  async deleteDocument(document_id) {
    if (this.state.viewer?.document_id === document_id) this.navigation.closeDocument();
    await this.request({ type: "document.delete", document_id });
  }

  /** @param {string} document_id */
  download(document_id) {
    return this.attempt(async () => {
      const response = await fetch(await this.viewing.link(document_id, true));
      if (!response.ok) throw new Error(`PDF: ${response.status}`);
      const { save } = await import("./copying.js");
      save(await response.blob(), this.documentName(document_id));
    });
  }

  toggleMenu() {
    this.store.set({ menu_open: !this.state.menu_open, card: null });
  }

  closeOfflineBanner() {
    localStorage.setItem(BANNER_CLOSED, "1");
    this.store.set({ offline_model: false });
  }

  /** @param {() => Promise<void>} signIn */
  async #signIn(signIn) {
    this.store.set({ session: { status: "starting", user: null, demos: [] } });
    try {
      if (!this.#session.config) await this.#session.load();
      await signIn();
      const { user, demoUsers: demos } = this.#session;
      this.store.set({ session: { status: user ? "signed_in" : "signed_out", user, demos } });
      this.store.set({ offline_model: this.#session.hasOfflineModel && !localStorage.getItem(BANNER_CLOSED) });
      if (!user) return;
      const { invitation, room } = this.navigation.address;
      if (!invitation) this.rooms.expect(room);
      await this.connection.start();
    } catch (error) {
      console.error(error);
      const status = this.#session.config ? "failed" : "unreachable";
      this.store.set({ session: { status, user: null, demos: this.#session.demoUsers } });
    }
  }

  #leave() {
    this.connection.stop();
    this.viewing.documents?.clear();
    this.store.set({
      ...initialState(this.state),
      session: { status: "signed_out", user: null, demos: this.#session.demoUsers },
    });
  }

  /** @param {boolean} renew */
  async #token(renew) {
    try {
      return await this.#session.token(renew);
    } catch (error) {
      if (!this.#session.user) this.#leave(); // the sign-in has expired; otherwise the network failed
      throw error;
    }
  }

  async #connected() {
    const { invitation, room } = this.navigation.address;
    if (invitation) await this.#join(invitation);
    await this.rooms.openFirst(room);
    this.navigation.showAddressed();
  }

  /** @param {string} token of the invitation in the address */
  async #join(token) {
    try {
      const { chat_id } = await this.rooms.join(token);
      history.replaceState(null, "", formatAddress({ room: chat_id }));
    } catch (error) {
      if (error instanceof Refused) history.replaceState(null, "", formatAddress({})); // otherwise the address is kept for another attempt
      this.store.set({ notice: this.sentence(error) });
    }
  }

  /** Close the PDF that is shown if somebody has deleted it. */
  #forgetDeleted() {
    const { room, viewer } = this.state;
    if (!viewer || !room || room.stale) return; // a long list of documents follows the snapshot in parts
    if (this.document(viewer.document_id)) return;
    this.navigation.closeDocument();
    this.viewing.documents?.drop(viewer.document_id);
    this.store.set({ notice: "deleted_document" });
  }

  /** @param {ServerFrame} frame */
  #received(frame) {
    this.store.update((state) => applyFrame(state, frame));
    if (frame.type === "delta") this.questions.catchUp();
    if (frame.type === "document" || frame.type === "history") this.#forgetDeleted();
    if (frame.type === "error" && frame.code === "connection_limit") {
      this.store.set({ notice: frame.message, connection: "closed" });
    }
  }
}

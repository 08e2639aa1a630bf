// The WebSocket: keeps it open, matches replies to requests, and reconnects after a loss.

/** @import { ErrorFrame } from "./protocol.d.ts" */

const PING_INTERVAL_MS = 4 * 60_000; // API Gateway closes a connection after 10 idle minutes
const LIFETIME_MS = 110 * 60_000; // API Gateway closes every connection after 2 hours
const LIFETIME_JITTER_MS = 5 * 60_000; // so that pages do not reconnect all at once
const RENEW_BEFORE_MS = 5 * 60_000; // before the token expires: the server refuses frames after that
const REPLY_TIMEOUT_MS = 30_000; // an integration of API Gateway may take 29 s
const PONG_TIMEOUT_MS = 10_000;
const OFFLINE_PONG_TIMEOUT_MS = 1_500; // after the browser's `offline` event; a server on this machine still answers
const SILENCE_MS = 5_000; // without any frame while a reply is due: then a ping is sent
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** A request was refused; `message` is the server's sentence. */
export class Refused extends Error {
  /** @param {ErrorFrame} frame */
  constructor(frame) {
    super(frame.message);
    this.code = frame.code;
  }
}

/** @typedef {{ socket: WebSocket, frame: FrameRequest, resolve: (frame: any) => void, reject: (error: Error) => void }} Request */

/** No reply: the connection was lost or the server took too long; the request may have arrived. */
export class NoReply extends Error {}

export class Connection {
  #options;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Map<string, Request>} */ #requests = new Map(); // those without a reply, by id
  /** @type {object | null} */ #wanted = null; // between start and stop; a new one after a stop
  #failures = 0;
  #heard_ms = 0; // time of the last frame of the server
  /** @type {number | undefined} */ #retryTimer;
  /** @type {number | undefined} */ #pingTimer;
  /** @type {number | undefined} */ #lifetimeTimer;

  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.#options = options;
    window.addEventListener("online", () => this.#wanted && (this.#socket ? this.#ping() : this.start()));
    window.addEventListener("offline", () => this.#socket && this.#ping(OFFLINE_PONG_TIMEOUT_MS));
    document.addEventListener("visibilitychange", () => !document.hidden && this.#socket && this.#ping()); // after a sleep
  }

  /** Open the connection, and open it again whenever it is lost. */
  async start() {
    this.#wanted ??= {};
    clearTimeout(this.#retryTimer);
    this.#options.onStatus("connecting");
    await this.open();
  }

  /** Close the connection permanently. */
  stop() {
    this.#wanted = null;
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    this.#lose();
    socket?.close(1000);
  }

  /**
   * Send a frame and wait for the first frame that replies to it.
   * @param {FrameRequest} frame
   * @returns {Promise<any>} rejected with `Refused` or `NoReply`
   */
  async request(frame) {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) throw new NoReply();
    const request_id = crypto.randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers();
    this.#requests.set(request_id, { socket, frame, resolve, reject });
    const timer = setTimeout(() => this.#settle(request_id)?.reject(new NoReply()), REPLY_TIMEOUT_MS);
    const doubt = setTimeout(() => {
      if (frame.type !== "ping" && this.#socket && Date.now() - this.#heard_ms >= SILENCE_MS) this.#ping();
    }, SILENCE_MS);
    try {
      socket.send(JSON.stringify({ ...frame, request_id }));
      return await promise;
    } finally {
      clearTimeout(timer);
      clearTimeout(doubt);
    }
  }

  /** Open a connection; once it is open, the old one is closed when no reply is due on it. @param {boolean} renew whether a new token is needed */
  async open(renew = this.#failures > 0) {
    const wanted = this.#wanted;
    let tokens;
    try {
      tokens = await this.#options.token(renew);
    } catch {
      if (!this.#socket) this.#retryLater();
      return;
    }
    if (!wanted || this.#wanted !== wanted) return;
    const { access_token, expires_at } = tokens;
    const query = new URLSearchParams({ token: access_token, language: this.#options.language() });
    const socket = new WebSocket(`${this.#options.url()}?${query}`);
    socket.addEventListener("open", () => {
      if (this.#wanted === wanted) this.#opened(socket, expires_at);
      else socket.close(1000); // the user has signed out meanwhile
    });
    socket.addEventListener("message", (event) => this.#received(socket, event.data));
    socket.addEventListener("close", () => this.#closed(socket));
  }

  /** @param {WebSocket} socket @param {number} expires_at of its token, in seconds since 1970 */
  #opened(socket, expires_at) {
    const before = this.#socket;
    this.#socket = socket;
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#replaceIn(lifetime_ms(expires_at * 1000 - Date.now()));
    this.#options.onStatus("open");
    this.#openRoomAgain(socket);
    this.#options.onOpen();
    if (before) this.#closeReplaced(before);
  }

  /** A room is open on one connection only. @param {WebSocket} socket that replaces one on which `open` has no reply */
  #openRoomAgain(socket) {
    for (const [request_id, request] of this.#requests) {
      if (request.frame.type !== "open") continue;
      request.socket = socket;
      socket.send(JSON.stringify({ ...request.frame, request_id }));
    }
  }

  /** @param {WebSocket} socket that was replaced: it is closed unless replies are due on it */
  #closeReplaced(socket) {
    if (![...this.#requests.values()].some((request) => request.socket === socket)) socket.close(1000);
  }

  /** @param {number} delay_ms until a connection with a new token replaces this one, retried until it does */
  #replaceIn(delay_ms) {
    clearTimeout(this.#lifetimeTimer);
    this.#lifetimeTimer = setTimeout(() => {
      this.#replaceIn(LONGEST_DELAY_MS);
      this.open(true);
    }, delay_ms);
  }

  /** @param {WebSocket} socket */
  #closed(socket) {
    if (socket !== this.#socket && this.#socket) return this.#giveUp(socket); // it was replaced, or was to replace one that still works
    this.#lose();
    this.#retryLater();
  }

  #lose() {
    clearInterval(this.#pingTimer);
    clearTimeout(this.#lifetimeTimer);
    this.#socket = null;
    this.#giveUp();
  }

  /** @param {WebSocket} [socket] on which no replies will come; none on any, if left out */
  #giveUp(socket) {
    for (const [request_id, request] of this.#requests)
      if (!socket || request.socket === socket) this.#settle(request_id)?.reject(new NoReply());
  }

  #retryLater() {
    if (!this.#wanted) return;
    const delay_ms = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#options.onStatus(navigator.onLine === false ? "offline" : "waiting");
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.start(), delay_ms);
  }

  /** @param {WebSocket} socket @param {string} data */
  #received(socket, data) {
    const frame = JSON.parse(data);
    const isDue = this.#requests.get(frame.request_id)?.socket === socket;
    if (socket !== this.#socket && !isDue) return; // it was replaced: the other brings everything else
    this.#heard_ms = Date.now();
    if (frame.type === "error" && frame.code === "not_signed_in") {
      this.#closed(socket); // its token has expired; requests without a reply are sent again with a new one
      socket.close(1000);
      return;
    }
    if (frame.type === "error" && frame.code === "connection_limit") this.stop(); // a newer one took its place
    this.#options.onFrame(frame); // first the state, then the caller that waits for the reply
    const request = frame.request_id ? this.#settle(frame.request_id) : undefined;
    if (frame.type === "error") {
      request?.reject(new Refused(frame));
      return;
    }
    this.#failures = 0; // not on open: a server that refuses everything must not be retried without pauses
    request?.resolve(frame);
  }

  /** @param {string} request_id */
  #settle(request_id) {
    const request = this.#requests.get(request_id);
    this.#requests.delete(request_id);
    if (request && request.socket !== this.#socket) this.#closeReplaced(request.socket);
    return request;
  }

  /** A connection can be dead without having been closed: then no pong comes back. @param {number} [timeout_ms] */
  async #ping(timeout_ms = PONG_TIMEOUT_MS) {
    const socket = this.#socket;
    const timer = setTimeout(() => {
      socket?.close();
      if (socket && socket === this.#socket) this.#closed(socket); // the close event of a dead connection may take minutes
    }, timeout_ms);
    await this.request({ type: "ping" }).catch(() => undefined);
    clearTimeout(timer);
  }
}

/**
 * @param {number} token_ms how long the token is still valid
 * @returns {number} milliseconds until a connection with this token must be replaced
 */
function lifetime_ms(token_ms) {
  const ofToken = Math.max(token_ms - RENEW_BEFORE_MS, token_ms / 2); // a short-lived token is used for half of its life
  return Math.min(LIFETIME_MS, ofToken) - Math.random() * Math.min(LIFETIME_JITTER_MS, ofToken / 10);
}

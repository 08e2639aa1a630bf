// Requests when the connection is lost or the token expires: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

class FakeSocket extends EventTarget {
  static OPEN = 1;
  static all = [];
  readyState = 1;
  sent = [];

  constructor(url) {
    super();
    this.url = url;
    FakeSocket.all.push(this);
  }

  send(data) {
    this.sent.push(JSON.parse(data));
  }

  close() {
    this.readyState = 3;
  }

  receive(frame) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }
}

globalThis.window = new EventTarget();
globalThis.document = Object.assign(new EventTarget(), { hidden: false });
globalThis.WebSocket = FakeSocket;
const { Connection, NoReply, Refused } = await import("../../../web/connection.js");

async function connected(token_s = 3600) {
  const renewals = [];
  const statuses = [];
  const connection = new Connection({
    url: () => "ws://api",
    language: () => "en",
    token: async (renew) => ({
      access_token: `token-${renewals.push(renew)}`,
      expires_at: Date.now() / 1000 + token_s,
      user: "ada",
    }),
    onOpen: () => {},
    onFrame: () => {},
    onStatus: (status) => statuses.push(status),
  });
  await connection.start();
  const socket = FakeSocket.all.at(-1);
  socket.dispatchEvent(new Event("open"));
  return { connection, socket, renewals, statuses };
}

const error = (request, code) => ({ type: "error", request_id: request.request_id, code, message: "A sentence." });

test("a connection closed because of newer ones is not opened again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { socket } = await connected();
  const opened = FakeSocket.all.length;
  socket.receive({ type: "error", request_id: null, code: "connection_limit", message: "A sentence." });
  socket.dispatchEvent(new Event("close"));
  context.mock.timers.tick(60_000);
  assert.equal(FakeSocket.all.length, opened);
});

test("a frame sent with an expired token is not refused: it waits for a connection with a new one", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { connection, socket, renewals, statuses } = await connected();
  const reply = connection.request({ type: "ask", question_id: "q", text: "?" });
  socket.receive(error(socket.sent[0], "not_signed_in"));
  await assert.rejects(reply, NoReply);
  assert.equal(statuses.at(-1), "waiting"); // so that the question is kept and sent again
  context.mock.timers.tick(1000);
  await Promise.resolve();
  assert.deepEqual(renewals, [false, true]);
  connection.stop();
});

test("any other refusal reaches the caller, and the connection stays", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { connection, socket, statuses } = await connected();
  const reply = connection.request({ type: "ask", question_id: "q", text: "?" });
  socket.receive(error(socket.sent[0], "question_too_long"));
  await assert.rejects(reply, Refused);
  assert.equal(statuses.at(-1), "open");
  connection.stop();
});

test("a connection is replaced before its token expires: the new one is open before the old one is closed", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { connection, socket, renewals } = await connected(3600);
  context.mock.timers.tick(49 * 60_000);
  assert.deepEqual(renewals, [false]);
  context.mock.timers.tick(6 * 60_000);
  await Promise.resolve();
  assert.deepEqual(renewals, [false, true]);
  const next = FakeSocket.all.at(-1);
  assert.match(next.url, /token=token-2/);
  assert.equal(socket.readyState, 1);
  next.dispatchEvent(new Event("open"));
  assert.equal(socket.readyState, 3);
  connection.stop();
});

test("a failed replacement is retried", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { connection, socket, renewals } = await connected(3600);
  context.mock.timers.tick(55 * 60_000);
  await Promise.resolve();
  FakeSocket.all.at(-1).dispatchEvent(new Event("close"));
  context.mock.timers.tick(30_000);
  assert.deepEqual(renewals, [false, true, true]);
  assert.equal(socket.readyState, 1);
  connection.stop();
});

test("a token of a few minutes is used for half of them, not renewed without pauses", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { connection, renewals } = await connected(240);
  context.mock.timers.tick(100_000);
  assert.deepEqual(renewals, [false]);
  context.mock.timers.tick(20_000);
  assert.deepEqual(renewals, [false, true]);
  connection.stop();
});

test("a dead connection is noticed by its missing pong, and replaced", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  const { connection, socket, statuses } = await connected(2 * 3600);
  context.mock.timers.tick(4 * 60_000);
  assert.deepEqual(socket.sent.map((frame) => frame.type), ["ping"]);
  socket.receive({ type: "pong", request_id: socket.sent[0].request_id });
  await new Promise(setImmediate);
  context.mock.timers.tick(4 * 60_000);
  assert.equal(statuses.at(-1), "open");
  context.mock.timers.tick(10_000);
  assert.equal(statuses.at(-1), "waiting");
  assert.equal(socket.readyState, 3);
  connection.stop();
});

test("a lost network is shown within two seconds, unless the server still answers", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { connection, socket, statuses } = await connected();
  window.dispatchEvent(new Event("offline"));
  socket.receive({ type: "pong", request_id: socket.sent.at(-1).request_id });
  await new Promise(setImmediate);
  context.mock.timers.tick(2_000);
  assert.equal(statuses.at(-1), "open");

  const asked = connection.request({ type: "ask" });
  window.dispatchEvent(new Event("offline"));
  context.mock.timers.tick(2_000);
  assert.equal(statuses.at(-1), "waiting");
  await assert.rejects(asked, NoReply);
  connection.stop();
});

test("a silent connection with a reply due is pinged", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  const { connection, socket } = await connected();
  const asked = connection.request({ type: "ask" });
  context.mock.timers.tick(5_000);
  assert.equal(socket.sent.at(-1).type, "ping");
  context.mock.timers.tick(10_000);
  await assert.rejects(asked, NoReply);
  connection.stop();
});

test("a connection that opens only after the user has signed out is closed", async () => {
  let opened = 0;
  const token = async () => ({ access_token: "t", expires_at: Date.now() / 1000 + 3600, user: "ada" });
  const connection = new Connection({
    ...{ url: () => "ws://api", language: () => "en", token },
    ...{ onOpen: () => (opened += 1), onFrame: () => {}, onStatus: () => {} },
  });
  await connection.start();
  const early = FakeSocket.all.at(-1);
  connection.stop();
  await connection.start(); // by the next user
  early.dispatchEvent(new Event("open"));
  assert.equal(opened, 0);
  assert.equal(early.readyState, 3);
  FakeSocket.all.at(-1).dispatchEvent(new Event("open"));
  assert.equal(opened, 1);
  connection.stop();
});

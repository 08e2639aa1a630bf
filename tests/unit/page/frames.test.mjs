// How frames change the state: run by tests/unit/test_web_logic.py with Node's test runner.

import assert from "node:assert/strict";
import { test } from "node:test";

import { applyFrame } from "../../../web/frames.js";
import { initialState, ownStream, turns } from "../../../web/state.js";

const ROOM = { chat_id: "room", request_id: null };
const LIMITS = { max_upload_bytes: 1, max_room_documents: 1, max_question_characters: 1, apology_after_s: 60 };

function opened(active = []) {
  const user = { user_id: "u", name: "ada" };
  const rest = { documents: [], members: [], limits: LIMITS };
  return { ...ROOM, type: "opened", name: "Room", role: "owner", user, active, ...rest };
}

function message(message_id, kind, question_id, text = "", more = {}) {
  const sender = kind === "question" ? "ada" : null;
  return {
    message_id,
    kind,
    question_id,
    sender,
    text,
    citations: [],
    ending: kind === "answer" ? "answer" : null,
    ...more,
  };
}

const history = (messages, next = null) => ({ ...ROOM, type: "history", messages, next });
const said = (told) => ({ ...ROOM, type: "message", message: told });
const delta = (epoch, after, text) => {
  return { ...ROOM, type: "delta", question_id: "q", epoch, after, seq: after + [...text].length, text };
};
const after = (frames, state = initialState({ language: "en", palette: "system" })) => frames.reduce(applyFrame, state);
const asked = [opened(), history([]), said(message("01", "question", "q"))];
const stream = (state) => state.room.streams.q;

test("a delta is applied only where it continues the text", () => {
  const state = after([...asked, delta(1, 0, "答案"), delta(1, 2, "😀 is")]);
  assert.equal(stream(state).text, "答案😀 is");
  assert.equal(stream(state).seq, 6, "code points, not UTF-16 units");
});

test("a changed role applies at once", () => {
  const members = (as_of_ms, role) => {
    return { ...ROOM, type: "members", as_of_ms, members: role ? [{ user_id: "u", name: "ada", role, here: true }] : [] };
  };
  assert.equal(after([opened(), members(2, "reader")]).room.role, "reader");
  assert.equal(after([opened(), members(2, "reader"), members(1, "writer")]).room.role, "reader", "came too late");
  assert.equal(after([opened(), members(2)]).room.role, "owner");
});

test("the search stage stays when the question is shown again, until another stage begins", () => {
  const state = after([...asked, { ...asked[2], searching: 3 }, { ...asked[2], searching: null }]);
  assert.deepEqual([stream(state).searching, stream(state).stage], [3, null]);
  const waking = applyFrame(state, { ...ROOM, type: "stage", question_id: "q", name: "waking" });
  assert.equal(stream(waking).stage, "waking");
});

test("an old delta changes nothing", () => {
  const state = after([...asked, delta(2, 0, "new"), delta(2, 3, " text")]);
  for (const old of [delta(2, 0, "new"), delta(2, 3, " text"), delta(1, 8, "x"), delta(1, 0, "a longer old text")]) {
    const { text, gap } = stream(applyFrame(state, old));
    assert.deepEqual([text, gap], ["new text", false]);
  }
});

test("a gap is noticed, and closed by the reply to a resume", () => {
  const gap = after([...asked, delta(1, 0, "one "), delta(1, 8, "three")]);
  assert.deepEqual([stream(gap).text, stream(gap).gap], ["one ", true]);
  const closed = applyFrame(gap, delta(1, 4, "two three"));
  assert.deepEqual([stream(closed).text, stream(closed).gap], ["one two three", false]);
});

test("a later attempt restarts the text, also if its beginning was missed", () => {
  const missed = after([...asked, delta(1, 0, "first"), delta(2, 3, "ond")]);
  assert.deepEqual([stream(missed).text, stream(missed).gap], ["first", true]);
  assert.equal(stream(applyFrame(missed, delta(2, 0, "second"))).text, "second");
});

test("the final message replaces the stream, and late frames do not bring it back", () => {
  const end = said(message("02", "answer", "q", "final"));
  const late = [delta(1, 0, "late"), { ...ROOM, type: "stage", question_id: "q", name: "reading" }];
  const state = after([...asked, delta(1, 0, "fi"), end, ...late, asked[2], end]);
  assert.deepEqual(state.room.streams, {});
  assert.deepEqual(
    turns(state.room, []).map((turn) => turn.answer?.text),
    ["final"],
  );
});

test("clients that received the same frames in another order show the same", () => {
  const told = [
    said(message("01", "question", "a")),
    said(message("02", "question", "b")),
    said(message("03", "answer", "b", "B")),
    said(message("04", "answer", "a", "A")),
  ];
  const shown = (frames) => turns(after([opened(), history([]), ...frames]).room, []);
  const inOrder = shown(told);
  assert.deepEqual(
    inOrder.map((turn) => [turn.question.question_id, turn.answer.text]),
    [
      ["a", "A"],
      ["b", "B"],
    ],
  );
  for (const order of [
    [3, 2, 1, 0],
    [1, 0, 3, 2],
    [2, 0, 3, 1, 0, 2],
  ]) {
    assert.deepEqual(shown(order.map((index) => told[index])), inOrder);
  }
});

test("the own question is shown at once, and only once after it was accepted", () => {
  const pending = [{ chat_id: "room", question_id: "q", text: "Why?", error: null }];
  const waiting = { ...after([opened(), history([])]), pending };
  assert.equal(turns(waiting.room, waiting.pending)[0].pending.text, "Why?");
  const accepted = { ...ROOM, type: "accepted", question_id: "q", message_id: "01" };
  const told = said(message("01", "question", "q", "Why?"));
  for (const frames of [[accepted], [told], [accepted, told], [told, accepted]]) {
    const state = after(frames, waiting);
    assert.deepEqual(
      turns(state.room, state.pending).map((turn) => turn.question?.text),
      ["Why?"],
    );
    assert.deepEqual(state.pending, []);
    assert.equal(ownStream(state.room)?.question_id, "q");
  }
});

test("older messages are inserted before the others, with the cursor of still older ones", () => {
  const state = after([
    opened(),
    history([message("05", "question", "c")], "05"),
    history([message("03", "question", "b")], "03"),
  ]);
  assert.deepEqual(
    state.room.messages.map((each) => each.message_id),
    ["03", "05"],
  );
  assert.equal(state.room.next, "03");
});

test("a reopened room keeps its messages unless some in between are missing", () => {
  const before = after([
    opened(),
    history([message("05", "question", "c")], "05"),
    history([message("03", "question", "b")], "03"),
  ]);
  const near = after([opened(), history([message("05", "question", "c"), message("06", "answer", "c")], "05")], before);
  assert.deepEqual(
    near.room.messages.map((each) => each.message_id),
    ["03", "05", "06"],
  );
  assert.equal(near.room.next, "03");
  const far = after(
    [opened(), said(message("99", "question", "z")), history([message("90", "question", "y")], "90")],
    before,
  );
  assert.deepEqual(
    far.room.messages.map((each) => each.message_id),
    ["90", "99"],
  );
  assert.equal(far.room.next, "90");
  const live = message("99", "question", "z");
  const both = after([opened(), said(live), history([message("90", "question", "y"), live], "90")], before);
  assert.equal(both.room.next, "90", "what came live beside the page does not connect it");
});

test("in a reopened room an answer that ended meanwhile does not continue streaming", () => {
  const streaming = after([...asked, delta(1, 0, "half")]);
  const active = after([opened([{ question_id: "q", deadline: 1 }])], streaming);
  assert.equal(stream(active).text, "half");
  assert.deepEqual(after([opened()], streaming).room.streams, {});
});

test("frames of a room that was left change nothing", () => {
  const state = after(asked);
  assert.equal(applyFrame(state, { ...delta(1, 0, "x"), chat_id: "other" }), state);
});

test("a quote received with the answer is kept when the history is loaded", () => {
  const cited = (quote) => ({
    citations: [{ number: 1, document_id: "d", page: 1, start: 0, end: 1, score: 1, rects: [], quote }],
  });
  const state = after([
    ...asked,
    said(message("02", "answer", "q", "A", cited("words"))),
    opened(),
    history([message("02", "answer", "q", "A", cited(null))]),
  ]);
  assert.equal(state.room.messages[1].citations[0].quote, "words");
});

test("a closed room is left and no longer listed, and its pending questions are dropped", () => {
  const other = { chat_id: "other", name: "Other", role: "owner" };
  const own = { chat_id: "room", name: "Room", role: "owner" };
  const pending = [{ question_id: "q", chat_id: "room", text: "?" }];
  const before = { ...after([opened()]), rooms: [other, own], pending };
  const state = applyFrame(before, { ...ROOM, type: "closed", reason: "removed" });
  assert.deepEqual([state.room, state.rooms, state.pending, state.notice], [null, [other], [], "removed"]);
  const left = applyFrame(before, { ...ROOM, type: "closed", reason: "removed", request_id: "r" });
  assert.deepEqual([left.room, left.notice], [null, null], "whoever asked to leave knows");
  const elsewhere = applyFrame(before, { ...ROOM, chat_id: "other", type: "closed", reason: "deleted" });
  assert.equal(elsewhere.room.chat_id, "room");
  assert.deepEqual(elsewhere.rooms.map(({ chat_id }) => chat_id), ["room"]);
});

test("a dialog about a room does not stay open for the next one", () => {
  const [about, other] = [{ kind: "delete_room" }, { kind: "receipts" }];
  const before = after([opened()]);
  for (const frame of [{ ...ROOM, type: "closed", reason: "deleted" }, { ...opened(), chat_id: "next" }]) {
    assert.equal(applyFrame({ ...before, dialog: about }, frame).dialog, null);
    assert.equal(applyFrame({ ...before, dialog: other }, frame).dialog, other);
  }
  assert.equal(applyFrame({ ...before, dialog: about }, opened()).dialog, about, "opened again after a reconnection");
});

test("rooms are listed in the order of their names, as the server does", () => {
  const room = (name) => ({ ...ROOM, chat_id: name, type: "room", room: { chat_id: name, name, role: "owner" } });
  const { rooms } = after([room("tea"), room("Apples"), room("青嶼"), room("Books")]);
  assert.deepEqual(rooms.map(({ name }) => name), ["Apples", "Books", "tea", "青嶼"]);
});

test("a renamed room is shown with its new name and the own role", () => {
  const room = { chat_id: "room", name: "Renamed", role: "reader" };
  const state = after([opened(), { ...ROOM, type: "room", room }]);
  assert.deepEqual([state.room.name, state.room.role], ["Renamed", "reader"]);
});

test("a deleted document is removed", () => {
  const document = (status) => ({ ...ROOM, type: "document", document: { document_id: "d", name: "a.pdf", status } });
  const shown = after([...asked, document("ready"), document("deleting")]);
  assert.equal(shown.room.documents.length, 1);
  assert.deepEqual(after([document("deleted")], shown).room.documents, []);
});

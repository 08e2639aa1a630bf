// Which questions an empty conversation offers: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { starters, suggestions } from "../../../web/starters.js";
import { strings } from "../../../web/strings.js";

const room = (documents, role = "owner", left_out = []) => ({ role, documents, left_out });
const document = (name, status = "ready", questions = []) => ({ document_id: name, name, status, questions });

test("the demo room offers questions that its welcome document answers, in the language of the page", () => {
  const demo = room([document("welcome-en.pdf"), document("welcome-zh-TW.pdf")]);
  assert.deepEqual(starters(demo, "en"), strings.en.starters.welcome);
  assert.deepEqual(starters(demo, "zh-TW"), strings["zh-TW"].starters.welcome);
});

test("a room of one's own offers questions that fit any document, once one can be asked", () => {
  assert.deepEqual(starters(room([document("a.pdf"), document("welcome-en.pdf", "failed")]), "en"), strings.en.starters.any);
  assert.deepEqual(starters(room([document("a.pdf", "queued")]), "en"), []);
});

test("a reader is offered no question", () => {
  assert.deepEqual(starters(room([document("a.pdf")], "reader"), "en"), []);
});

test("questions from the summaries of ticked documents are offered alternately, each once", () => {
  const documents = [document("a.pdf", "ready", ["A1?", "A2?"]), document("b.pdf", "ready", ["B1?", "A1?"]), document("c.pdf", "ready", ["C1?"])];
  assert.deepEqual(suggestions(room(documents, "owner", ["c.pdf"]), "en"), ["A1?", "B1?", "A2?"]);
  assert.deepEqual(starters(room(documents), "en"), [strings.en.starters.any[0], "A1?", "B1?", "C1?"]);
});

test("questions in the language of the page are offered, or all if there are none", () => {
  const documents = [document("a.pdf", "ready", ["A?"]), document("b.pdf", "ready", ["乙？"])];
  assert.deepEqual(suggestions(room(documents), "en"), ["A?"]);
  assert.deepEqual(suggestions(room(documents), "zh-TW"), ["乙？"]);
  assert.deepEqual(suggestions(room([documents[0]]), "zh-TW"), ["A?"]);
  assert.deepEqual(starters(room([documents[1]]), "en"), [strings["zh-TW"].starters.any[0], "乙？"]);
});

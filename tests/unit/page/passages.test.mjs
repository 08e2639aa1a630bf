// Where a passage stands on its page: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findQuote } from "../../../web/pdf/passages.js";

test("a quote is found whatever its spaces, punctuation and radicals are", () => {
  const pieces = ["The fee is", "25 euros ", "(a year)."];
  assert.deepEqual(findQuote(pieces, "fee is 25 euros a year"), [
    { piece: 0, start: 4, end: 10 },
    { piece: 1, start: 0, end: 8 },
    { piece: 2, start: 1, end: 7 },
  ]);
  assert.deepEqual(findQuote(["\u2F00年\uE000會費"], "一年：會費"), [{ piece: 0, start: 0, end: 5 }]);
});

test("what does not stand there as a whole is not marked at all", () => {
  assert.deepEqual(findQuote(["The fee is 25 euros"], "The fee is 26 euros"), []);
  assert.deepEqual(findQuote(["text"], " … "), []);
});

// Where a passage stands on its page: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { boxesOfRects, findQuote, joinedLines } from "../../../web/pdf/passages.js";

const PAGE = { width: 200, height: 400 };

test("a rectangle becomes shares of the page", () => {
  assert.deepEqual(boxesOfRects(PAGE, [[20, 80, 120, 100]]), [{ left: 0.1, top: 0.2, width: 0.5, height: 0.05 }]);
});

test("what stands outside of the page is not marked", () => {
  assert.deepEqual(boxesOfRects(PAGE, [[-50, 10, -10, 20]]), []);
  assert.deepEqual(boxesOfRects(PAGE, [[-50, 80, 100, 100]]), [{ left: 0, top: 0.2, width: 0.5, height: 0.05 }]);
});

test("boxes side by side on a line become one, those of two columns do not", () => {
  const word = (left, top) => ({ left, top, width: 0.1, height: 0.02 });
  assert.equal(joinedLines([word(0.1, 0.1), word(0.21, 0.1), word(0.1, 0.13)]).length, 2);
  assert.equal(joinedLines([word(0.1, 0.1), word(0.6, 0.1)]).length, 2);
});

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

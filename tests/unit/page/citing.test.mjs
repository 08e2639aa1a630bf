// Passages that continue on the next page: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wholePassage } from "../../../web/state.js";

const state = { quotes: {}, room: { documents: [{ document_id: "d", status: "ready" }] } };
const cite = (page, start, quote, document_id = "d") => ({ document_id, page, start, end: start + 1, quote });
const parts = (citation, ...citations) => wholePassage(state, citation, citations);

test("a sentence that continues on the next page is one passage, from either part", () => {
  const [first, second] = [cite(4, 90, "The fee is"), cite(5, 0, "25 euros.")];
  assert.deepEqual(parts(first, first, second), [first, second]);
  assert.deepEqual(parts(second, second, first), [first, second]);
  const [chinese, rest] = [cite(4, 90, "會費在五月"), cite(5, 0, "到期。")];
  assert.deepEqual(parts(chinese, chinese, rest), [chinese, rest]);
});

test("passages that are only near each other stay two", () => {
  const second = cite(5, 0, "25 euros.");
  for (const first of [cite(4, 90, "It is due."), cite(4, 90, "（見附件。）"), cite(3, 90, "The fee is"), cite(4, 90, "The fee is", "e"), cite(4, 90, null)])
    assert.deepEqual(parts(first, first, second), [first]);
  const [cut, later] = [cite(4, 90, "The fee is"), cite(5, 7, "25 euros.")];
  assert.deepEqual(parts(cut, cut, later), [cut]);
});

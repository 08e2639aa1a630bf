// The marks of a passage on its page: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf } from "../../../web/pdf/marks.js";

const PAGE = { width: 200, height: 400 };

test("a rectangle becomes percentages of the page", () => {
  const place = { left: "10.000%", top: "20.000%", width: "50.000%", height: "5.000%" };
  assert.deepEqual(placeOf(PAGE, [20, 80, 120, 100]), place);
});

test("a rectangle outside of the page is not marked", () => {
  assert.equal(placeOf(PAGE, [-50, 10, -10, 20]), null);
  const place = { left: "0.000%", top: "20.000%", width: "50.000%", height: "5.000%" };
  assert.deepEqual(placeOf(PAGE, [-50, 80, 100, 100]), place);
});

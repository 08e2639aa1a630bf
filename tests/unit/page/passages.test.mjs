// Where a passage stands on its page: run by tests/unit/test_page.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { boxesOfRects, findQuote, joinedLines } from "../../../web/pdf/passages.js";

/** A page as pdf.js draws it: `view` is its crop box, `rotation` in degrees clockwise. */
function viewport({ view = [0, 0, 200, 400], rotation = 0, scale = 1 }) {
  const [left, bottom, right, top] = view;
  const [width, height] = [(right - left) * scale, (top - bottom) * scale];
  const isTurned = rotation % 180 !== 0;
  return {
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    convertToViewportPoint(x, y) {
      const [across, down] = [(x - left) * scale, (top - y) * scale];
      if (rotation === 90) return [height - down, across];
      return rotation === 180 ? [width - across, height - down] : [across, down];
    },
  };
}

function near(box, expected) {
  for (const [name, value] of Object.entries(expected)) assert.ok(Math.abs(box[name] - value) < 1e-9, name);
}

test("a rectangle becomes shares of the page, whatever the zoom", () => {
  for (const scale of [0.5, 1, 3]) {
    const [box] = boxesOfRects(viewport({ scale }), [[20, 300, 120, 320]]);
    near(box, { left: 0.1, top: 0.2, width: 0.5, height: 0.05 });
  }
});

test("a cropped page shows what stands within its crop box", () => {
  const page = viewport({ view: [50, 100, 150, 300] });
  near(boxesOfRects(page, [[60, 280, 100, 290]])[0], { left: 0.1, top: 0.05, width: 0.4, height: 0.05 });
  assert.deepEqual(boxesOfRects(page, [[0, 0, 40, 20]]), []);
  near(boxesOfRects(page, [[40, 280, 100, 290]])[0], { left: 0, width: 0.5 });
});

test("a rotated page turns the rectangle with it", () => {
  near(boxesOfRects(viewport({ rotation: 90 }), [[20, 300, 120, 320]])[0], { left: 0.75, top: 0.1, width: 0.05, height: 0.5 });
  near(boxesOfRects(viewport({ rotation: 180 }), [[20, 300, 120, 320]])[0], { left: 0.4, top: 0.75, width: 0.5, height: 0.05 });
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

// Addresses of the page: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatAddress, parseAddress } from "../../../web/addresses.js";

const NOWHERE = { room: null, document: null, page: null, question: null, invitation: null };
const ADDRESSES = [
  { room: "r" },
  { room: "r/ö", document: "d", page: 12 },
  { room: "r", question: "q" },
  { invitation: "t-_1" },
  {},
];

for (const address of ADDRESSES) {
  test(`${formatAddress(address)} is parsed back to its parts`, () => {
    assert.deepEqual(parseAddress(formatAddress(address)), { ...NOWHERE, ...address });
  });
}

for (const hash of ["", "#", "#/", "#/room", "#/elsewhere/r", "#/room/%", "#/join/"]) {
  test(`'${hash}' is no address`, () => assert.deepEqual(parseAddress(hash), NOWHERE));
}

test("a page number that is invalid becomes the first", () => {
  assert.equal(parseAddress("#/room/r/doc/d/p/-3").page, 1);
  assert.equal(parseAddress("#/room/r/doc/d").page, 1);
});

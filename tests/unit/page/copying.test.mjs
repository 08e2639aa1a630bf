// Answers as text to copy: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answerMarkdown, answerText, conversationMarkdown } from "../../../web/copying.js";
import { strings } from "../../../web/strings.js";

const citation = (number, page, quote = null) => ({ number, document_id: "d", page, quote });
const page = { document: () => ({}), documentName: () => "handbook.pdf", t: strings.en };
const answer = { text: "The fee is 25 euros [1]. It is due in May [1][2].", citations: [citation(1, 3, "fee\nis 25"), citation(2, 4)] };

test("a copied answer has no citation numbers", () => {
  assert.equal(answerText(answer), "The fee is 25 euros. It is due in May.");
});

test("a number that cites nothing stays", () => {
  assert.equal(answerText({ text: "See a[1] in the code.", citations: [] }), "See a[1] in the code.");
  assert.match(answerMarkdown(page, { ...answer, text: "as in [7]" }), /^as in \[7\]/);
});

test("an index in code is no citation number", () => {
  const code = "```py\nfirst = rows[1]\n```\n`rows[2]`";
  assert.equal(answerText({ ...answer, text: `So [1]:\n${code}` }), `So:\n${code}`);
  assert.ok(answerMarkdown(page, { ...answer, text: `So [1]:\n${code}` }).startsWith(`So [^1]:\n${code}\n`));
});

test("a copy with citations has file and page of each number", () => {
  assert.equal(
    answerMarkdown(page, answer),
    "The fee is 25 euros [^1]. It is due in May [^1][^2].\n\n" +
      "[^1]: handbook.pdf, page 3: “fee is 25”\n[^2]: handbook.pdf, page 4\n",
  );
});

test("footnotes of two answers in one file differ", () => {
  const turn = { question: { text: "How much?", sender: "ada" }, answer };
  const text = conversationMarkdown(page, "Room", [turn, turn]);
  assert.match(text, /\[\^1-1\]: handbook/);
  assert.match(text, /\[\^2-1\]: handbook/);
});

test("a copy fetches no picture that the page has not shown", () => {
  const text = "![pixel](http://evil.test/?q) and <IMG src=x> [1]";
  for (const citations of [[], [citation(1, 3)]]) {
    const copied = answerMarkdown(page, { text, citations });
    assert.match(copied, /^!\\\[pixel\]\(http:\/\/evil\.test\/\?q\) and &lt;IMG src=x>/);
  }
});

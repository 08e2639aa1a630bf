// Sentences of endings and failures: run by tests/unit/test_web_logic.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ended, failureSentence } from "../../../web/outcomes.js";
import { strings } from "../../../web/strings.js";

const LIMITS = { max_upload_bytes: 50_000_000, max_pdf_pages: 3000 };
const of = (language) => ({ language, room: { limits: LIMITS } });
const answer = (ending, text) => ({ kind: "answer", ending, text });

for (const ending of ["stopped", "error", "timeout"]) {
  test(`an answer that broke off (${ending}) keeps its text and says how it ended`, () => {
    const sentence = strings["zh-TW"].endings[ending];
    assert.deepEqual(ended(answer(ending, "Half an answer"), "zh-TW"), { text: "Half an answer", sentence });
  });
}

test("an ending without text is shown once, in the language of the page", () => {
  for (const asked of ["en", "zh-TW"])
    for (const shown of ["en", "zh-TW"])
      for (const [ending, text] of Object.entries(strings[asked].endings)) {
        const sentence = strings[shown].endings[ending];
        assert.deepEqual(ended(answer(ending, text), shown), { text: "", sentence });
      }
});

test("a complete answer needs no sentence, even if it reads like one", () => {
  assert.deepEqual(ended(answer("answer", "Stopped."), "en"), { text: "Stopped.", sentence: null });
});

test("a failure names the limit that was passed, in the units of its sentence", () => {
  const named = { upload_too_large: "50 MB", pdf_too_long: "3000" };
  for (const language of ["en", "zh-TW"])
    for (const [code, limit] of Object.entries(named)) {
      const sentence = failureSentence(of(language), code);
      assert.ok(sentence.includes(limit) && !/[{}]/.test(sentence), sentence);
    }
});

test("a failure without a sentence of its own is shown as one of reading", () => {
  assert.equal(failureSentence(of("en"), "busy"), failureSentence(of("en"), "ingest_failed"));
});

test("an internal failure names the document, for the operator", () => {
  assert.ok(failureSentence(of("en"), "internal", "doc-$&").endsWith("this id: doc-$&."));
});

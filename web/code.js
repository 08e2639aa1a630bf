// Colours of code in answers; loaded with the first answer that has some.

import bash from "./lib/highlight/bash.js";
import core from "./lib/highlight/core.js";
import javascript from "./lib/highlight/javascript.js";
import json from "./lib/highlight/json.js";
import python from "./lib/highlight/python.js";
import sql from "./lib/highlight/sql.js";

for (const [name, language] of Object.entries({ bash, javascript, json, python, sql }))
  core.registerLanguage(name, language);

/** @param {HTMLElement} code whose language is guessed among those that are known */
export function highlight(code) {
  const { value } = core.highlightAuto(code.textContent ?? "");
  const spans = { ALLOWED_TAGS: ["span"], ALLOWED_ATTR: ["class"], RETURN_DOM_FRAGMENT: true };
  code.replaceChildren(window.DOMPurify.sanitize(value, /** @type {any} */ (spans)));
}

// Colours code in answers; loaded with the first answer that has code.

import DOMPurify from "./lib/dompurify.js";
import bash from "./lib/highlight/bash.js";
import core from "./lib/highlight/core.js";
import javascript from "./lib/highlight/javascript.js";
import json from "./lib/highlight/json.js";
import python from "./lib/highlight/python.js";
import sql from "./lib/highlight/sql.js";

for (const [name, language] of Object.entries({ bash, javascript, json, python, sql })) core.registerLanguage(name, language);

/** @param {string} code whose language is guessed among the registered ones @returns {string} as safe HTML */
export function highlight(code) {
  const { value } = core.highlightAuto(code);
  return DOMPurify.sanitize(value, { ALLOWED_TAGS: ["span"], ALLOWED_ATTR: ["class"] });
}

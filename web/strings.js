// The words of the page, in both languages; how a question ended and why something failed is in sentences.js.

import { en } from "./strings/en.js";
import { zh } from "./strings/zh_tw.js";

/** @import { Language } from "./types.d.ts" */

const KEPT = "documind.language";

/** @typedef {typeof en} Strings */
/** @type {Record<Language, Strings>} */
export const strings = { en, "zh-TW": zh };

/** @returns {Language} the one that was chosen here before, or else the browser's */
export function preferredLanguage() {
  const languages = [localStorage.getItem(KEPT), ...navigator.languages];
  for (const language of languages) {
    if (language?.startsWith("zh")) return "zh-TW";
    if (language?.startsWith("en")) return "en";
  }
  return "en";
}

/** @param {Language} language */
export function keepLanguage(language) {
  localStorage.setItem(KEPT, language);
}

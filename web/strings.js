// The words of the page, in both languages.

import { endings, reasons } from "./sentences.js";
import { documents } from "./strings/documents.js";
import { people } from "./strings/people.js";

const KEPT = "documind.language";

const words = { ...people, ...documents, endings, reasons };

/**
 * @template W
 * @typedef {{ [Name in keyof W]: W[Name] extends [infer Said, unknown] ? Said : InOneLanguage<W[Name]> }} InOneLanguage
 */
/** @typedef {InOneLanguage<typeof words>} Strings */
/** @type {Record<Language, Strings>} */
export const strings = { en: inLanguage(words, 0), "zh-TW": inLanguage(words, 1) };

/** @param {object} group of pairs or of groups @param {0 | 1} which of each pair @returns {any} */
function inLanguage(group, which) {
  const chosen = Object.entries(group).map(([name, said]) => [name, Array.isArray(said) ? said[which] : inLanguage(said, which)]);
  return Object.fromEntries(chosen);
}

/** @returns {Language} the stored choice, else the browser's language */
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

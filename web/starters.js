// The questions that an empty conversation offers, one click away.

import { strings } from "./strings.js";

/** @import { Language, OpenRoom } from "./types.d.ts" */

/**
 * @param {OpenRoom} room
 * @param {Language} language
 * @returns {string[]} what the room's ready documents can answer, in the language of the page; none for a reader
 */
export function starters(room, language) {
  const ready = room.documents.filter((document) => document.status === "ready").map((document) => document.name);
  if (ready.length === 0 || room.role === "reader") return [];
  const { welcome, any } = strings[language].starters;
  return ready.includes(`welcome-${language}.pdf`) ? welcome : any;
}

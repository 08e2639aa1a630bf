// The whole conversation as a file.

import { conversationMarkdown } from "./copying.js";
import { turns } from "./state.js";

/** @import { Page } from "./page.js" */

/** @param {Page} page whose room is read to its first message before */
export async function exportConversation(page) {
  for (let before = null; page.state.room?.next && page.state.room.next !== before; ) {
    before = page.state.room.next;
    await page.rooms.loadOlder();
  }
  const { room } = page.state;
  if (!room) return;
  const text = conversationMarkdown(room.name, turns(room, []), (id) => page.documentName(id), page.t);
  save(new Blob([text], { type: "text/markdown" }), `${room.name.replace(/[\\/:*?"<>|]/g, "_")}.md`);
}

/**
 * Let the person keep a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

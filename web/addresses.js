// The page's addresses: a room, a PDF beside it, a question in it, an invitation; and those of its files.

/** @typedef {{ room: string | null, document: string | null, page: number | null, question: string | null, invitation: string | null }} Address */

/** @type {Address} */
export const NOWHERE = { room: null, document: null, page: null, question: null, invitation: null };

/**
 * @param {string} hash of the location, such as `#/room/R/doc/D/p/3`, `#/room/R/q/Q` or `#/join/T`
 * @returns {Address} what it does not name, or not as an address of ours, is null
 */
export function parseAddress(hash) {
  const parts = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (parts[0] === "join" && parts[1]) return { ...NOWHERE, invitation: parts[1] };
  if (parts[0] !== "room" || !parts[1]) return NOWHERE;
  const [, room, kind, id, page, number] = parts;
  if (kind === "q" && id) return { ...NOWHERE, room, question: id };
  if (kind !== "doc" || !id) return { ...NOWHERE, room };
  const isNumbered = page === "p" && /^[1-9]\d{0,5}$/.test(number ?? "");
  return { ...NOWHERE, room, document: id, page: isNumbered ? Number(number) : 1 };
}

/** @param {Partial<Address>} address @returns {string} its hash */
export function formatAddress({ room, document, page, question, invitation }) {
  if (invitation) return `#/join/${encodeURIComponent(invitation)}`;
  if (!room) return "#/";
  const inRoom = `#/room/${encodeURIComponent(room)}`;
  if (question) return `${inRoom}/q/${encodeURIComponent(question)}`;
  return document ? `${inRoom}/doc/${encodeURIComponent(document)}/p/${page ?? 1}` : inRoom;
}

/**
 * @param {string} path of a file of the page, which stands beside this one or below
 * @returns {string} its address, wherever the page's files are served from
 */
export function assetUrl(path) {
  return new URL(path, import.meta.url).href;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

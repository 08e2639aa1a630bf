// The page's addresses: a room, a PDF beside it, a question in it, an invitation; and those of its files.

/** @typedef {{ room: string | null, document: string | null, page: number | null, question: string | null, invitation: string | null }} Address */

const FORM = /^#?\/?(?:join\/([^/]+)|room\/([^/]+)(?:\/q\/([^/]+)|\/doc\/([^/]+)(?:\/p\/([1-9]\d{0,5})$)?)?)/;

/**
 * @param {string} hash of the location, such as `#/room/R/doc/D/p/3`, `#/room/R/q/Q` or `#/join/T`
 * @returns {Address} null for each part that it does not name or that is invalid
 */
export function parseAddress(hash) {
  const [, invitation = null, room = null, question = null, document = null, page = 1] = FORM.exec(hash)?.map(decoded) ?? [];
  return { room, document, page: document === null ? null : Number(page), question, invitation };
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
 * @param {string} path of a file of the page, relative to this one's folder
 * @returns {string} its address, wherever the page's files are served from
 */
export function assetUrl(path) {
  return new URL(path, import.meta.url).href;
}

/** @param {string | undefined} part */
function decoded(part = "") {
  try {
    return decodeURIComponent(part) || undefined;
  } catch {
    return undefined;
  }
}

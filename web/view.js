// How a part of the page is written: elements as tagged templates, and where files are that it shows.

import htm from "./lib/htm.js";
import { h } from "./lib/preact.js";

/**
 * @param {string} path of a file of the page, which stands beside this one or below
 * @returns {string} its address, wherever the page's files are served from
 */
export function assetUrl(path) {
  return new URL(path, import.meta.url).href;
}

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);

/** @param {SubmitEvent} event of a form @returns {string} what its field `name` holds, without spaces around it */
export function nameIn({ currentTarget }) {
  const form = /** @type {HTMLFormElement} */ (currentTarget);
  return String(new FormData(form).get("name") ?? "").trim();
}

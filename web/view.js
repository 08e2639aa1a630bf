// How a part of the page is written: elements as tagged templates, and what its forms hold.

import htm from "./lib/htm.js";
import { h } from "./lib/preact.js";

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);

/** @param {SubmitEvent} event of a form @returns {string} what its field `name` holds, without spaces around it */
export function nameIn({ currentTarget }) {
  const form = /** @type {HTMLFormElement} */ (currentTarget);
  return String(new FormData(form).get("name") ?? "").trim();
}

// Helpers for parts of the page: templates of elements, parts that are drawn only after a change, dates, values of forms.

import htm from "./lib/htm.js";
import { Component, h } from "./lib/preact.js";

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);

/**
 * A part of the page that is drawn again only if a value in `from` has changed.
 * @extends {Component<{ from: unknown[], draw: () => any }>}
 */
export class Memo extends Component {
  /** @param {Memo["props"]} next */
  shouldComponentUpdate({ from }) {
    return from.some((each, index) => each !== this.props.from[index]);
  }

  render() {
    return this.props.draw();
  }
}

/** @param {Language} language @param {number} seconds since 1970 @returns {string} */
export function dateTime(language, seconds) {
  return new Date(seconds * 1000).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}

/** @param {SubmitEvent} event of a form @returns {string} the value of its field `name`, trimmed */
export function nameIn({ currentTarget }) {
  const form = /** @type {HTMLFormElement} */ (currentTarget);
  return String(new FormData(form).get("name") ?? "").trim();
}

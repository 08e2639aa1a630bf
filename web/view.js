// How a part of the page is written: elements as tagged templates, when it is drawn anew, and what its forms hold.

import htm from "./lib/htm.js";
import { Component, h } from "./lib/preact.js";

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);

/**
 * A part of the page that is drawn anew only when something of what it is drawn from has changed.
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

/** @param {SubmitEvent} event of a form @returns {string} what its field `name` holds, without spaces around it */
export function nameIn({ currentTarget }) {
  const form = /** @type {HTMLFormElement} */ (currentTarget);
  return String(new FormData(form).get("name") ?? "").trim();
}

// A list that can be filtered by name if it is long.

import { Component } from "../lib/preact.js";
import { folded } from "../state.js";
import { html } from "../view.js";

const FILTER_FROM = 10; // items, from which on a list has a filter

/** @typedef {{ list: { name: string }[], label: string, none: string, draw: (shown: any[]) => unknown }} FilteredProps `none`: shown if no name matches */

/** @extends {Component<FilteredProps, { filter: string }>} */
export class Filtered extends Component {
  state = { filter: "" };

  /** @param {InputEvent} event */
  #filter = (event) => this.setState({ filter: /** @type {HTMLInputElement} */ (event.currentTarget).value });

  render() {
    const { list, label, none, draw } = this.props;
    const isLong = list.length >= FILTER_FROM;
    const wanted = isLong ? folded(this.state.filter.trim()) : "";
    const shown = list.filter(({ name }) => folded(name).includes(wanted));
    return html`
      ${isLong && html`<input type="search" class="filter" aria-label=${label} placeholder=${label} value=${this.state.filter} onInput=${this.#filter} />`}
      ${draw(shown)}
      ${wanted && shown.length === 0 && html`<p class="empty">${none}</p>`}
    `;
  }
}

// Finds words in the shown PDF.

import { Component, createRef } from "../lib/preact.js";
import { html } from "../view.js";
import { IconButton } from "./icon.js";

/** @typedef {{ current: number, total: number } | null | undefined} Matches null: nothing was found; undefined: no search was made */

/** @extends {Component<{ t: Strings, pages: import("../pdf/pages.js").Pages | null, matches: Matches, onClose: () => void }>} */
export class FindBar extends Component {
  /** @type {import("../lib/preact.js").RefObject<HTMLInputElement | null>} */ #input = createRef();

  componentDidMount() {
    this.#input.current?.focus();
  }

  /** @param {"" | "again"} type @param {boolean} [isBackwards] */
  #find(type, isBackwards = false) {
    this.props.pages?.find(this.#input.current?.value ?? "", type, isBackwards);
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.#find("again", event.shiftKey);
  };

  render() {
    const { t, matches, onClose } = this.props;
    const found = matches === null ? t.not_found : matches?.total ? t.number_of(matches.current, matches.total) : "";
    return html`
      <search class="find-bar">
        <input type="search" ref=${this.#input} aria-label=${t.find_label} placeholder=${t.find_label}
          onInput=${() => this.#find("")} onKeyDown=${this.#key} />
        <span class="found" role="status">${found}</span>
        <${IconButton} icon="chevron-up" label=${t.previous_match} onClick=${() => this.#find("again", true)} />
        <${IconButton} icon="chevron-down" label=${t.next_match} onClick=${() => this.#find("again")} />
        <${IconButton} icon="x" label=${t.close_find} onClick=${onClose} />
      </search>
    `;
  }
}

// Finds words in the PDF that is shown.

import { Component, createRef } from "../lib/preact.js";
import { html } from "../view.js";
import { IconButton } from "./icon.js";

/**
 * @typedef {{
 *   t: Strings,
 *   matches: { current: number, total: number } | null | undefined,
 *   onFind: (query: string, type: "" | "again", isBackwards: boolean) => void,
 *   onClose: () => void,
 * }} FindBarProps `matches`: null where nothing was found, undefined before anything was looked for
 */

/** @extends {Component<FindBarProps>} */
export class FindBar extends Component {
  /** @type {import("../lib/preact.js").RefObject<HTMLInputElement | null>} */ #input = createRef();

  componentDidMount() {
    this.#input.current?.focus();
  }

  /** @param {boolean} isBackwards */
  #again(isBackwards) {
    this.props.onFind(this.#input.current?.value ?? "", "again", isBackwards);
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.#again(event.shiftKey);
  };

  #changed = () => this.props.onFind(this.#input.current?.value ?? "", "", false);

  render() {
    const { t, matches, onClose } = this.props;
    const found = matches === null ? t.not_found : matches?.total ? t.number_of(matches.current, matches.total) : "";
    return html`
      <search class="find-bar">
        <input type="search" ref=${this.#input} aria-label=${t.find_label} placeholder=${t.find_label}
          onInput=${this.#changed} onKeyDown=${this.#key} />
        <span class="found" role="status">${found}</span>
        <${IconButton} icon="chevron-up" label=${t.previous_match} onClick=${() => this.#again(true)} />
        <${IconButton} icon="chevron-down" label=${t.next_match} onClick=${() => this.#again(false)} />
        <${IconButton} icon="x" label=${t.close_find} onClick=${onClose} />
      </search>
    `;
  }
}

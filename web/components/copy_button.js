// A button that copies a text, and confirms it.

import { Component } from "../lib/preact.js";
import { html } from "../view.js";
import { Icon } from "./icon.js";

const SHOWN_MS = 2_000;

/** @typedef {{ page: Page, icon: string, label: string, text: () => string, class?: string }} CopyButtonProps with a `class` the label is visible */

/** @extends {Component<CopyButtonProps, { done: boolean }>} */
export class CopyButton extends Component {
  state = { done: false };

  #copy = async () => {
    await navigator.clipboard.writeText(this.props.text());
    this.setState({ done: true });
    setTimeout(() => this.setState({ done: false }), SHOWN_MS);
  };

  render() {
    const { page, icon, label, class: look } = this.props;
    const { done } = this.state;
    const said = done ? page.t.copied : label;
    return html`
      <button type="button" class=${look ?? "icon-button"} aria-label=${said} title=${label} onClick=${this.#copy}>
        <${Icon} name=${done ? "check" : icon} />${look !== undefined && said}
      </button>
    `;
  }
}

// A button that opens a list of actions.

import { Component } from "../lib/preact.js";
import { html } from "../view.js";
import { Icon, IconButton } from "./icon.js";

/** @typedef {{ icon: string, text: string, onClick: () => void, bad?: boolean }} MenuItem `bad`: it deletes something */

/** @param {{ id: string, icon: string, label: string, items: (MenuItem | false | null)[] }} props */
export function Menu({ id, icon, label, items }) {
  return html`
    <${IconButton} icon=${icon} class="icon-button menu-opener" label=${label} popovertarget=${id} aria-haspopup="menu" />
    <${MenuItems} id=${id} items=${items} />
  `;
}

/**
 * The list; it is drawn only when it opens, because a page has dozens.
 * @extends {Component<{ id: string, items: (MenuItem | false | null)[] }, { isOpen: boolean }>}
 */
export class MenuItems extends Component {
  state = { isOpen: false };

  #open = () => this.setState({ isOpen: true });

  /** @param {ToggleEvent} event after it has opened or closed: items removed earlier would lose the focus */
  #toggle = (event) => {
    if (event.newState === "open") choices(event)[0]?.focus();
    else this.setState({ isOpen: false });
  };

  render() {
    const { id, items } = this.props;
    return html`
      <div class="menu" id=${id} popover role="menu" onKeyDown=${move} onBeforeToggle=${this.#open} onToggle=${this.#toggle}>
        ${
          this.state.isOpen &&
          items.map((item) => item && html`<${Choice} key=${item.text} item=${item} />`)
        }
      </div>
    `;
  }
}

/** @param {{ item: MenuItem }} props */
function Choice({ item: { icon, text, bad, onClick } }) {
  /** @param {MouseEvent} event */
  const choose = (event) => {
    const menu = /** @type {HTMLElement} */ (event.currentTarget).closest(".menu");
    /** @type {HTMLElement | null} */ (menu)?.hidePopover();
    onClick();
  };
  return html`
    <button type="button" role="menuitem" tabindex="-1" class=${bad ? "bad" : ""} onClick=${choose}>
      <${Icon} name=${icon} />${text}
    </button>
  `;
}

/** @param {KeyboardEvent} event */
function move(event) {
  if (event.key === "Escape") event.stopPropagation(); // it closes the menu only
  if (event.key === "Tab") /** @type {HTMLElement} */ (event.currentTarget).hidePopover(); // the focus goes on from its button
  const buttons = choices(event);
  const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const steps = /** @type {Record<string, number>} */ ({ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 });
  if (!(event.key in steps)) return;
  event.preventDefault();
  buttons.at(steps[event.key] % buttons.length)?.focus();
}

/** @param {Event} event @returns {HTMLElement[]} */
function choices(event) {
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  return /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role=menuitem]")]);
}

// A button that opens a list of things to do.

import { html } from "../view.js";
import { Icon, IconButton } from "./icon.js";

/** @typedef {{ icon: string, text: string, onClick: () => void, bad?: boolean }} MenuItem `bad`: it destroys something */

/** @param {{ id: string, icon: string, label: string, items: (MenuItem | false | null)[] }} props */
export function Menu({ id, icon, label, items }) {
  return html`
    <${IconButton} icon=${icon} class="icon-button menu-opener" label=${label} popovertarget=${id} aria-haspopup="menu" />
    <${MenuItems} id=${id} items=${items} />
  `;
}

/** @param {{ id: string, items: (MenuItem | false | null)[] }} props */
export function MenuItems({ id, items }) {
  return html`
    <div class="menu" id=${id} popover role="menu" onKeyDown=${move} onToggle=${focusFirst}>
      ${items.map(
        (item) =>
          item &&
          html`<button type="button" role="menuitem" tabindex="-1" key=${item.text} class=${item.bad ? "bad" : ""}
            onClick=${(/** @type {MouseEvent} */ event) => {
              const menu = /** @type {HTMLElement} */ (event.currentTarget).closest(".menu");
              /** @type {HTMLElement | null} */ (menu)?.hidePopover();
              item.onClick();
            }}>
            <${Icon} name=${item.icon} />${item.text}
          </button>`,
      )}
    </div>
  `;
}

/** @param {ToggleEvent} event */
function focusFirst(event) {
  if (event.newState === "open") choices(event)[0]?.focus();
}

/** @param {KeyboardEvent} event */
function move(event) {
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

// Icons: drawings of lucide-static, in the colour of the text around them.

import { html } from "../view.js";

/** @param {{ name: string }} props `name` is one of the drawings that libraries.json lists */
export function Icon({ name }) {
  return html`<span class=${`icon icon-${name}`} aria-hidden="true"></span>`;
}

/**
 * A button that is an icon.
 * @param {{ icon: string, label: string, onClick?: (event: MouseEvent) => void, [attribute: string]: unknown }} props
 */
export function IconButton({ icon, label, ...attributes }) {
  return html`
    <button type="button" class="icon-button" aria-label=${label} title=${label} ...${attributes}>
      <${Icon} name=${icon} />
    </button>
  `;
}

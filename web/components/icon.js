// Icons: drawings of lucide-static, in the colour of the text around them.

import { assetUrl, html } from "../view.js";

/** @param {{ name: string }} props `name` is a file of lib/icons, as libraries.json lists them */
export function Icon({ name }) {
  return html`<span class="icon" aria-hidden="true" style=${{ maskImage: `url("${assetUrl(`lib/icons/${name}.svg`)}")` }}></span>`;
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

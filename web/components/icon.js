// Icons: drawings of lucide-static, in the colour of the text around them.

import icons from "../lib/icons.js";
import { html } from "../view.js";

/**
 * An element of the page and no image: the browser makes a document for each image that is an SVG.
 * @param {{ name: string }} props `name` is one of the drawings that libraries.json lists
 */
export function Icon({ name }) {
  return html`<svg class=${`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true"
    dangerouslySetInnerHTML=${{ __html: icons[name] }} />`;
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

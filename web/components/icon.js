// Icons of lucide-static, in the colour of the surrounding text.

import icons from "../lib/icons.js";
import { html } from "../view.js";

/**
 * An SVG element, not an image: browsers create a document for each SVG image.
 * @param {{ name: string }} props `name`: one of the icons in libraries.json
 */
export function Icon({ name }) {
  return html`<svg class=${`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true"
    dangerouslySetInnerHTML=${{ __html: icons[name] }} />`;
}

/**
 * A button that shows only an icon.
 * @param {{ icon: string, label: string, onClick?: (event: MouseEvent) => void, [attribute: string]: unknown }} props
 */
export function IconButton({ icon, label, ...attributes }) {
  return html`
    <button type="button" class="icon-button" aria-label=${label} title=${label} ...${attributes}>
      <${Icon} name=${icon} />
    </button>
  `;
}

// The toolbar of a PDF: page, zoom, find, download.

import { html } from "../view.js";
import { IconButton } from "./icon.js";

/**
 * @param {import("./viewer.js").Shown & {
 *   page: Page, viewer: ViewerState, pages: import("../pdf/pages.js").Pages | null, onFind: () => void, onThumbnails: () => void
 * }} props
 */
export function PdfToolbar({ page, viewer, pages, total, scale, finding, hasThumbnails, onFind, onThumbnails }) {
  const { t } = page;
  const { page: number, document_id } = viewer;
  const choosePage = (/** @type {any} */ { currentTarget: field }) => {
    pages?.goTo(Math.trunc(field.value) || number);
    field.value = page.state.viewer?.page; // also if it is the same page as before
  };
  const chooseScale = (/** @type {any} */ { currentTarget: field }) => {
    pages?.setScale(field.value);
    field.value = ""; // shows the scale, which the buttons change too
  };
  const percent = Math.round(scale * 100);
  return html`
    <div class="pdf-toolbar" role="toolbar" aria-label=${t.tools}>
      <${IconButton} icon="panel-left" label=${t.thumbnails} aria-pressed=${String(hasThumbnails)}
        disabled=${total === 0} onClick=${onThumbnails} />
      <${IconButton} icon="chevron-left" class="icon-button turn-page" label=${t.previous_page} disabled=${number <= 1}
        onClick=${() => pages?.goTo(number - 1)} />
      <label class="page-box">
        <span class="hidden">${t.page_number}</span>
        <input type="number" min="1" max=${total} value=${number || ""} disabled=${total === 0} onChange=${choosePage} />
        <span>${total ? t.of_pages(total) : ""}</span>
      </label>
      <${IconButton} icon="chevron-right" class="icon-button turn-page" label=${t.next_page} disabled=${number >= total}
        onClick=${() => pages?.goTo(number + 1)} />
      <span class="space"></span>
      <span class="zoom">
        <${IconButton} icon="minus" label=${t.zoom_out} onClick=${() => pages?.zoom(-1)} />
        <select aria-label=${t.zoom} onChange=${chooseScale}>
          <option value="" selected hidden>${percent} %</option>
          <option value="page-width">${t.fit_width}</option>
          <option value="page-fit">${t.fit_page}</option>
          ${[0.5, 0.75, 1, 1.5, 2].map((each) => html`<option key=${each} value=${each}>${each * 100} %</option>`)}
        </select>
        <${IconButton} icon="plus" label=${t.zoom_in} onClick=${() => pages?.zoom(1)} />
      </span>
      <${IconButton} icon="search" label=${t.find} aria-pressed=${String(finding)} disabled=${total === 0} onClick=${onFind} />
      <${IconButton} icon="download" label=${t.download} onClick=${() => page.download(document_id)} />
    </div>
  `;
}

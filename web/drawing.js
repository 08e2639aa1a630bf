// Draws the page after each change of its state.

import { App } from "./components/app.js";
import { render } from "./lib/preact.js";
import { html } from "./view.js";

const root = /** @type {HTMLElement} */ (document.getElementById("page"));

/** @param {Page} page */
export function keepDrawn(page) {
  let isDrawn = true;
  page.store.subscribe(() => {
    if (!isDrawn) return;
    isDrawn = false;
    queueMicrotask(draw); // one drawing for several changes
  });

  function draw() {
    isDrawn = true;
    const { language, palette, room } = page.state;
    const title = room ? `${room.name} · DocuMind` : "DocuMind";
    const { style } = document.documentElement;
    const colorScheme = palette === "system" ? "" : palette;
    if (document.documentElement.lang !== language) document.documentElement.lang = language; // only if needed: setting it restyles the whole page
    if (style.colorScheme !== colorScheme) style.colorScheme = colorScheme;
    if (document.title !== title) document.title = title;
    render(html`<${App} page=${page} />`, root);
  }

  root.replaceChildren(); // removes what index.html shows while loading
  draw();
}

// Draws the state of the page, whenever it has changed.

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
    queueMicrotask(draw); // several changes, one drawing
  });

  function draw() {
    isDrawn = true;
    const { language, palette, room } = page.state;
    const title = room ? `${room.name} · DocuMind` : "DocuMind";
    const { style } = document.documentElement;
    const colorScheme = palette === "system" ? "" : palette;
    if (document.documentElement.lang !== language) document.documentElement.lang = language; // restyles everything
    if (style.colorScheme !== colorScheme) style.colorScheme = colorScheme;
    if (document.title !== title) document.title = title;
    render(html`<${App} page=${page} />`, root);
  }

  root.replaceChildren(); // what index.html has shown until now
  draw();
}

// Starts the page: signs in, connects, and draws the state whenever it has changed.

import { App } from "./app.js";
import { render } from "./lib/preact.js";
import { Page } from "./page.js";
import { Session } from "./session.js";
import { html } from "./view.js";

const root = /** @type {HTMLElement} */ (document.getElementById("page"));
const page = new Page(await Session.load());
let isDrawn = true;

function draw() {
  isDrawn = true;
  document.documentElement.lang = page.state.language;
  document.title = page.state.room ? `${page.state.room.name} · DocuMind` : "DocuMind";
  render(html`<${App} page=${page} />`, root);
}

page.store.subscribe(() => {
  if (!isDrawn) return;
  isDrawn = false;
  queueMicrotask(draw); // several changes, one drawing
});
draw();
await page.start();

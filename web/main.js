// Starts the page: signs in, connects, and draws the state whenever it has changed.

import { App } from "./components/app.js";
import { render } from "./lib/preact.js";
import { Page } from "./page.js";
import { Session } from "./session.js";
import { preferredLanguage, strings } from "./strings.js";
import { html } from "./view.js";

const root = /** @type {HTMLElement} */ (document.getElementById("page"));
let isDrawn = true;

/** @param {Page} page */
function draw(page) {
  isDrawn = true;
  const { documentElement } = document;
  if (documentElement.lang !== page.state.language) documentElement.lang = page.state.language; // restyles everything
  document.title = page.state.room ? `${page.state.room.name} · DocuMind` : "DocuMind";
  render(html`<${App} page=${page} />`, root);
}

async function start() {
  const page = new Page(await Session.load());
  page.store.subscribe(() => {
    if (!isDrawn) return;
    isDrawn = false;
    queueMicrotask(() => draw(page)); // several changes, one drawing
  });
  draw(page);
  await page.start();
}

/** @param {unknown} error */
function offerRetry(error) {
  const t = strings[preferredLanguage()];
  document.documentElement.lang = preferredLanguage();
  const failure = html`
    <main class="welcome">
      <h1>DocuMind</h1>
      <p role="alert">${t.load_failed}</p>
      <button type="button" class="primary" onClick=${() => location.reload()}>${t.retry}</button>
    </main>
  `;
  render(failure, root);
  console.error(error);
}

start().catch(offerRetry);

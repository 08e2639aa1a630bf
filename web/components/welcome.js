// What stands there before anybody is signed in.

import { html } from "../view.js";

/** @import { Page } from "../page.js" */

/** @param {{ page: Page }} props */
export function Welcome({ page }) {
  const { t } = page;
  const { status, demo } = page.state.session;
  if (status === "starting") return html`<main class="welcome"><p role="status">${t.starting}</p></main>`;
  const isInvited = page.navigation.address.invitation !== null;
  const sentence = status === "failed" ? t.start_failed : isInvited ? t.invited : t.signed_out;
  return html`
    <main class="welcome">
      <img src="icon.svg" alt="" width="56" height="56" />
      <h1>DocuMind</h1>
      <p role=${status === "failed" ? "alert" : undefined}>${sentence}</p>
      <p class="buttons">
        ${demo && html`<button class="primary" onClick=${() => page.signInAsDemo()}>${t.sign_in_demo}</button>`}
        <button class=${demo ? "" : "primary"} onClick=${() => page.signIn()}>${t.sign_in}</button>
      </p>
    </main>
  `;
}

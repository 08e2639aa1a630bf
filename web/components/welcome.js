// Shown before anybody is signed in.

import { assetUrl } from "../addresses.js";
import { html } from "../view.js";

/** @param {{ page: Page }} props */
export function Welcome({ page }) {
  const { t } = page;
  const { status, demos } = page.state.session;
  if (status === "starting") return html`<main class="welcome"><p role="status">${t.starting}</p></main>`;
  const isInvited = page.navigation.address.invitation !== null;
  const failure = /** @type {Record<string, string | undefined>} */ (t.failures)[status];
  return html`
    <main class="welcome">
      <img src=${assetUrl("icon.svg")} alt="" width="56" height="56" />
      <h1>DocuMind</h1>
      <p role=${failure ? "alert" : undefined}>${failure ?? (isInvited ? t.invited : t.signed_out)}</p>
      <p class="buttons">
        ${demos.map(
          (user, index) => html`<button key=${user} class=${index === 0 ? "primary" : ""}
            onClick=${() => page.signInAsDemo(user)}>${t.sign_in_demo(user)}</button>`,
        )}
        ${status === "unreachable"
          ? html`<button class="primary" onClick=${() => page.start()}>${t.retry}</button>`
          : html`<button class=${demos.length > 0 ? "" : "primary"} onClick=${() => page.signIn()}>${t.sign_in}</button>`}
      </p>
    </main>
  `;
}

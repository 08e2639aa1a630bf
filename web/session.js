// The signed-in user: by the login page of the user pool, or a demo user of a local run.

import { assetUrl } from "./addresses.js";

/** @import { UserManager } from "oidc-client-ts" */

const DEMO_USERS = ["demo", "guest"]; // of a local run; two, so that sharing can be tried on one machine
const CHOSEN = "documind.demo_user"; // storage key: the chosen demo user; empty after a sign-out
const ADDRESS = "documind.address"; // storage key: the address at the beginning of the sign-in
const RENEW_BEFORE_S = 60;
const PAGE_URL = `${location.origin}/`; // as registered in the user pool

/** @typedef {{ websocket_url: string, issuer: string, client_id: string, login_url: string, session_url?: string }} Config */
/** @typedef {{ access_token: string, expires_at: number, user: string }} Tokens `expires_at` in seconds since 1970 */

export class Session {
  /** @type {Config} */ config = /** @type {any} */ (null); // until it is loaded
  /** @type {Tokens | null} */ #tokens = null;
  /** @type {Promise<UserManager> | null} */ #manager = null;
  isDemo = false;
  hasOfflineModel = false; // set by a local run without a key

  /** Load the addresses of the stage from `config.json`. */
  async load() {
    const response = await fetch("/config.json"); // preloaded by index.html, and never cached
    if (!response.ok) throw new Error(`config.json: ${response.status}`);
    this.config = await response.json();
  }

  /** The login name, or null if nobody is signed in. */
  get user() {
    return this.#tokens?.user ?? null;
  }

  /** Users that need no password (local runs only); the page opens as the first. */
  get demoUsers() {
    return this.config?.session_url ? DEMO_USERS : [];
  }

  /**
   * Finish a sign-in after its redirect, or restore the previous one.
   * @param {boolean} isInvited a visitor with an invitation chooses a user
   */
  async resume(isInvited = false) {
    const query = new URLSearchParams(location.search);
    if (query.has("state") && (query.has("code") || query.has("error"))) return this.#finishSignIn();
    const { issuer, client_id } = this.config;
    if (sessionStorage.getItem(`oidc.user:${issuer}:${client_id}`) !== null) return this.#renewUser();
    const chosen = sessionStorage.getItem(CHOSEN);
    if (chosen || (chosen === null && this.demoUsers.length > 0 && !isInvited)) await this.#renewDemo(chosen);
  }

  /**
   * @param {boolean} renew request a new token even if the present one has not expired
   * @returns {Promise<Tokens>} with an access token that is valid for at least a minute; rejected if there is none
   */
  async token(renew = false) {
    const expires_at = this.#tokens?.expires_at ?? 0;
    if (renew || expires_at - Date.now() / 1000 < RENEW_BEFORE_S)
      await (this.isDemo ? this.#renewDemo(this.user) : this.#renewUser(true));
    if (!this.#tokens) throw new Error("nobody is signed in");
    return this.#tokens;
  }

  /** Go to the login page, which returns to this page. */
  async signIn() {
    sessionStorage.setItem(CHOSEN, "");
    sessionStorage.setItem(ADDRESS, location.hash);
    await (await this.#users()).signinRedirect();
  }

  /** @param {string} user one of `demoUsers` */
  async signInAsDemo(user) {
    sessionStorage.setItem(CHOSEN, user);
    await this.#renewDemo(user);
  }

  /** Sign out here and, unless it is a demo user, at the login page too, which returns to this page. */
  async signOut() {
    sessionStorage.setItem(CHOSEN, "");
    this.#tokens = null;
    if (this.isDemo) return;
    await (await this.#users()).removeUser();
    const query = new URLSearchParams({ client_id: this.config.client_id, logout_uri: PAGE_URL });
    location.assign(`${this.config.login_url}/logout?${query}`);
  }

  /** @param {string | null} wanted */
  async #renewDemo(wanted) {
    const query = wanted ? `?user=${encodeURIComponent(wanted)}` : "";
    const response = await fetch(`${this.config.session_url}${query}`, { method: "POST" });
    if (!response.ok) throw new Error(`sign-in: ${response.status}`);
    const { access_token, expires_in, user, offline_model } = await response.json();
    this.hasOfflineModel = offline_model === true;
    this.isDemo = true;
    this.#tokens = { access_token, expires_at: Date.now() / 1000 + expires_in, user };
  }

  async #finishSignIn() {
    const manager = await this.#users();
    try {
      this.#keep(await manager.signinRedirectCallback());
    } finally {
      history.replaceState(null, "", location.pathname + (sessionStorage.getItem(ADDRESS) ?? ""));
      sessionStorage.removeItem(ADDRESS);
    }
  }

  /** @param {boolean} force renew even if the stored token is still valid */
  async #renewUser(force = false) {
    const manager = await this.#users();
    const stored = await manager.getUser();
    const isGood = stored && (stored.expires_in ?? 0) > RENEW_BEFORE_S;
    try {
      this.#keep(isGood && !force ? stored : stored && (await manager.signinSilent()));
    } catch (error) {
      if (!(error instanceof window.oidc.ErrorResponse)) throw error; // a network error: the sign-in may still be valid
      this.#keep(null);
    }
  }

  /** @param {import("oidc-client-ts").User | null} user */
  #keep(user) {
    this.isDemo = false;
    const name = user?.profile["cognito:username"] ?? user?.profile.preferred_username ?? user?.profile.sub;
    this.#tokens = user && { access_token: user.access_token, expires_at: user.expires_at ?? 0, user: String(name) };
  }

  /** @returns {Promise<UserManager>} made on first use: demo users never need it */
  #users() {
    this.#manager ??= loadScript("lib/oidc-client.js").then(() => {
      const { issuer, client_id, login_url } = this.config;
      return new window.oidc.UserManager({
        authority: issuer,
        client_id,
        redirect_uri: PAGE_URL,
        scope: "openid",
        userStore: new window.oidc.WebStorageStateStore({ store: sessionStorage }),
        automaticSilentRenew: false, // a token is renewed when one is asked for
        metadata: {
          issuer,
          authorization_endpoint: `${login_url}/oauth2/authorize`,
          token_endpoint: `${login_url}/oauth2/token`,
          jwks_uri: `${issuer}/.well-known/jwks.json`,
        },
      });
    });
    return this.#manager;
  }
}

/** @param {string} source a classic script beside this file that sets a global */
async function loadScript(source) {
  const script = document.createElement("script");
  script.src = assetUrl(source);
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(`cannot load ${source}`)));
    document.head.append(script);
  });
}

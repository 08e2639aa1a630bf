// Who is signed in: by the login page of the user pool, or on a local run as its demo user.

import { assetUrl } from "./addresses.js";

/** @import { UserManager } from "oidc-client-ts" */

const DEMO_USERS = ["demo", "guest"]; // of a local run: two, so that sharing can be tried on one machine
const CHOSEN = "documind.demo_user"; // the demo user that was chosen here; nothing: none is wanted
const ADDRESS = "documind.address"; // where the person was when the sign-in began
const RENEW_BEFORE_S = 60;
const PAGE_URL = `${location.origin}/`; // as the user pool knows it

/** @typedef {{ websocket_url: string, issuer: string, client_id: string, login_url: string, session_url?: string }} Config */
/** @typedef {{ access_token: string, expires_at: number, user: string }} Tokens `expires_at` in seconds since 1970 */

export class Session {
  /** @type {Config} */ config = /** @type {any} */ (null); // until it is loaded
  /** @type {Tokens | null} */ #tokens = null;
  /** @type {Promise<UserManager> | null} */ #manager = null;
  isDemo = false;
  hasOfflineModel = false; // as a local run without a key says

  /** Read where everything is from the page's own `config.json`. */
  async load() {
    const response = await fetch("/config.json"); // which index.html preloads, and nothing caches
    if (!response.ok) throw new Error(`config.json: ${response.status}`);
    this.config = await response.json();
  }

  /** The login name, or null when nobody is signed in. */
  get user() {
    return this.#tokens?.user ?? null;
  }

  /** Who can be had without a password (local runs only); the first is the one that the page opens as. */
  get demoUsers() {
    return this.config?.session_url ? DEMO_USERS : [];
  }

  /**
   * Finish a sign-in that has just come back, or take up the one of before.
   * @param {boolean} isInvited whoever comes by an invitation chooses who to be
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
   * @param {boolean} renew ask for a new one even if the present one has not expired
   * @returns {Promise<Tokens>} with an access token that is good for a minute at least; rejected when there is none
   */
  async token(renew = false) {
    const expires_at = this.#tokens?.expires_at ?? 0;
    if (renew || expires_at - Date.now() / 1000 < RENEW_BEFORE_S)
      await (this.isDemo ? this.#renewDemo(this.user) : this.#renewUser(true));
    if (!this.#tokens) throw new Error("nobody is signed in");
    return this.#tokens;
  }

  /** Leave for the login page; it comes back to this page. */
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

  /** Forget the person here and, unless it was the demo user, at the login page too (which comes back to this page). */
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

  /** @param {boolean} force renew even if the stored token is still good */
  async #renewUser(force = false) {
    const manager = await this.#users();
    const stored = await manager.getUser();
    const isGood = stored && (stored.expires_in ?? 0) > RENEW_BEFORE_S;
    try {
      this.#keep(isGood && !force ? stored : stored && (await manager.signinSilent()));
    } catch (error) {
      if (!(error instanceof window.oidc.ErrorResponse)) throw error; // the network's fault: the sign-in may be good
      this.#keep(null);
    }
  }

  /** @param {import("oidc-client-ts").User | null} user */
  #keep(user) {
    this.isDemo = false;
    const name = user?.profile["cognito:username"] ?? user?.profile.preferred_username ?? user?.profile.sub;
    this.#tokens = user && { access_token: user.access_token, expires_at: user.expires_at ?? 0, user: String(name) };
  }

  /** @returns {Promise<UserManager>} made on first use: a local run as the demo user never needs it */
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

/** @param {string} source a classic script beside this file that leaves a global */
async function loadScript(source) {
  const script = document.createElement("script");
  script.src = assetUrl(source);
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(`cannot load ${source}`)));
    document.head.append(script);
  });
}

// The whole page: header, rooms and documents, conversation, PDF.

import { Chat } from "./chat.js";
import { Documents } from "./documents.js";
import { Component } from "./lib/preact.js";
import { PdfViewer } from "./pdf_viewer.js";
import { Rooms } from "./rooms.js";
import { html } from "./view.js";

const ICON = new URL("icon.svg", import.meta.url).href;

/** @import { Page } from "./page.js" */

/** @extends {Component<{ page: Page }, { dragging: boolean }>} */
export class App extends Component {
  state = { dragging: false };

  componentDidMount() {
    window.addEventListener("dragover", this.#drag);
    window.addEventListener("dragleave", this.#dragEnd);
    window.addEventListener("drop", this.#drop);
    window.addEventListener("keydown", this.#escape);
  }

  /** @param {DragEvent} event */
  #drag = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (this.props.page.state.room && !this.state.dragging) this.setState({ dragging: true });
  };

  /** @param {DragEvent} event */
  #dragEnd = (event) => {
    if (event.relatedTarget === null) this.setState({ dragging: false }); // the pointer left the window
  };

  /** @param {DragEvent} event */
  #drop = (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.setState({ dragging: false });
    this.props.page.uploads.add(event.dataTransfer.files);
  };

  /** @param {KeyboardEvent} event */
  #escape = (event) => {
    const { page } = this.props;
    if (event.key !== "Escape" || event.isComposing) return;
    if (page.state.menu_open) page.toggleMenu();
    else if (page.state.viewer) page.closeDocument();
  };

  render() {
    const { page } = this.props;
    const { session, viewer, menu_open, notice } = page.state;
    if (session.status !== "signed_in") return html`<${Welcome} page=${page} />`;
    return html`
      <div class=${`app ${viewer ? "with-viewer" : ""} ${menu_open ? "with-menu" : ""}`}>
        <${Header} page=${page} />
        <div class="side" id="side">
          <${Rooms} page=${page} />
          <${Documents} page=${page} />
        </div>
        <main class="main" onClick=${menu_open ? () => page.toggleMenu() : undefined}>
          ${
            notice &&
            html`<p class="notice" role="alert">
            <span>${/** @type {Record<string, string>} */ (page.t.notices)[notice] ?? notice}</span>
            <button class="quiet" onClick=${() => page.dismissNotice()}>${page.t.dismiss}</button>
          </p>`
          }
          <${Chat} page=${page} />
        </main>
        ${viewer && html`<${PdfViewer} page=${page} viewer=${viewer} />`}
        ${this.state.dragging && html`<div class="drop-zone">${page.t.drop_here}</div>`}
      </div>
    `;
  }
}

/** @param {{ page: Page }} props */
function Header({ page }) {
  const { connection, language, menu_open, room, session } = page.state;
  const { t } = page;
  const here = room?.members.filter((member) => member.here) ?? [];
  return html`
    <header class="header">
      <button
        class="icon menu-button"
        aria-label=${t.menu}
        aria-expanded=${String(menu_open)}
        aria-controls="side"
        onClick=${() => page.toggleMenu()}
      >☰</button>
      <img class="logo" src=${ICON} alt="" width="26" height="26" />
      <h1 class="title">${room ? room.name : "DocuMind"}</h1>
      ${
        room &&
        html`<span class="members" title=${here.map(({ name }) => name).join(", ")}>
        ${t.members(here.length)}
      </span>`
      }
      <span class=${`connection ${connection}`} role="status"><span>${t.connection[connection]}</span></span>
      <button
        class="quiet"
        lang=${language === "en" ? "zh-TW" : "en"}
        onClick=${() => page.setLanguage(language === "en" ? "zh-TW" : "en")}
      >${language === "en" ? "中文" : "English"}</button>
      <button class="account" popovertarget="account-menu" aria-label=${`${t.account}: ${session.user}`}>
        ${session.user}
      </button>
      <div class="account-menu" id="account-menu" popover>
        <button onClick=${() => page.signInAsOther()}>${t.sign_in_other}</button>
        <button onClick=${() => page.signOut()}>${t.sign_out}</button>
      </div>
    </header>
  `;
}

/** @param {{ page: Page }} props */
function Welcome({ page }) {
  const { t } = page;
  const { status, demo } = page.state.session;
  if (status === "starting") return html`<main class="welcome"><p role="status">${t.starting}</p></main>`;
  return html`
    <main class="welcome">
      <img src=${ICON} alt="" width="64" height="64" />
      <h1>DocuMind</h1>
      <p role=${status === "failed" ? "alert" : undefined}>${status === "failed" ? t.start_failed : t.signed_out}</p>
      <p class="buttons">
        ${demo && html`<button class="primary" onClick=${() => page.signInAsDemo()}>${t.sign_in_demo}</button>`}
        <button class=${demo ? "" : "primary"} onClick=${() => page.signIn()}>${t.sign_in}</button>
      </p>
    </main>
  `;
}

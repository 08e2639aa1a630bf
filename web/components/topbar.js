// Above the conversation: the room's name with its menu, who is present, and the state of the connection.

import { html } from "../view.js";
import { Icon, IconButton } from "./icon.js";
import { Menu } from "./menu.js";

const MOST_FACES = 3;

const copying = () => import("../copying.js");

/** @param {{ page: Page }} props */
export function Topbar({ page }) {
  const { connection, menu_open, room } = page.state;
  const { t } = page;
  return html`
    <header class="topbar">
      <${IconButton} icon="menu" class="icon-button menu-button" label=${t.menu} aria-expanded=${String(menu_open)}
        aria-controls="side" onClick=${() => page.toggleMenu()} />
      <h1 class="title" dir="auto" title=${room?.name}>${room ? room.name : "DocuMind"}</h1>
      ${room && html`<${RoomMenu} page=${page} room=${room} />`}
      <span class="space"></span>
      <span class=${`connection ${connection}`} role="status" title=${t.connection[connection]}><span>${t.connection[connection]}</span></span>
      ${room && html`<${People} page=${page} room=${room} />`}
    </header>
  `;
}

/** @param {{ page: Page, room: OpenRoom }} props */
function RoomMenu({ page, room }) {
  const { t } = page;
  const isOwner = room.role === "owner";
  return html`
    <${Menu} id="room-menu" icon="chevron-down" label=${t.room_menu} items=${[
      isOwner && { icon: "pencil", text: t.rename, onClick: () => page.openDialog({ kind: "rename" }) },
      { icon: "users", text: t.people, onClick: () => page.openDialog({ kind: "share" }) },
      { icon: "file-down", text: t.export, onClick: () => page.attempt(async () => (await copying()).exportConversation(page)) },
      { icon: "printer", text: t.print, onClick: () => page.attempt(async () => (await copying()).printConversation(page)) },
      !isOwner && { icon: "log-out", text: t.leave, onClick: () => page.openDialog({ kind: "leave" }) },
      isOwner && { icon: "trash-2", text: t.delete_room, bad: true, onClick: () => page.openDialog({ kind: "delete_room" }) },
    ]} />
  `;
}

/** @param {{ page: Page, room: OpenRoom }} props */
function People({ page, room }) {
  const { t } = page;
  const isOwner = room.role === "owner"; // only the owner can share
  const here = room.members.filter((member) => member.here);
  const names = here.map(({ name }) => name).join(", ");
  return html`
    <button type="button" class="people" title=${names} onClick=${() => page.openDialog({ kind: "share" })}>
      <span class="faces">${here.slice(0, MOST_FACES).map(({ name, user_id }) => html`<${Face} key=${user_id} name=${name} />`)}</span>
      <${Icon} name=${isOwner ? "user-plus" : "users"} />
      <span class="share-label">${isOwner ? t.share : t.people}</span>
      <span class="hidden">${t.members(here.length)}</span>
    </button>
  `;
}

/** @param {{ name: string }} props */
export function Face({ name }) {
  return html`<span class="face" aria-hidden="true">${[...name][0]?.toUpperCase()}</span>`;
}

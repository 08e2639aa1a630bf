// The members of the room with their roles, and inviting others by name or by a link.

import { formatAddress } from "../addresses.js";
import { Component } from "../lib/preact.js";
import { dateTime, html, nameIn } from "../view.js";
import { HAS_KEYBOARD } from "./composer.js";
import { CopyButton } from "./copy_button.js";
import { Dialog } from "./dialog.js";
import { Icon, IconButton } from "./icon.js";
import { focusOnce } from "./room_list.js";
import { Face } from "./topbar.js";

/** @typedef {"writer" | "reader"} Role */

/** @param {{ page: Page, room: OpenRoom }} props */
export function Share({ page, room }) {
  const { t } = page;
  const isOwner = room.role === "owner";
  return html`
    <${Dialog} page=${page} title=${t.people_of(room.name)}>
      ${isOwner && html`<${Inviting} page=${page} />`}
      <ul class="member-list">
        ${room.members.map((member) => html`<${MemberRow} key=${member.user_id} page=${page} room=${room} member=${member} />`)}
      </ul>
      ${!isOwner && html`<p class="soft">${t.only_owner_shares}</p>`}
    <//>
  `;
}

/** @extends {Component<{ page: Page }, { role: Role }>} */
class Inviting extends Component {
  /** @type {{ role: Role }} */
  state = { role: "writer" };

  /** @param {SubmitEvent} event */
  #invite = (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const name = nameIn(event);
    const { page } = this.props;
    if (!name) return;
    page.submit(
      async () => {
        await page.request({ type: "room.invite", name, role: this.state.role });
        form.reset();
      },
      { stays: true },
    );
  };

  #makeLink = () => {
    const { page } = this.props;
    const link = async () => page.store.set({ invitation: await page.request({ type: "room.invite", role: this.state.role }) });
    page.submit(link, { stays: true });
  };

  render() {
    const { page } = this.props;
    const { t } = page;
    const { role } = this.state;
    const { invitation, room, session } = page.state;
    const other = session.demos.find((user) => user !== session.user);
    const isCurrent = invitation?.chat_id === room?.chat_id && invitation?.role === role;
    const link = invitation && isCurrent ? `${location.origin}/${formatAddress({ invitation: invitation.token })}` : null;
    return html`
      <div class="inviting">
        <form class="row" onSubmit=${this.#invite}>
          <input name="name" required autocomplete="off" aria-label=${t.login_name} placeholder=${t.login_name} autofocus=${HAS_KEYBOARD} />
          <${RoleChoice} t=${t} role=${role} onChange=${(/** @type {Role} */ chosen) => this.setState({ role: chosen })} />
          <button class="primary">${t.invite}</button>
        </form>
        ${
          link
            ? html`<div class="row">
                <input readonly aria-label=${t.invitation_link} value=${link} class="invitation-link" ref=${focusOnce} />
                <${CopyButton} page=${page} icon="copy" label=${t.copy} text=${() => link} class="" />
              </div>
              <p class="soft">
                ${t.link_until(dateTime(page.state.language, invitation?.expires_at ?? 0))}
                ${other && ` ${t.demo_two_people(other)}`}
              </p>`
            : html`<button type="button" class="quiet make-link" onClick=${this.#makeLink}>
                <${Icon} name="link" />${t.make_link(t.roles[role])}
              </button>`
        }
      </div>
    `;
  }
}

/** @param {{ page: Page, room: OpenRoom, member: Member }} props */
function MemberRow({ page, room, member }) {
  const { t } = page;
  const { name, role, here, user_id } = member;
  const isMe = user_id === room.user_id;
  const canChange = room.role === "owner" && role !== "owner";
  const remove = async () => {
    await page.request({ type: "room.unshare", user_id });
    page.store.set({ invitation: null }); // the server has withdrawn all links
  };
  return html`
    <li class="member-row">
      <${Face} name=${name} />
      <span class="member-name">${name}${isMe ? ` (${t.you})` : ""}</span>
      ${here && html`<span class="here">${t.here}</span>`}
      ${
        canChange
          ? html`<span class="row">
              <${RoleChoice} t=${t} role=${role} label=${t.role_of(name)}
                onChange=${(/** @type {Role} */ chosen) => page.submit(() => page.request({ type: "room.invite", name, role: chosen }), { stays: true })} />
              <${IconButton} icon="user-x" label=${t.remove_member(name)}
                onClick=${() => page.submit(remove, { stays: true })} />
            </span>`
          : html`<span class="soft">${t.roles[role]}</span>`
      }
    </li>
  `;
}

/** @param {{ t: Page["t"], role: Role, label?: string, onChange: (role: Role) => void }} props */
function RoleChoice({ t, role, label, onChange }) {
  return html`
    <select aria-label=${label ?? t.role} value=${role}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}>
      <option value="writer">${t.roles.writer}</option>
      <option value="reader">${t.roles.reader}</option>
    </select>
  `;
}

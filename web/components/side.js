// The column beside the conversation: rooms, sources, account.

import { assetUrl } from "../addresses.js";
import { html } from "../view.js";
import { Icon } from "./icon.js";
import { MenuItems } from "./menu.js";
import { RoomList } from "./room_list.js";
import { Sources } from "./sources.js";
import { Face } from "./topbar.js";

/** @type {{ palette: Palette, icon: string }[]} */
const PALETTES = [{ palette: "system", icon: "monitor" }, { palette: "light", icon: "sun" }, { palette: "dark", icon: "moon" }];

/** @param {{ page: Page }} props */
export function Side({ page }) {
  return html`
    <aside class="side" id="side" aria-label=${page.t.menu}>
      <p class="brand"><img src=${assetUrl("icon.svg")} alt="" width="24" height="24" />DocuMind</p>
      <${RoomList} page=${page} />
      <${Sources} page=${page} />
      <${Account} page=${page} />
    </aside>
  `;
}

/** @param {{ page: Page }} props */
function Account({ page }) {
  const { language, session } = page.state;
  const { t } = page;
  return html`
    <div class="account-row">
      <button type="button" class="account" popovertarget="account-menu">
        <${Face} name=${session.user ?? ""} /><span class="hidden">${t.account}: </span><span class="account-name">${session.user}</span>
      </button>
      <${MenuItems} id="account-menu" items=${[
        { icon: "receipt", text: t.receipts, onClick: () => page.openDialog({ kind: "receipts" }) },
        { icon: "keyboard", text: t.shortcuts, onClick: () => page.openDialog({ kind: "shortcuts" }) },
        ...PALETTES.filter(({ palette }) => palette !== page.state.palette)
          .map(({ palette, icon }) => ({ icon, text: t.palettes[palette], onClick: () => page.setPalette(palette) })),
        { icon: "user-x", text: t.delete_account, bad: true, onClick: () => page.openDialog({ kind: "delete_account" }) },
        { icon: "log-out", text: t.sign_out, onClick: () => page.signOut() },
      ]} />
      <button type="button" class="quiet language" lang=${language === "en" ? "zh-TW" : "en"}
        onClick=${() => page.setLanguage(language === "en" ? "zh-TW" : "en")}
      ><${Icon} name="languages" />${language === "en" ? "中文" : "English"}</button>
    </div>
  `;
}

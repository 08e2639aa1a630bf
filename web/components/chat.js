// The conversation: questions with their answers, and the reading position.

import { Component, createRef } from "../lib/preact.js";
import { isOwn, turns } from "../state.js";
import { html } from "../view.js";
import { Composer } from "./composer.js";
import { Icon } from "./icon.js";
import { Lazy } from "./lazy.js";

const BOTTOM_PX = 60; // from the end: a reader this near follows new text
const TOP_PX = 200;
const FIRST_DRAWN = 4; // newest turns, about a screen, drawn right after the composer
const MORE_DRAWN = 8; // further turns per task

const loadNoRoom = () => import("./empty.js").then(({ NoRoom }) => NoRoom);

/** @extends {Component<{ page: Page }, { follows: boolean }>} */
export class Chat extends Component {
  state = { follows: true };
  /** @type {import("../lib/preact.js").RefObject<HTMLDivElement | null>} */ #scroller = createRef();
  /** @type {Turn[]} */ #conversation = []; // as far as it is drawn
  #drawn = 0; // number of its newest turns that are drawn
  #isLoading = false;
  /** @type {typeof import("./conversation.js").Conversation | null} */ #Conversation = null; // until it is loaded
  /** @type {{ room?: string, first?: string, own?: string }} */ #shown = {}; // keys of what was drawn last
  #follows = true;
  #top = 0; // the last scroll position

  /** Keeps a reader at the end when the height changes, as by a growing answer or a PDF beside it. */
  #resize = new ResizeObserver(() => this.#follows && this.#toEnd());

  componentDidMount() {
    this.componentDidUpdate(null, null, null); // the room may be open already
  }

  componentWillUnmount() {
    this.#resize.disconnect();
  }

  /** The reading position, counted from the end, if older messages are inserted above; otherwise null. */
  getSnapshotBeforeUpdate() {
    const scroller = this.#scroller.current;
    const first = this.#conversation[0]?.question_id;
    if (!scroller || this.#follows || !this.#shown.first || first === this.#shown.first) return null;
    return scroller.scrollHeight - scroller.scrollTop;
  }

  /** @param {unknown} _props @param {unknown} _state @param {number | null} fromEnd */
  componentDidUpdate(_props, _state, fromEnd) {
    const scroller = this.#scroller.current;
    const { room, opening } = this.props.page.state;
    if (room || opening) this.#load();
    const before = this.#shown;
    const own = this.#conversation.findLast((turn) => isOwn(turn, room?.user))?.question_id;
    this.#shown = { room: room?.chat_id, first: this.#conversation[0]?.question_id, own };
    if (!scroller) return;
    if (before.room !== room?.chat_id) {
      this.#resize.disconnect();
      this.#resize.observe(scroller);
      if (scroller.firstElementChild) this.#resize.observe(scroller.firstElementChild);
      this.#follow(true);
    } else if (own !== before.own && this.#conversation.at(-1)?.question_id === own) {
      this.#follow(true);
      this.#toEnd();
    } else if (fromEnd !== null) scroller.scrollTop = scroller.scrollHeight - fromEnd;
    this.#showLinked();
    const isMore = this.#drawn < Infinity && this.#conversation.length === this.#drawn;
    if (isMore && this.#Conversation) requestAnimationFrame(this.#drawMore);
  }

  /** Loads the code that draws the conversation after the composer, which can be used meanwhile. */
  async #load() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const { Conversation } = await import("./conversation.js");
    this.#Conversation = Conversation;
    this.setState({});
  }

  #showLinked() {
    const { store, state } = this.props.page;
    const turn = state.linked && document.getElementById(`turn-${state.linked}`);
    if (!turn) return;
    this.#follow(false);
    turn.scrollIntoView({ block: "start" });
    turn.classList.add("linked");
    store.set({ linked: null });
  }

  #toEnd = () => {
    const scroller = this.#scroller.current;
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
  };

  #drawMore = () =>
    setTimeout(() => {
      this.#drawn += this.#drawn === 0 ? FIRST_DRAWN : MORE_DRAWN;
      this.setState({});
    });

  #jump = () => {
    this.#scroller.current?.focus(); // the focused button disappears
    this.#follow(true);
    this.#toEnd();
  };

  /** @param {boolean} follows */
  #follow(follows) {
    this.#follows = follows;
    if (this.state.follows !== follows) this.setState({ follows });
  }

  #scroll = () => {
    const { page } = this.props;
    const scroller = this.#scroller.current;
    if (!scroller) return;
    if (page.state.card?.anchor !== document.activeElement) page.viewing.hideCard(); // focusing it may have scrolled
    const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < BOTTOM_PX;
    if (isAtEnd || scroller.scrollTop < this.#top) this.#follow(isAtEnd); // text added below is not scrolling up
    this.#top = scroller.scrollTop;
    if (scroller.scrollTop < TOP_PX && scroller.scrollHeight > scroller.clientHeight) page.rooms.loadOlder();
  };

  render() {
    const { page } = this.props;
    const { room, rooms, opening, pending } = page.state;
    const { t } = page;
    if (!room && rooms !== null && !opening) return html`<${Lazy} load=${loadNoRoom} page=${page} />`;
    if (!room) {
      const listed = rooms?.find(({ chat_id }) => chat_id === opening);
      const isWritten = opening !== null && (rooms === null || (listed && listed.role !== "reader")); // a new room has no id yet
      return html`
        <div class="chat">
          ${isWritten && html`<${Composer} page=${page} chat_id=${opening} room=${null} key=${`composer ${opening}`} />`}
          <div class="middle"><p class="empty" role="status">${t.loading}</p></div>
        </div>
      `;
    }
    if (this.#shown.room !== room.chat_id) this.#drawn = 0;
    const all = turns(room, pending);
    if (!room.stale && all.length <= this.#drawn) this.#drawn = Infinity;
    const conversation = all.slice(Math.max(0, all.length - this.#drawn));
    this.#conversation = conversation;
    return html`
      <div class="chat">
        <${Composer} page=${page} chat_id=${room.chat_id} room=${room} key=${`composer ${room.chat_id}`} />
        <div class="scroller" ref=${this.#scroller} onScroll=${this.#scroll} tabindex="0" role="region"
          aria-label=${t.conversation} key=${room.chat_id}>
          <div class="turns">
            ${this.#Conversation && html`<${this.#Conversation} page=${page} room=${room} turns=${conversation} isEmpty=${all.length === 0 && !room.stale} />`}
          </div>
        </div>
        ${
          !this.state.follows &&
          html`<button type="button" class="jump" onClick=${this.#jump}><${Icon} name="arrow-down" />${t.latest}</button>`
        }
      </div>
    `;
  }
}

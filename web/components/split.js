// The line between conversation and PDF, moved by dragging or arrow keys; its position is stored.

import { Component, createRef } from "../lib/preact.js";
import { html } from "../view.js";

const KEPT = "documind.split";
const LEAST = 25;
const MOST = 75;
const STEP = 3;

/** @extends {Component<{ label: string }, { percent: number }>} `percent`: the share of the PDF */
export class Splitter extends Component {
  state = { percent: Number(localStorage.getItem(KEPT)) || 50 };
  /** @type {import("../lib/preact.js").RefObject<HTMLDivElement | null>} */ #line = createRef();

  componentDidMount() {
    this.#set(this.state.percent);
  }

  /** @param {number} percent */
  #set(percent) {
    const within = Math.min(MOST, Math.max(LEAST, Math.round(percent)));
    const style = /** @type {HTMLElement | null | undefined} */ (this.#line.current?.closest(".app"))?.style;
    style?.setProperty("--pdf-share", `${within}fr`);
    style?.setProperty("--chat-share", `${100 - within}fr`);
    localStorage.setItem(KEPT, String(within));
    this.setState({ percent: within });
  }

  /** @param {PointerEvent} event */
  #start = (event) => /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);

  /** @param {PointerEvent} event */
  #drag = (event) => {
    const line = /** @type {HTMLElement} */ (event.currentTarget);
    if (!line.hasPointerCapture(event.pointerId)) return;
    const left = line.closest(".app")?.querySelector(".main")?.getBoundingClientRect().left ?? 0;
    this.#set(((innerWidth - event.clientX) / (innerWidth - left)) * 100);
  };

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: STEP, ArrowRight: -STEP });
    if (event.key in steps) this.#set(this.state.percent + steps[event.key]);
  };

  render() {
    return html`
      <div class="splitter" role="separator" aria-orientation="vertical" aria-label=${this.props.label}
        aria-valuemin=${LEAST} aria-valuemax=${MOST} aria-valuenow=${this.state.percent} tabindex="0" ref=${this.#line}
        onPointerDown=${this.#start} onPointerMove=${this.#drag} onKeyDown=${this.#key}></div>
    `;
  }
}

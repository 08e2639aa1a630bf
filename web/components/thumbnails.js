// Small pictures of a PDF's pages, each drawn when it becomes visible.

import { Component, createRef } from "../lib/preact.js";
import { html } from "../view.js";

/** @import { Pages } from "../pdf/pages.js" */

const WIDTH_PX = 96;

/** @extends {Component<{ t: Strings, pages: Pages, number: number }>} */
export class Thumbnails extends Component {
  /** @type {import("../lib/preact.js").RefObject<HTMLDivElement | null>} */ #list = createRef();
  #inSight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) this.#draw(/** @type {HTMLElement} */ (target));
  });

  componentDidMount() {
    for (const button of this.#list.current?.querySelectorAll("button") ?? []) this.#inSight.observe(button);
    this.#list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  }

  /** @param {Thumbnails["props"]} before */
  componentDidUpdate({ number }) {
    if (number !== this.props.number) this.#list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  componentWillUnmount() {
    this.#inSight.disconnect();
  }

  /** @param {HTMLElement} button */
  async #draw(button) {
    this.#inSight.unobserve(button);
    const page = await this.props.pages.pdf.getPage(Number(button.dataset.page));
    const scale = (WIDTH_PX / page.getViewport({ scale: 1 }).width) * devicePixelRatio;
    const viewport = page.getViewport({ scale });
    const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
    Object.assign(canvas, { width: viewport.width, height: viewport.height });
    await page.render({ canvas, viewport }).promise.catch(() => undefined); // the PDF was closed meanwhile
  }

  render() {
    const { t, pages, number } = this.props;
    const numbers = Array.from({ length: pages.total }, (_, index) => index + 1);
    return html`
      <div class="thumbnails" ref=${this.#list}>
        ${numbers.map(
          (each) => html`<button type="button" key=${each} data-page=${each} aria-label=${t.page(each)}
            aria-current=${each === number ? "page" : undefined} onClick=${() => pages.goTo(each)}
          ><canvas width="96" height="128"></canvas><span aria-hidden="true">${each}</span></button>`,
        )}
      </div>
    `;
  }
}

// A native dialog, so that the focus stays inside and returns to where it was.

import { Component, createRef } from "../lib/preact.js";
import { html, nameIn } from "../view.js";
import { focusComposer, HAS_KEYBOARD } from "./composer.js";
import { IconButton } from "./icon.js";

/** @extends {Component<{ page: Page, title: string, children?: unknown }>} */
export class Dialog extends Component {
  /** @type {import("../lib/preact.js").RefObject<HTMLDialogElement | null>} */ #element = createRef();

  componentDidMount() {
    const element = this.#element.current;
    element?.showModal(); // focuses a field with `autofocus`
    if (!element?.querySelector("[autofocus]")) element?.querySelector("h2")?.focus();
  }

  componentWillUnmount() {
    const element = this.#element.current;
    element?.close(); // returns the focus, unless its element was removed
    const isLost = document.activeElement === document.body || element?.contains(document.activeElement);
    if (isLost && HAS_KEYBOARD) focusComposer();
  }

  /** @param {Event} event of the Esc key */
  #cancel = (event) => {
    event.preventDefault();
    this.props.page.closeDialog();
  };

  /** @param {MouseEvent} event */
  #click = (event) => {
    if (event.target === this.#element.current) this.props.page.closeDialog(); // a click outside of the dialog
  };

  render() {
    const { page, title, children } = this.props;
    const { dialog_error } = page.state;
    return html`
      <dialog aria-labelledby="dialog-title" ref=${this.#element} onCancel=${this.#cancel} onMouseDown=${this.#click}>
        <div class="dialog-body">
          <div class="dialog-head">
            <h2 id="dialog-title" tabindex="-1">${title}</h2>
            <${IconButton} icon="x" label=${page.t.close} onClick=${() => page.closeDialog()} />
          </div>
          ${dialog_error && html`<p class="failure" role="alert">${dialog_error}</p>`}
          ${children}
        </div>
      </dialog>
    `;
  }
}

/**
 * Asks for a confirmation, with a `field` if a name is needed, which `onConfirm` receives.
 * @param {{ page: Page, title: string, text?: string, action: string, bad?: boolean,
 *   field?: { label: string, value?: string, most?: number }, onConfirm: (name: string) => Promise<unknown> }} props
 */
export function Confirmation({ page, title, text, action, bad = false, field, onConfirm }) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const name = nameIn(event);
    if (name || !field) page.submit(() => onConfirm(name));
  };
  return html`
    <${Dialog} page=${page} title=${title}>
      <form class="stack" onSubmit=${submit}>
        ${text && html`<p>${text}</p>`}
        ${field && html`<label class="stack">${field.label}
          <input name="name" required maxlength=${field.most} defaultValue=${field.value} autocomplete="off" autofocus
            onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
        </label>`}
        <div class="buttons end">
          <button type="button" onClick=${() => page.closeDialog()}>${page.t.cancel}</button>
          <button class=${bad ? "primary bad" : "primary"}>${action}</button>
        </div>
      </form>
    <//>
  `;
}

// A part of the page whose code is loaded when it is first shown.

import { Component } from "../lib/preact.js";
import { html } from "../view.js";

/** @extends {Component<{ page: Page, load: () => Promise<unknown>, shown?: "dialog" | "viewer", [name: string]: unknown }, { part: unknown }>} `load` returns the component; if it fails, `shown` is closed, so that it can be opened again */
export class Lazy extends Component {
  state = { part: null };

  componentDidMount() {
    const { page, load, shown } = this.props;
    const failed = () => page.store.set({ notice: page.t.no_reply, ...(shown && { [shown]: null }) });
    load().then((part) => this.setState({ part }), failed);
  }

  render() {
    const { load: _, ...props } = this.props;
    return this.state.part && html`<${this.state.part} ...${props} />`;
  }
}

// A part of the page whose code is loaded when it is first shown.

import { Component } from "../lib/preact.js";
import { html } from "../view.js";

/** @typedef {{ load: () => Promise<unknown>, [name: string]: unknown }} LazyProps `load` gives the component */

/** @extends {Component<LazyProps, { part: unknown }>} */
export class Lazy extends Component {
  state = { part: null };

  componentDidMount() {
    this.props.load().then((part) => this.setState({ part }));
  }

  render() {
    const { load: _, ...props } = this.props;
    return this.state.part && html`<${this.state.part} ...${props} />`;
  }
}

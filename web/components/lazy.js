// A part of the page whose code is loaded when it is first shown.

import { Component } from "../lib/preact.js";
import { html } from "../view.js";

/** @extends {Component<{ load: () => Promise<unknown>, [name: string]: unknown }, { part: unknown }>} `load` returns the component */
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

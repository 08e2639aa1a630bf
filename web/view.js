// How a part of the page is written: elements as tagged templates.

import htm from "./lib/htm.js";
import { h } from "./lib/preact.js";

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);

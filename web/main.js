// Starts the page: signs in and connects, while what draws it is still being loaded.

import { Page } from "./page.js";

const page = new Page();
page.start();
const { keepDrawn } = await import("./drawing.js");
keepDrawn(page);

// Starts the page: signs in and connects while the code that draws it is still loading.

import "./storage.js";
import { Page } from "./page.js";

const page = new Page();
page.start();
const { keepDrawn } = await import("./drawing.js");
keepDrawn(page);

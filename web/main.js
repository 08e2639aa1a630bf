// Starts the page: signs in and connects, while what draws it is still being loaded.

import { Page } from "./page.js";
import { Session } from "./session.js";

async function start() {
  const loading = import("./drawing.js");
  try {
    const page = new Page(await Session.load());
    page.start();
    (await loading).keepDrawn(page);
  } catch (error) {
    console.error(error);
    (await loading).offerRetry();
  }
}

start();

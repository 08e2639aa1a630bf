// Storage that is blocked or full is replaced by memory: the page works, and forgets at the next visit.

for (const name of /** @type {const} */ (["localStorage", "sessionStorage"])) {
  try {
    window[name].setItem("documind.try", " ".repeat(20_000)); // a long draft
    window[name].removeItem("documind.try");
  } catch {
    const kept = new Map();
    const getItem = (/** @type {string} */ key) => kept.get(key) ?? null;
    Object.defineProperty(window, name, { value: { getItem, setItem: kept.set.bind(kept), removeItem: kept.delete.bind(kept) } });
  }
}

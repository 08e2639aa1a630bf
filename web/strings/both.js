// Helpers for the words of the page, which are written in both languages side by side.

/**
 * @template T
 * @param {T} en
 * @param {NoInfer<T>} zh the same in Traditional Chinese, with the same parameters
 * @returns {[T, T]}
 */
export const both = (en, zh) => [en, zh];

/** @param {string} one @param {string} [many] @returns {(count: number) => string} English with its plural */
export const counted = (one, many = `${one}s`) => (count) => `${count} ${count === 1 ? one : many}`;

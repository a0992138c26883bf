/** Texts of the page's language, with named placeholders. */

/** @type {any} */
let catalogue = {};

/** @param {any} texts */
export function useCatalogue(texts) {
  catalogue = texts;
}

/**
 * The text of a key such as "ui.play"; {name} is replaced by values.name.
 * @param {string} key
 * @param {Record<string, string | number>=} values
 */
export function t(key, values = {}) {
  const text = key.split('.').reduce((part, name) => part?.[name], catalogue);
  if (typeof text !== 'string') return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether the catalogue has a text for the key. @param {string} key */
export const has = (key) => t(key) !== key;

/** An operation's title, or its own name when it has no text. @param {string} op @param {'title' | 'short' | 'line'=} part */
export const opText = (op, part = 'title') => (has(`ops.${op}.${part}`) ? t(`ops.${op}.${part}`) : part === 'line' ? '' : op);

/** What goes into a sequence network, by what the address calls it. */
import { createSequence, getTrace } from './api.js';

export const ofText = (/** @type {string} */ model, /** @type {string} */ text) => createSequence(model, { text });
export const ofPicture = (/** @type {string} */ model, /** @type {Blob} */ image, /** @type {string=} */ language) =>
  createSequence(model, { image }, [], language);

/**
 * Numbers as people paste them: separated by commas, blanks or lines; several per step as JSON lists.
 * @param {string} model
 * @param {string} text
 */
export async function ofValues(model, text) {
  const plain = text.trim();
  const values = plain.startsWith('[')
    ? plain
    : `[${plain
        .split(/[\s,;，；]+/)
        .filter(Boolean)
        .map((part) => (Number.isFinite(Number(part)) ? part : JSON.stringify(part)))
        .join(',')}]`;
  return createSequence(model, { values });
}

/** @param {string} model @param {string} address @param {string=} language   of a caption */
export function ofAddress(model, address, language) {
  const at = address.indexOf(':');
  const kind = address.slice(0, at);
  const rest = address.slice(at + 1);
  if (kind === 'text') return ofText(model, rest);
  if (kind === 'values') return ofValues(model, rest);
  if (kind === 'trace') return getTrace(rest);
  return createSequence(model, { sample: rest }, [], language);
}

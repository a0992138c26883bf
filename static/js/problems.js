/** How a refusal is worded for the reader. */
import { Problem } from './api.js';
import { has, t } from './i18n.js';

/** The catalogue's sentence for a problem's code, or the server's own words. @param {unknown} error */
export function sentence(error) {
  if (!(error instanceof Problem)) throw error;
  const key = error.code !== 'other' && has(`problems.${error.code}`) ? error.code : 'other';
  return t(`problems.${key}`, { detail: error.message });
}

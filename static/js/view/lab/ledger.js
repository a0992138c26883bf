/** Products written line by line in an SVG, with bars for what they come to; the parts a walk has not reached are left out. */
import { s } from '../dom.js';

/**
 * @typedef {object} Part
 * @property {string} text
 * @property {boolean=} now   what the walk is at
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} key
 * @property {Part[]} parts    what is written so far; none: only the name
 * @property {string} whole    the line when all of it is written, which its size is found for
 * @property {{from: number, to: number, series: number}=} bar   as shares of the width
 * @property {boolean=} strong
 */

/** @typedef {{x: number, y: number, width: number, height: number}} Area */

/** Widths of letters, in text sizes, on the wide side of what fonts have. @type {Record<string, number>} */
const WIDE = { ' ': 0.34, ',': 0.34, '.': 0.34, '(': 0.42, ')': 0.42, '×': 0.84, '=': 0.84, '+': 0.84, '−': 0.84, '→': 0.95 };

/** In text sizes: Chinese characters are as wide as they are high. @param {string} text */
export const emsOf = (text) => [...text].reduce((sum, letter) => sum + (WIDE[letter] ?? (letter > '\u2e80' ? 1 : 0.63)), 0);

const NAME = 1.5;
const LINE = 1.5;
const BAR = 1.2; // heights, in text sizes

/**
 * @param {Entry[]} entries
 * @param {Area} area
 * @param {number} text   px that words have where there is room
 */
export function ledger(entries, { x, y, width, height }, text) {
  const lines = entries.reduce((sum, { bar }) => sum + NAME + LINE + (bar ? BAR : 0), 0);
  const ems = Math.max(...entries.flatMap(({ name, whole }) => [emsOf(name), emsOf(whole)]));
  const size = Math.min(text * 1.35, width / ems, height / lines);
  let at = y + Math.max(0, (height - lines * size) / 2);
  return entries.map(({ name, key, parts, bar, strong }) => {
    const top = at;
    at += (NAME + LINE + (bar ? BAR : 0)) * size;
    return s(
      'g',
      { class: `ledger-entry${strong ? ' strong' : ''}`, 'data-entry': key },
      s('text', { class: 'entry-name', x, y: top + 1.1 * size, 'font-size': size }, name),
      s(
        'text',
        { class: 'entry-sum', x, y: top + (NAME + 1.05) * size, 'font-size': size },
        parts.map(({ text: said, now }) => s('tspan', now ? { class: 'now' } : {}, said)),
      ),
      bar
        ? s('rect', {
            class: `bar series-${bar.series}`,
            x: x + bar.from * width,
            y: top + (NAME + LINE) * size,
            width: Math.max(0, (bar.to - bar.from) * width),
            height: 0.55 * size,
          })
        : null,
    );
  });
}

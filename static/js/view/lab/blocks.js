/** A layer's data as a block, what a kernel reads of it, and the arrow to the next. */
/** @import { Area } from './ledger.js' */
import { s } from '../dom.js';
import { emsOf } from './ledger.js';

/**
 * @typedef {object} Data
 * @property {number} side
 * @property {number} channels
 * @property {string=} part      'places' its face, 'kernels' its depth, 'window' and 'channels' what a kernel of `size` reads,
 *   'all' all of it
 * @property {number=} size
 * @property {boolean=} later    not there yet
 */

/** @param {number[][]} corners */
const points = (corners) => corners.map((corner) => corner.join()).join(' ');

/**
 * Its face as large as its sides, its depth by its channels, both on a logarithmic scale, for they differ a thousandfold.
 * @param {Data} data
 * @param {Area} area
 * @param {{side: number, channels: number}} largest
 * @param {number} text
 */
export function block({ side, channels, part = '', size = 1, later = false }, { x, y, width, height }, largest, text) {
  const label = `${side} × ${side} × ${channels}`;
  const letters = Math.min(1.1 * text, (1.2 * width) / emsOf(label));
  const room = Math.min(width, height - 1.6 * letters);
  const share = (/** @type {number} */ value, /** @type {number} */ most) => Math.log(1 + value) / Math.log(1 + most);
  const face = 0.68 * room * share(side, largest.side);
  const depth = 0.3 * room * share(channels, largest.channels);
  const left = x + (width - face - depth) / 2;
  const top = y + (height - 1.6 * letters - face - depth) / 2 + depth;
  const prism = (
    /** @type {number} */ x0,
    /** @type {number} */ y0,
    /** @type {number} */ edge,
    /** @type {number} */ deep,
  ) => [
    points([
      [x0, y0],
      [x0 + deep, y0 - deep],
      [x0 + edge + deep, y0 - deep],
      [x0 + edge, y0],
    ]),
    points([
      [x0 + edge, y0],
      [x0 + edge + deep, y0 - deep],
      [x0 + edge + deep, y0 + edge - deep],
      [x0 + edge, y0 + edge],
    ]),
  ];
  const window = Math.max(0.16 * face, Math.min(face, (face * size) / side));
  const inner = /** @type {[number, number]} */ ([left + 0.12 * (face - window), top + 0.12 * (face - window)]);
  const on = (/** @type {string} */ name) => (part === name || part === 'all' ? ' on' : '');
  return s(
    'g',
    { class: `data-block${later ? ' later' : ''}` },
    prism(left, top, face, depth).map((each) => s('polygon', { class: `block-side${on('kernels')}`, points: each })),
    s('rect', { class: `block-face${on('places')}`, x: left, y: top, width: face, height: face }),
    part === 'channels'
      ? prism(...inner, window, depth).map((each) => s('polygon', { class: 'block-read', points: each }))
      : null,
    part === 'window' || part === 'channels'
      ? s('rect', { class: 'block-read', x: inner[0], y: inner[1], width: window, height: window })
      : null,
    s(
      'text',
      { x: left + (face + depth) / 2, y: top + face + 1.35 * letters, 'font-size': letters, 'text-anchor': 'middle' },
      label,
    ),
  );
}

/**
 * From one block to the next: so many kernels, and how large each is.
 * @param {string[]} lines
 * @param {Area} area
 * @param {number} text
 * @param {{later?: boolean, under?: string}=} more   under: what stands below it
 */
export function arrow(lines, { x, y, width, height }, text, { later = false, under = '' } = {}) {
  const size = Math.min(1.1 * text, width / Math.max(...[...lines, under].map(emsOf)), height / (2.6 * lines.length + 1)); // they stand above the middle
  const middle = y + height / 2;
  const end = x + width - 0.1 * size;
  return s(
    'g',
    { class: `block-arrow${later ? ' later' : ''}` },
    lines.map((line, i) =>
      s(
        'text',
        {
          x: x + width / 2,
          y: middle - (0.5 + 1.25 * (lines.length - 1 - i)) * size,
          'font-size': size,
          'text-anchor': 'middle',
        },
        line,
      ),
    ),
    under ? s('text', { x: x + width / 2, y: middle + 1.3 * size, 'font-size': size, 'text-anchor': 'middle' }, under) : null,
    s('path', {
      d: `M${x + 0.1 * size} ${middle}H${end}m${-0.5 * size} ${-0.35 * size}l${0.5 * size} ${0.35 * size}l${-0.5 * size} ${0.35 * size}`,
    }),
  );
}

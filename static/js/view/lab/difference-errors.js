/**
 * How far a difference quotient is from the derivative, by the size of its step, on two logarithmic axes: truncation on one
 * side, rounding on the other.
 */
import { line, scaleLinear } from 'd3';
import { s } from '../dom.js';

/** @typedef {{label: string, colour: number, main: boolean, errors: number[]}} Row */
/**
 * @typedef {object} Errors
 * @property {number} width
 * @property {number} height
 * @property {number} text      px
 * @property {number[]} steps   the h of every error
 * @property {Row[]} rows
 * @property {number} h         the chosen step
 * @property {number | null} error   its error; null: not a number
 * @property {string} label
 * @property {string} said
 * @property {[string, string]} sides   what decides on the left and on the right
 */

const LEAST = -16;
const MOST = 0;
const FLOOR = -16;
const CEILING = 1; // powers of ten of h and of the error
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const power = (/** @type {number} */ n) =>
  `10${n < 0 ? '⁻' : ''}${[...String(Math.abs(n))].map((digit) => RAISED[Number(digit)]).join('')}`;
const clamp = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) =>
  Math.min(high, Math.max(low, value));

/**
 * @param {{place: (power: number) => void, nudge: (by: number) => void}} hooks   h is wanted at a power of ten; or some steps
 *   further
 */
export function errorPlot({ place, nudge }) {
  const drawn = s('g', {});
  const handle = s(
    'g',
    { class: 'plot-handle error-handle', tabindex: 0, role: 'slider' },
    s('circle', { r: 22, class: 'plot-reach' }),
    s('circle', { r: 7 }),
  );
  const root = s('svg', { class: 'lab-plot error-plot' }, drawn, handle);
  let x = scaleLinear();
  let dragging = false;
  const follow = (/** @type {any} */ event) =>
    place(clamp(x.invert(event.clientX - root.getBoundingClientRect().left), LEAST, MOST));
  root.addEventListener('pointerdown', (event) => {
    dragging = true;
    root.setPointerCapture(/** @type {PointerEvent} */ (event).pointerId);
    follow(event);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  });
  root.addEventListener('pointermove', (event) => {
    if (dragging) follow(event);
  });
  for (const end of ['pointerup', 'pointercancel'])
    root.addEventListener(end, () => {
      dragging = false;
    });
  handle.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[/** @type {KeyboardEvent} */ (event).key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    nudge(by);
  });
  return {
    root,
    /** @param {Errors} next */
    draw(next) {
      const { width, height, text, h, error } = next;
      const size = 0.94 * text;
      const left = 3 * size;
      const foot = 1.6 * size;
      x = scaleLinear()
        .domain([LEAST, MOST])
        .range([left, width - 0.9 * size]);
      const y = scaleLinear()
        .domain([FLOOR, CEILING])
        .range([height - foot, 1.6 * text]);
      for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height }))
        root.setAttribute(name, String(value));
      drawn.replaceChildren(
        axes(next, x, y, size),
        ...next.rows.map((row) => curve(row, next.steps, x, y)),
        ...names(next, x, y, text),
      );
      const at = clamp(Math.log10(h), LEAST, MOST);
      const shown = error === null || error === 0 ? FLOOR : clamp(Math.log10(error), FLOOR, CEILING);
      handle.setAttribute('transform', `translate(${x(at)},${y(shown)})`);
      for (const [name, value] of Object.entries({
        label: next.label,
        valuemin: LEAST,
        valuemax: MOST,
        valuenow: at,
        valuetext: next.said,
      }))
        handle.setAttribute(`aria-${name}`, String(value));
    },
  };
}

/** @typedef {import('d3').ScaleLinear<number, number>} Scale */
/** @param {Errors} plot @param {Scale} x @param {Scale} y @param {number} size */
function axes({ width, height, h }, x, y, size) {
  const across = width < 18 * size ? [-16, -8, 0] : [-16, -12, -8, -4, 0];
  const up = height < 11 * size ? [-16, -8, 0] : [-16, -12, -8, -4, 0];
  const now = x(clamp(Math.log10(h), LEAST, MOST));
  return s(
    'g',
    { class: 'axes' },
    s('path', {
      class: 'grid',
      d:
        across.map((n) => `M${x(n)},${y(FLOOR)}V${y(CEILING)}`).join('') +
        up.map((n) => `M${x(LEAST)},${y(n)}H${x(MOST)}`).join(''),
    }),
    s('path', { class: 'drop', d: `M${now},${y(FLOOR)}V${y(CEILING)}` }),
    across.map((n) => s('text', { x: x(n), y: y(FLOOR) + 1.2 * size, 'font-size': size, 'text-anchor': 'middle' }, power(n))),
    up.map((n) =>
      s('text', { x: x(LEAST) - 0.35 * size, y: y(n) + 0.35 * size, 'font-size': size, 'text-anchor': 'end' }, power(n)),
    ),
  );
}

/** Errors of nothing at all stand on the floor. @param {Row} row @param {number[]} steps @param {Scale} x @param {Scale} y */
function curve({ errors, colour, main, label }, steps, x, y) {
  const places = steps
    .map(
      (h, i) =>
        /** @type {[number, number]} */ ([
          x(Math.log10(h)),
          y(errors[i] > 0 ? clamp(Math.log10(errors[i]), FLOOR, CEILING) : FLOOR),
        ]),
    )
    .filter((_, i) => Number.isFinite(errors[i]));
  return s(
    'path',
    { class: `graph ${main ? 'main' : 'thin'} series-${colour}`, d: line()(places) ?? '' },
    s('title', {}, label),
  );
}

/**
 * What the curves are, and what decides on either side.
 * @param {Errors} plot
 * @param {Scale} x
 * @param {Scale} y
 * @param {number} size   of words, px
 */
function names({ rows, sides }, x, y, size) {
  const top = y(CEILING) - 0.5 * size;
  let from = x(LEAST);
  const legend = rows.map(({ label, colour, main }) => {
    const at = from;
    from += (label.length * 0.6 + 1.4) * size;
    return s(
      'text',
      { class: `named series-${colour}`, x: at, y: top, 'font-size': size, 'font-weight': main ? 700 : 400 },
      label,
    );
  });
  const wide = (/** @type {string} */ text) =>
    [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.56), 0) * size;
  const room = (x(MOST) - x(LEAST)) / 2;
  const words = sides.map((text, i) =>
    wide(text) < room
      ? s(
          'text',
          {
            class: 'side-name',
            x: i ? x(MOST) - 0.3 * size : x(LEAST) + 0.3 * size,
            y: y(FLOOR) - 0.5 * size,
            'font-size': size,
            'text-anchor': i ? 'end' : 'start',
          },
          text,
        )
      : null,
  );
  return [
    ...legend,
    ...words.filter((each) => each !== null),
    s('text', { class: 'side-name', x: x(MOST), y: top, 'font-size': size, 'text-anchor': 'end' }, 'h →'),
  ];
}

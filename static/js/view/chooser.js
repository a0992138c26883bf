/**
 * Many numbers as one strip of cells to choose from: by a click or a drag, by arrow keys, one by one with the buttons at its
 * ends.
 */
/** @import { Colours } from './colors.js' */
import { heatmap } from './heatmap.js';
import { h } from './dom.js';

const ROWS = 2;

/**
 * @typedef {object} Choice
 * @property {number[]} values
 * @property {number} at                     the chosen one
 * @property {Colours} colours
 * @property {string} label
 * @property {(i: number) => string} nameOf  read aloud
 * @property {(i: number) => void} choose
 */

/** @param {Choice} choice */
export function chooser({ values, at, colours, label, nameOf, choose }) {
  const width = Math.ceil(values.length / ROWS);
  const data = Float32Array.from({ length: ROWS * width }, (_, i) => values[i] ?? NaN);
  const mark = { x: at % width, y: Math.floor(at / width), width: 1, height: 1, kind: /** @type {'cell'} */ ('cell') };
  const strip = heatmap({
    plane: { height: ROWS, width, data },
    bound: Math.max(...values.map(Math.abs), 1e-12),
    colours,
    label: '',
    size: 'chooser',
    marks: [mark],
  });
  const to = (/** @type {number} */ i) => choose(Math.min(Math.max(i, 0), values.length - 1));
  const slider = h(
    'div',
    {
      class: 'slider',
      role: 'slider',
      tabindex: 0,
      'data-keep': 'chooser',
      'aria-label': label,
      'aria-valuemin': 0,
      'aria-valuemax': values.length - 1,
      'aria-valuenow': at,
      'aria-valuetext': nameOf(at),
      onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, at, width, values.length - 1, to),
      onpointerdown: (/** @type {PointerEvent} */ event) => drag(event, at, width, to),
    },
    strip,
  );
  const button = (/** @type {string} */ sign, /** @type {number} */ i) =>
    h(
      'button',
      {
        class: 'plain',
        'data-keep': `chooser${sign}`,
        'aria-label': values[i] === undefined ? label : nameOf(i),
        disabled: values[i] === undefined,
        onclick: () => to(i),
      },
      sign,
    );
  return h('div', { class: 'chooser-row' }, button('‹', at - 1), slider, button('›', at + 1));
}

/**
 * Arrow keys on a strip that was reached by Tab.
 * @param {KeyboardEvent} event
 * @param {number} at
 * @param {number} width
 * @param {number} last
 * @param {(i: number) => void} to
 */
function walk(event, at, width, last, to) {
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - width, ArrowDown: at + width, Home: 0, End: last }[
    event.key
  ];
  if (next === undefined || !(/** @type {HTMLElement} */ (event.currentTarget).matches(':focus-visible'))) return;
  event.preventDefault();
  event.stopPropagation();
  to(next);
}

/**
 * A press chooses, and so does each move until it ends; the strip is drawn anew meanwhile, so the page is listened to.
 * @param {PointerEvent} event
 * @param {number} at
 * @param {number} width
 * @param {(i: number) => void} to
 */
function drag(event, at, width, to) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const over = new AbortController();
  let now = at;
  const pick = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const x = Math.min(Math.max(Math.floor(((clientX - box.left) / box.width) * width), 0), width - 1);
    const y = Math.min(Math.max(Math.floor(((clientY - box.top) / box.height) * ROWS), 0), ROWS - 1);
    if (now !== y * width + x) to((now = y * width + x));
  };
  document.addEventListener('pointermove', pick, { signal: over.signal });
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => over.abort(), { signal: over.signal });
  pick(event);
}

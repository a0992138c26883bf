/** All units of a gate or a state as small cells to choose one from: by a click, a tap or arrow keys. */
/** @import { Colours } from '../colors.js' */
import { interpolateRgb } from 'd3';
import { boundOf } from '../colors.js';
import { heatmap } from '../heatmap.js';
import { h } from '../dom.js';
import { range } from '../../core/tensor.js';

const LEVELS = 255;
const WIDTH_TO_HEIGHT = 6;

/** @type {WeakMap<Colours, Colours>} */
const openings = new WeakMap();

/**
 * The colours of what lies between 0 and 1: from the ground to the accent, as probabilities are.
 * @param {Colours} colours
 * @returns {Colours}
 */
export function openingColours(colours) {
  const made = openings.get(colours) ?? accented(colours);
  openings.set(colours, made);
  return made;
}

/** @param {Colours} colours @returns {Colours} */
function accented(colours) {
  const mix = interpolateRgb(colours.ground, colours.accent);
  const table = new Uint8ClampedArray(LEVELS * 4);
  for (let level = 0; level < LEVELS; level++) {
    const parts = (mix(Math.max(0, (level - 127) / 127)).match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
    table.set([...parts, 255], 4 * level);
  }
  return { ...colours, table, fill: (value, bound) => mix(Math.max(0, Math.min(1, value / (bound || 1)))) };
}

/** As many columns as fill whole rows, in a flat box. @param {number} count */
export function columnsOf(count) {
  const wanted = Math.sqrt(WIDTH_TO_HEIGHT * count);
  const even = Array.from({ length: count }, (_, i) => i + 1).filter((columns) => count % columns === 0);
  const near = even.reduce((best, columns) => (Math.abs(columns - wanted) < Math.abs(best - wanted) ? columns : best), count);
  return near > 2 * wanted || near < wanted / 2 ? Math.ceil(wanted) : near;
}

/**
 * @param {{values: ArrayLike<number>, unit: number, opening: boolean, colours: Colours, label: string, nameOf: (unit: number) => string, keep: string, choose: (unit: number) => void}} options
 *   opening: values from 0 to 1, as gates have
 */
export function unitStrip({ values, unit, opening, colours, label, nameOf, keep, choose }) {
  const count = values.length;
  const width = columnsOf(count);
  const height = Math.ceil(count / width);
  const data = new Float32Array(width * height).fill(NaN);
  data.set(Array.from(values));
  const mark = { x: unit % width, y: Math.floor(unit / width), width: 1, height: 1, kind: /** @type {'cell'} */ ('cell') };
  const bound = opening ? 1 : boundOf(...range(values));
  const map = heatmap({
    plane: { width, height, data },
    bound,
    colours: opening ? openingColours(colours) : colours,
    label: '',
    size: 'unit-strip',
    marks: count > 1 ? [mark] : [],
    onCell: (y, x) => y * width + x < count && choose(y * width + x),
  });
  if (count === 1) return h('div', { class: 'strip-slider single' }, map);
  return h(
    'div',
    {
      class: 'strip-slider',
      role: 'slider',
      tabindex: 0,
      'data-keep': keep,
      'aria-label': label,
      'aria-valuemin': 0,
      'aria-valuemax': count - 1,
      'aria-valuenow': unit,
      'aria-valuetext': nameOf(unit),
      onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, unit, width, count, choose),
    },
    map,
  );
}

/**
 * Arrow keys on a strip that was reached by Tab.
 * @param {KeyboardEvent} event
 * @param {number} unit
 * @param {number} width
 * @param {number} count
 * @param {(unit: number) => void} choose
 */
function walk(event, unit, width, count, choose) {
  const next = {
    ArrowLeft: unit - 1,
    ArrowRight: unit + 1,
    ArrowUp: unit - width,
    ArrowDown: unit + width,
    Home: 0,
    End: count - 1,
  }[event.key];
  if (next === undefined || !(/** @type {HTMLElement} */ (event.currentTarget).matches(':focus-visible'))) return;
  event.preventDefault();
  event.stopPropagation();
  choose(Math.min(Math.max(next, 0), count - 1));
}

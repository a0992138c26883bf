/** The entries of a vector as bars from zero; probabilities in the accent, others in the diverging scale. */
/** @import { Tensor, NodeRecord } from '../core/types.js' */
/** @import { Scene } from './scene.js' */
import { scaleLinear } from 'd3';
import { range } from '../core/tensor.js';
import { significant } from '../core/numbers.js';
import { t } from '../i18n.js';
import { boundOf } from './colors.js';
import { heatmap } from './heatmap.js';
import { h, num } from './dom.js';

const LONG = 64;

/** Whether a vector has more entries than rows that could be listed. @param {NodeRecord} record */
export const isLong = (record) => record.shape[0] > LONG;

/**
 * @param {Scene} scene
 * @param {NodeRecord} record
 * @param {Tensor} values
 * @param {number} chosen
 * @param {number=} ratio   of a long vector's block
 */
export function vectorBars(scene, record, values, chosen, ratio = 2) {
  if (isLong(record)) {
    return h(
      'div',
      { class: 'long' },
      vectorBlock(scene, values, record.name, ratio, [chosen], (i) => scene.act.openNumber(record.name, [i])),
    );
  }
  const bound = boundOf(...range(values.data));
  const probability = record.op === 'softmax';
  const x = scaleLinear()
    .domain([probability ? 0 : -bound, bound])
    .range([0, 100]);
  const rows = Array.from(values.data, (value, i) =>
    h(
      'button',
      {
        class: `bar-row${i === chosen ? ' on' : ''}`,
        'data-unit': i,
        'aria-pressed': String(i === chosen),
        onclick: () => scene.act.openNumber(record.name, [i]),
      },
      h('span', { class: 'bar-name' }, nameOf(scene, record, i)),
      h(
        'span',
        { class: 'bar-track' },
        h('span', { class: 'bar-zero', style: { left: `${x(0)}%` } }),
        h('span', {
          class: 'bar-fill',
          style: {
            left: `${Math.min(x(0), x(value))}%`,
            width: `${Math.abs(x(value) - x(0))}%`,
            background: probability ? 'var(--accent)' : scene.colours.fill(Math.sign(value) * bound * 0.75, bound),
          },
        }),
      ),
      num(significant(value), 'entry'),
    ),
  );
  return h('div', { class: 'bars' }, rows);
}

/**
 * The class's name or the token, where the entries are such.
 * @param {Scene} scene
 * @param {NodeRecord} record
 * @param {number} i
 */
export const nameOf = ({ model, names }, record, i) =>
  names?.part(record, record.shape.length - 1, i) ??
  (record.shape[0] === model.classes.length ? model.classes[i].title : t('ui.unit_vector', { unit: i }));

/**
 * More entries than rows: a block of cells in reading order.
 * @param {Scene} scene
 * @param {Tensor} values
 * @param {string} label
 * @param {number} ratio
 * @param {number[]} marked
 * @param {((i: number) => void)=} choose
 */
export function vectorBlock({ colours }, { data: entries }, label, ratio, marked, choose) {
  const width = Math.ceil(Math.sqrt(entries.length * ratio));
  const height = Math.ceil(entries.length / width);
  const data = new Float32Array(width * height).fill(NaN);
  data.set(entries);
  const marks = marked.map((i) => ({
    x: i % width,
    y: Math.floor(i / width),
    width: 1,
    height: 1,
    kind: /** @type {'cell'} */ ('cell'),
  }));
  return heatmap({
    plane: { width, height, data },
    bound: boundOf(...range(entries)),
    colours,
    label,
    size: 'wide',
    marks,
    onCell: choose && ((y, column) => y * width + column < entries.length && choose(y * width + column)),
  });
}

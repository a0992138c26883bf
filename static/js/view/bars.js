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

/** @param {Scene} scene @param {NodeRecord} record @param {Tensor} values @param {number} chosen @param {boolean=} numbers  whether a click opens the number */
export function vectorBars(scene, record, values, chosen, numbers = true) {
  if (record.shape[0] > LONG) return longVector(scene, record, values, chosen);
  const bound = boundOf(...range(values.data));
  const probability = record.op === 'softmax';
  const x = scaleLinear().domain([probability ? 0 : -bound, bound]).range([0, 100]);
  const rows = Array.from(values.data, (value, i) => h('button', {
    class: `bar-row${i === chosen ? ' on' : ''}`, 'data-unit': i, 'aria-pressed': String(i === chosen),
    onclick: () => (numbers ? scene.act.openNumber(record.name, [i]) : scene.act.choose(i)),
  },
  h('span', { class: 'bar-name' }, nameOf(scene, record, i)),
  h('span', { class: 'bar-track' }, h('span', { class: 'bar-zero', style: { left: `${x(0)}%` } }), h('span', { class: 'bar-fill', style: {
    left: `${Math.min(x(0), x(value))}%`, width: `${Math.abs(x(value) - x(0))}%`, background: probability ? 'var(--accent)' : scene.colours.fill(Math.sign(value) * bound * 0.75, bound),
  } })),
  num(significant(value), 'entry')));
  return h('div', { class: 'bars' }, rows);
}

/** The class's name, where the entries are classes. @param {Scene} scene @param {NodeRecord} record @param {number} i */
export const nameOf = ({ model }, record, i) => (record.shape[0] === model.classes.length ? model.classes[i].title : t('ui.unit_vector', { unit: i }));

/** More entries than rows: a block of cells in reading order. @param {Scene} scene @param {NodeRecord} record @param {Tensor} values @param {number} chosen */
function longVector(scene, record, values, chosen) {
  const width = Math.ceil(Math.sqrt(values.data.length * 2)), height = Math.ceil(values.data.length / width);
  const data = new Float32Array(width * height).fill(NaN);
  data.set(values.data);
  const marks = [{ x: chosen % width, y: Math.floor(chosen / width), width: 1, height: 1, kind: /** @type {'cell'} */ ('cell') }];
  return h('div', { class: 'long' }, heatmap({
    plane: { width, height, data }, bound: boundOf(...range(values.data)), colours: scene.colours, label: record.name, size: 'wide', marks,
    onCell: (y, column) => y * width + column < values.data.length && scene.act.openNumber(record.name, [y * width + column]),
  }));
}

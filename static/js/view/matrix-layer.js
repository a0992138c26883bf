/** The layer view of a node of a sequence network: all its numbers as one map, steps along it, one cell to be opened. */
/** @import { NodeRecord, Tensor } from '../core/types.js' */
/** @import { Scene } from './scene.js' */
import { significant } from '../core/numbers.js';
import { isTime } from '../core/sequence/axes.js';
import { valueAt } from '../core/tensor.js';
import { placeName } from '../core/walk.js';
import { t } from '../i18n.js';
import { about } from './layer.js';
import { h, num } from './dom.js';
import { matrix, nodeMap, turned } from './matrix-map.js';

const NAMED = 40;
const WIDEST = 4.5; // more columns than NAMED have no room for their names

/** @param {Scene} scene @param {number[]} index   the cell that Enter opens @returns {HTMLElement[]} */
export function matrixLayer(scene, index) {
  const record = /** @type {NodeRecord} */ (scene.data.records.get(scene.state.node ?? ''));
  const values = /** @type {Tensor} */ (scene.data.values(record.name));
  const crowd = record.shape[1] > 512;
  const picture = crowd ? nodeMap(scene, record, values, [index], 'out') : framedMatrix(scene, record, values, index);
  const where = index.map((i, d) => scene.names?.part(record, d, i) ?? t('ui.unit_vector', { unit: i })).join(' · ');
  return [
    about(scene, record),
    h(
      'div',
      { class: 'layer-body matrix-layer' },
      picture,
      h(
        'p',
        { class: 'cell-here' },
        h('strong', {}, placeName({ node: record.name, index })),
        h('span', { class: 'quiet' }, where),
        num(significant(valueAt(values, index)), 'entry'),
        h('button', { class: 'enter', onclick: () => scene.act.enter() }, t('ui.enter_number'), h('kbd', {}, 'Enter')),
      ),
    ),
  ];
}

/**
 * The map with the names of its columns beneath and, where there is room, of its rows beside it.
 * @param {Scene} scene
 * @param {NodeRecord} record
 * @param {Tensor} values
 * @param {number[]} index
 */
function framedMatrix(scene, record, values, index) {
  const turn = turned(scene, record);
  const [across, down] = turn ? [0, 1] : [1, 0];
  const axes = scene.names?.axes(record) ?? [];
  const words = (/** @type {number} */ axis) =>
    Array.from({ length: record.shape[axis] }, (_, i) => scene.names?.short(record, axis, i) ?? '');
  const columns =
    record.shape[across] <= NAMED && (isTime(axes[across]) || axes[across] === 'class')
      ? h(
          'div',
          { class: 'column-names', 'aria-hidden': 'true', style: { '--columns': record.shape[across] } },
          words(across).map((word, i) => h('span', { class: i === index[across] ? 'now' : '' }, word)),
        )
      : null;
  const rows =
    record.shape[down] <= NAMED && (isTime(axes[down]) || axes[down] === 'class')
      ? h(
          'div',
          { class: 'row-names', 'aria-hidden': 'true' },
          words(down).map((word, i) => h('span', { class: i === index[down] ? 'now' : '' }, word)),
        )
      : null;
  const map = matrix(scene, record, values, [index], WIDEST);
  map.classList.add('large');
  return h('div', { class: 'matrix-frame' }, rows ?? h('span', {}), map, columns);
}

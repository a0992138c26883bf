/** The layer view: one unit of a layer, what it reads, and how its map comes about. */
/** @import { Scene } from './scene.js' */
/** @import { Explained } from './explained.js' */
import { isVector } from '../core/graph.js';
import { OPS } from '../core/ops/index.js';
import { plane, range } from '../core/tensor.js';
import { opText, t } from '../i18n.js';
import { boundOf } from './colors.js';
import { enterButton } from './enter.js';
import { explained } from './explained.js';
import { figure } from './figure.js';
import { convolution } from './folds.js';
import { formula } from './formula.js';
import { heatmap } from './heatmap.js';
import { hyperparameters } from './hyperparameters.js';
import { unitPicker } from './unit-picker.js';
import { vectorBars } from './bars.js';
import { h, sign } from './dom.js';

/** @param {Scene} scene @returns {HTMLElement[]} */
export function layerView(scene) {
  const record = /** @type {any} */ (scene.data.records.get(scene.state.node ?? ''));
  if (record.op === 'input') return inputLayer(scene, record);
  const e = explained({ ...scene, state: { ...scene.state, at: isVector(record) ? [scene.state.unit] : [0, 0] } });
  const body = record.op === 'conv2d' ? convolution(e) : isVector(record) ? vector(e) : pair(e);
  return [about(scene, record), ...unitPicker(e), body];
}

/** @param {Scene} scene @param {any} record */
export const about = (scene, record) =>
  h(
    'header',
    { class: 'about' },
    h('h2', {}, opText(record.op), h('span', { class: 'node' }, record.name)),
    h('p', {}, opText(record.op, 'line')),
    formula(scene.formulas[record.op] ?? '', opText(record.op, 'line')),
    hyperparameters(scene, record),
  );

/**
 * The maps that a unit reads: of a sum one from each addend, of joined channels the one that stands here.
 * @param {Explained} e
 */
function readBy({
  scene: {
    data,
    state: { unit },
  },
  record,
}) {
  const sources = record.inputs.flatMap((name) => data.records.get(name) ?? []).filter(({ shape }) => shape.length === 3);
  if (record.op !== 'cat' || record.hyperparameters.dim !== -3)
    return sources.filter(({ shape }) => unit < shape[0]).map((source) => ({ source, unit }));
  let start = 0;
  return sources.flatMap((source) => {
    const own = unit - start;
    start += source.shape[0];
    return own >= 0 && own < source.shape[0] ? [{ source, unit: own }] : [];
  });
}

/** One map in, or several, and one map out. @param {Explained} e */
function pair(e) {
  const { scene, record, output, outputBound } = e;
  const read = readBy(e);
  const unit = scene.state.unit;
  const band = bandOf(e);
  const reached = band
    ? {
        ...plane(output, unit),
        data: plane(output, unit).data.map((value, i) => (i < (band.last + 1) * record.shape[2] ? value : NaN)),
      }
    : plane(output, unit);
  return h(
    'div',
    { class: 'layer-body pair' },
    h(
      'div',
      { class: 'read-maps', style: { '--count': read.length } },
      read.map(({ source, unit: own }) => {
        const values = /** @type {import('../core/types.js').Tensor} */ (scene.data.values(source.name));
        return figure(
          heatmap({
            plane: plane(values, own),
            bound: boundOf(...range(values.data)),
            colours: scene.colours,
            label: t('ui.input_map'),
            size: 'large',
            marks: band ? [band.read] : [],
            onCell: () => scene.act.openLayer(source.name, own),
          }),
          `${source.name} · ${t('ui.unit_map', { unit: own })}`,
          source.shape.slice(1).join(' × '),
        );
      }),
    ),
    h('div', { class: 'between' }, sign('→'), h('span', {}, opText(record.op, 'short'))),
    h(
      'div',
      { class: 'total-map' },
      figure(
        heatmap({
          plane: reached,
          bound: outputBound,
          colours: scene.colours,
          label: t('ui.output_map'),
          size: 'large',
          marks: band ? [band.made] : [],
          onCell: (y, x) => scene.act.openNumber(record.name, [unit, y, x]),
        }),
        `${record.name} · ${t('ui.unit_map', { unit })}`,
        record.shape.slice(1).join(' × '),
      ),
      enterButton(scene),
    ),
  );
}

/** The rows that the step makes, and the rows that they are made from. @param {Explained} e */
function bandOf({
  active,
  record,
  scene: {
    state: { unit },
  },
  input,
}) {
  const [kind, from, to] = (active ?? '').split(':');
  const op = OPS[record.op];
  if (kind !== 'band' || !op) return null;
  const first = Number(from);
  const last = Number(to);
  const [, height, width] = input.shape;
  const start = Math.max(0, op.window(record, [unit, first, 0], input.shape)[0].start[1]);
  const stop = Math.min(height, op.window(record, [unit, last, 0], input.shape)[0].stop[1]);
  const mark = (/** @type {number} */ y, /** @type {number} */ rows, /** @type {number} */ columns) => ({
    x: 0,
    y,
    width: columns,
    height: rows,
    kind: /** @type {'window'} */ ('window'),
  });
  return { last, read: mark(start, stop - start, width), made: mark(first, last - first + 1, record.shape[2]) };
}

/** A vector: every entry as a bar; choosing one leads to its number. @param {Explained} e */
function vector({ scene, record, output }) {
  return h('div', { class: 'layer-body vector' }, vectorBars(scene, record, output, scene.state.unit), enterButton(scene));
}

/**
 * The picture as it enters, as large as its planes.
 * @param {string} source
 * @param {import('./heatmap.js').Plane} size
 * @param {Scene} scene
 */
function whole(source, size, scene) {
  const frame = heatmap({ plane: size, bound: 1, colours: scene.colours, label: scene.title, size: 'large' });
  frame.replaceChild(h('img', { src: source, alt: '' }), /** @type {Node} */ (frame.firstChild));
  return frame;
}

/** @param {Scene} scene @param {any} record */
function inputLayer(scene, record) {
  const values = scene.data.values('input') ?? scene.data.pictures.get('input');
  if (!values) return [];
  const bound = boundOf(...range(values.data));
  const names = record.shape[0] === 3 ? ['R', 'G', 'B'] : [t('ui.value')];
  const planes = names.map((name, unit) =>
    figure(
      heatmap({ plane: plane(values, unit), bound, colours: scene.colours, label: name, size: 'large' }),
      name,
      record.shape.slice(1).join(' × '),
    ),
  );
  const photo = scene.data.trace.input.preparation.at(-1)?.picture;
  const first = photo ? [figure(whole(photo, plane(values, 0), scene), t('ui.input'), record.shape.slice(1).join(' × '))] : [];
  const shown = [...first, ...planes];
  return [
    about(scene, record),
    h('div', { class: `layer-body planes${planes.length === 3 ? ' colour' : ''}` }, shown),
    h('p', { class: 'quiet' }, t('ui.no_inputs')),
  ];
}

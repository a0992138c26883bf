/** Nodes of a sequence network as maps: time runs to the right, units downwards; what a number reads is framed. */
/** @import { NodeRecord, Tensor } from '../core/types.js' */
/** @import { Explained } from './explained.js' */
/** @import { Scene } from './scene.js' */
/** @import { Mark } from './heatmap.js' */
import { isTime } from '../core/sequence/axes.js';
import { plane, range } from '../core/tensor.js';
import { readPlaces } from '../core/walk.js';
import { isLong, vectorBars, vectorBlock } from './bars.js';
import { boundOf } from './colors.js';
import { figure } from './figure.js';
import { heatmap } from './heatmap.js';
import { h } from './dom.js';

const TALL = 512;
const NARROWEST = 0.8;
const WIDEST = 2.6;
const SOURCES = 2;

/**
 * What the number reads, and the node that it belongs to.
 * @param {Explained} e
 * @param {boolean=} turning   whether steps run to the right, or rows stay rows
 * @returns {HTMLElement[]}
 */
export function matrixMaps(e, turning = true) {
  const { scene, record } = e;
  const read = [...(record.op === 'input' ? [] : readPlaces(e.explanation))].slice(0, SOURCES);
  const sources = read.flatMap(([name, places]) => {
    const source = scene.data.records.get(name);
    const values = scene.data.values(name);
    return source && values ? [nodeMap(scene, source, values, places, 'in', turning)] : [];
  });
  return [...sources, nodeMap(scene, record, e.output, [e.index], 'out', turning)];
}

/**
 * @param {Scene} scene
 * @param {NodeRecord} record
 * @param {Tensor} values
 * @param {number[][]} places
 * @param {'in' | 'out'} kind
 * @param {boolean=} turning
 */
export function nodeMap(scene, record, values, places, kind, turning = true) {
  const { shape } = record;
  const note = shape.join('×');
  if (shape.length === 1 && !isLong(record) && kind === 'out')
    return figure(vectorBars(scene, record, values, places[0][0], 1), record.name, note, 'out vector listed');
  if (shape.length === 1)
    return figure(
      h(
        'div',
        { class: 'long' },
        vectorBlock(scene, values, record.name, 1.6, places.map(([i]) => i).slice(0, 1), (i) =>
          scene.act.openNumber(record.name, [i]),
        ),
      ),
      record.name,
      note,
      kind,
    );
  if (shape.length === 2 && shape[1] > TALL)
    return figure(stepBlock(scene, record, values, places), `${record.name}[${places[0][0]}]`, String(shape[1]), kind);
  if (shape.length === 2)
    return figure(matrix(scene, record, values, places, WIDEST, turning && turned(scene, record)), record.name, note, kind);
  const [channel, ...cell] = places[0];
  const mark = { x: cell[1], y: cell[0], width: 1, height: 1, kind: /** @type {'cell'} */ ('cell') };
  return figure(
    heatmap({
      plane: plane(values, channel),
      bound: boundOf(...range(values.data)),
      colours: scene.colours,
      label: record.name,
      marks: [mark],
      onCell: (y, x) => scene.act.openNumber(record.name, [channel, y, x]),
    }),
    `${record.name} · ${channel}`,
    shape.slice(1).join('×'),
    kind,
  );
}

/**
 * Whether a node's rows are steps and its columns are not: then it is drawn turned, so that time runs to the right.
 * @param {Scene} scene
 * @param {NodeRecord} record
 */
export function turned({ names }, record) {
  const [first, second] = names?.axes(record) ?? [];
  return isTime(first) && !isTime(second);
}

/**
 * @param {Scene} scene
 * @param {NodeRecord} record
 * @param {Tensor} values
 * @param {number[][]} places
 * @param {number=} most   widest ratio
 * @param {boolean=} turn
 */
export function matrix(scene, record, { shape: [rows, columns], data }, places, most = WIDEST, turn = turned(scene, record)) {
  const [height, width] = turn ? [columns, rows] : [rows, columns];
  const shown = turn
    ? Float32Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)])
    : data;
  const map = heatmap({
    plane: { height, width, data: shown },
    bound: boundOf(...range(data)),
    colours: scene.colours,
    label: record.name,
    marks: [framed(places, turn)],
    onCell: (y, x) => scene.act.openNumber(record.name, turn ? [x, y] : [y, x]),
  });
  map.style.setProperty('--ratio', String(Math.min(most, Math.max(NARROWEST, width / height))));
  return map;
}

/** The smallest frame around all places. @param {number[][]} places @param {boolean} turn @returns {Mark} */
function framed(places, turn) {
  const along = (/** @type {number} */ d) => places.map((place) => place[d]);
  const [y, x] = turn ? [1, 0] : [0, 1];
  const box = (/** @type {number} */ d) => ({
    from: Math.min(...along(d)),
    size: Math.max(...along(d)) - Math.min(...along(d)) + 1,
  });
  const down = box(y);
  const across = box(x);
  return { x: across.from, y: down.from, width: across.size, height: down.size, kind: places.length > 1 ? 'window' : 'cell' };
}

/**
 * All entries of one step, in reading order.
 * @param {Scene} scene
 * @param {NodeRecord} record
 * @param {Tensor} values
 * @param {number[][]} places
 */
function stepBlock(scene, record, { shape: [, width], data }, places) {
  const [step, unit] = places[0];
  const row = data.subarray(step * width, (step + 1) * width);
  return h(
    'div',
    { class: 'long' },
    vectorBlock(scene, { shape: [width], data: row }, record.name, 1.6, places.length > 1 ? [] : [unit], (i) =>
      scene.act.openNumber(record.name, [step, i]),
    ),
  );
}

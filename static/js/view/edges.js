/** Lines of the overview: who reads whom, and what the pointed unit reads. */
/** @import { NodeRecord } from '../core/types.js' */
/** @import { Layout, Box, Column } from '../core/layout.js' */
import { linkHorizontal, linkVertical, select } from 'd3';
import { oneToOne } from '../core/graph.js';
import { channelsRead } from '../core/ops/conv2d.js';

const MOST = 170; // more edges between two columns than this are drawn as one band

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {{from: Box, to: Box}} Edge */

/** From the right of one unit to the left of another; in rows, from below the one to above the other. @param {boolean} rows */
const curveOf =
  (rows) =>
  (/** @type {Edge} */ { from, to }) =>
    (rows
      ? linkVertical()({ source: [from.x + from.width / 2, from.y + from.height], target: [to.x + to.width / 2, to.y] })
      : linkHorizontal()({ source: [from.x + from.width, from.y + from.height / 2], target: [to.x, to.y + to.height / 2] })) ??
    '';

/**
 * Pairs of units that are joined, as far as they are drawn.
 * @param {Column} source
 * @param {Column} target
 * @param {NodeRecord} record
 * @param {NodeRecord} from
 * @returns {Edge[]}
 */
function pairs(source, target, record, from) {
  if (source.kind === 'strip' || target.kind === 'strip') return strips(source, target);
  return target.units
    .flatMap((to, unit) => readBy(record, from, unit, source.units.length).map((i) => ({ from: source.units[i], to })))
    .filter(({ from: drawn }) => drawn);
}

/** @param {Column} source @param {Column} target @returns {Edge[]} */
function strips(source, target) {
  const share = (/** @type {Box} */ box, /** @type {number} */ i, /** @type {number} */ count) =>
    box.width > box.height // lying, where layers are rows
      ? { y: box.y, height: box.height, x: box.x + (box.width * i) / count, width: box.width / count }
      : { x: box.x, width: box.width, y: box.y + (box.height * i) / count, height: box.height / count };
  if (target.kind === 'strip' && source.kind === 'strip')
    return Array.from({ length: 12 }, (_, i) => ({ from: share(source.units[0], i, 12), to: share(target.units[0], i, 12) }));
  if (target.kind === 'strip')
    return source.units.map((from, i) => ({ from, to: share(target.units[0], i, source.units.length) }));
  return target.units.map((to) => ({ from: source.units[0], to }));
}

/**
 * Units of the input that one unit reads.
 * @param {NodeRecord} record
 * @param {NodeRecord} from
 * @param {number} unit
 * @param {number} count
 */
function readBy(record, from, unit, count) {
  if (oneToOne(record)) return [unit];
  const [first, last] = record.op === 'conv2d' ? channelsRead(record, unit, from.shape[0]) : [0, count];
  return Array.from({ length: last - first }, (_, i) => first + i);
}

/** @param {Layout} placed @param {Scene['data']} data */
function joins(placed, data) {
  const columns = new Map(placed.columns.map((column) => [column.name, column]));
  return data.nodes.flatMap((record) =>
    record.inputs.map((name) => ({
      record,
      from: /** @type {NodeRecord} */ (data.records.get(name)),
      source: /** @type {Column} */ (columns.get(name)),
      target: /** @type {Column} */ (columns.get(record.name)),
    })),
  );
}

/**
 * Faint lines between all columns; in rows there is no room for them.
 * @param {SVGElement} svg
 * @param {Layout} placed
 * @param {Scene['data']} data
 */
export function drawEdges(svg, placed, data) {
  const curve = curveOf(placed.rows);
  const paths = (placed.rows ? [] : joins(placed, data)).flatMap(({ source, target, record, from }) => {
    const few = source.units.length * target.units.length <= MOST || oneToOne(record);
    if (!few) return [{ path: band(source, target), kind: 'band' }];
    return pairs(source, target, record, from).map((edge) => ({ path: curve(edge), kind: 'edge' }));
  });
  select(svg)
    .attr('width', placed.width)
    .attr('height', placed.height)
    .selectAll('path.line')
    .data(paths)
    .join('path')
    .attr('class', (/** @type {any} */ d) => `line ${d.kind}`)
    .attr('d', (/** @type {any} */ d) => d.path);
}

/** The area between two columns. @param {Column} source @param {Column} target */
function band(source, target) {
  const [a, b] = [source.units, target.units];
  const right = Math.max(...a.map((box) => box.x + box.width));
  const left = Math.min(...b.map((box) => box.x));
  const [a0, a1, b0, b1] = [a[0].y, bottom(a), b[0].y, bottom(b)];
  const middle = (left + right) / 2;
  return `M${right},${a0}C${middle},${a0} ${middle},${b0} ${left},${b0}V${b1}C${middle},${b1} ${middle},${a1} ${right},${a1}Z`;
}

/** @param {Box[]} boxes */
const bottom = (boxes) => Math.max(...boxes.map((box) => box.y + box.height));

/**
 * The pointed unit, what it reads and who reads it.
 * @param {SVGElement} svg
 * @param {Layout} placed
 * @param {Scene['data']} data
 * @param {{name: string, unit: number} | null} target
 */
export function drawFocus(svg, placed, data, target) {
  /** @type {(Box & {kind: string})[]} */
  const boxes = [];
  /** @type {(Edge & {kind: string})[]} */
  const paths = [];
  if (target) {
    const all = joins(placed, data);
    const column = /** @type {Column} */ (placed.columns.find(({ name }) => name === target.name));
    const own = column.units[Math.min(target.unit, column.units.length - 1)];
    boxes.push({ ...own, kind: 'own' });
    for (const join of all) {
      if (join.target === column)
        paths.push(...readers(join, own, 'to', target.unit).map((edge) => ({ ...edge, kind: 'into' })));
      if (join.source === column)
        paths.push(...readers(join, own, 'from', target.unit).map((edge) => ({ ...edge, kind: 'out' })));
    }
    boxes.push(...paths.filter(({ kind }) => kind === 'into').map(({ from }) => ({ ...from, kind: 'read' })));
  }
  const root = select(svg).attr('width', placed.width).attr('height', placed.height);
  root
    .selectAll('path')
    .data(paths)
    .join('path')
    .attr('class', (/** @type {any} */ d) => d.kind)
    .attr('d', curveOf(placed.rows));
  root
    .selectAll('rect')
    .data(boxes)
    .join('rect')
    .attr('class', (/** @type {any} */ d) => d.kind)
    .attr('x', (/** @type {any} */ d) => d.x - 2)
    .attr('y', (/** @type {any} */ d) => d.y - 2)
    .attr('width', (/** @type {any} */ d) => d.width + 4)
    .attr('height', (/** @type {any} */ d) => d.height + 4);
}

/**
 * The edges that end or begin at one unit; of a long vector, all.
 * @param {ReturnType<typeof joins>[number]} join
 * @param {Box} own
 * @param {'from' | 'to'} end
 * @param {number} unit
 * @returns {Edge[]}
 */
function readers({ source, target, record, from }, own, end, unit) {
  const column = end === 'to' ? target : source;
  if (source.kind === 'strip' || target.kind === 'strip')
    return strips(source, target).filter((edge) => column.kind === 'strip' || same(edge[end], own));
  const read = (/** @type {number} */ reader) => readBy(record, from, reader, source.units.length);
  if (end === 'to')
    return read(unit)
      .filter((i) => source.units[i])
      .map((i) => ({ from: source.units[i], to: own }));
  return target.units.flatMap((to, reader) => (read(reader).includes(unit) ? [{ from: own, to }] : []));
}

/** @param {Box} a @param {Box} b */
const same = (a, b) => a.x === b.x && a.y === b.y;

/** Where everything of the overview goes: positions follow from shapes and the room there is, for any graph. */
/** @import { NodeRecord } from './types.js' */
import { depths, isVector } from './graph.js';

/**
 * @typedef {object} Room
 * @property {number} width
 * @property {number} height
 * @property {number} tile    smallest side of a map that is still worth drawing
 * @property {number} gap     between maps
 * @property {number} aisle   smallest room between columns, for the edges
 * @property {number} bars    width of the column of probabilities
 * @property {number} strip   width of a long vector
 * @property {(node: NodeRecord) => number} label   smallest width of a column, for its name
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {{name: string, kind: 'maps' | 'strip' | 'cells' | 'bars', box: Box, units: Box[]}} Column
 * @typedef {{columns: Column[], width: number, height: number, tile: number}} Layout
 */

const LONG = 48;   // vectors longer than this are drawn as one strip

/** @param {NodeRecord} node @returns {Column['kind']} */
export function kindOf(node) {
  if (!isVector(node)) return 'maps';
  if (node.shape[0] > LONG) return 'strip';
  return node.op === 'softmax' ? 'bars' : 'cells';
}

/**
 * Columns of units, as large as the room allows; wider than the room when the maps would become too small.
 * @param {NodeRecord[]} nodes @param {Room} room @returns {Layout}
 */
export function layout(nodes, room) {
  const depth = depths(nodes);
  const ranks = Math.max(...depth.values()) + 1;
  const tile = largestTile(nodes, depth, ranks, room);
  const widths = rankWidths(nodes, depth, ranks, tile, room);
  const used = widths.reduce((total, width) => total + width, 0);
  const aisle = Math.max(room.aisle, (room.width - used) / Math.max(1, ranks - 1));
  /** @type {Column[]} */
  const columns = [];
  let x = 0;
  for (let rank = 0; rank < ranks; rank++) {
    const here = nodes.filter((node) => depth.get(node.name) === rank);
    here.forEach((node, i) => columns.push(column(node, tile, room,
      { x, y: (i * room.height) / here.length, width: widths[rank], height: room.height / here.length })));
    x += widths[rank] + aisle;
  }
  return { columns, width: Math.max(room.width, x - aisle), height: room.height, tile };
}

/**
 * The largest tile with which everything fits; where nothing does, the one that makes the most of the width it costs.
 * @param {NodeRecord[]} nodes @param {Map<string, number>} depth @param {number} ranks @param {Room} room
 */
function largestTile(nodes, depth, ranks, room) {
  const width = (/** @type {number} */ tile) =>
    rankWidths(nodes, depth, ranks, tile, room).reduce((total, one) => total + one + room.aisle, -room.aisle);
  const roomy = Math.floor(Math.min(room.height / 3, room.width / 4));
  for (let tile = roomy; tile >= room.tile; tile--) if (width(tile) <= room.width) return tile;
  let best = room.tile;
  for (let tile = room.tile; tile <= 1.6 * room.tile; tile++) if (tile / width(tile) >= best / width(best)) best = tile;
  return best;
}

/** @param {NodeRecord[]} nodes @param {Map<string, number>} depth @param {number} ranks @param {number} tile @param {Room} room */
function rankWidths(nodes, depth, ranks, tile, room) {
  const widths = new Array(ranks).fill(0);
  const sharing = new Array(ranks).fill(0);
  for (const node of nodes) sharing[depth.get(node.name) ?? 0]++;
  for (const node of nodes) {
    const rank = depth.get(node.name) ?? 0;
    widths[rank] = Math.max(widths[rank], nodeWidth(node, tile, room, room.height / sharing[rank]));
  }
  return widths;
}

/** @param {NodeRecord} node @param {number} tile @param {Room} room @param {number} height */
function nodeWidth(node, tile, room, height) {
  const kind = kindOf(node);
  if (kind === 'bars') return Math.max(room.bars, room.label(node));
  if (kind !== 'maps') return Math.max(room.strip, room.label(node));
  const { columns } = grid(node.shape[0], tile, room.gap, height);
  return Math.max(columns * (tile + room.gap) - room.gap, room.label(node));
}

/** @param {number} count @param {number} tile @param {number} gap @param {number} height */
function grid(count, tile, gap, height) {
  const most = Math.max(1, Math.floor((height + gap) / (tile + gap)));
  const columns = Math.ceil(count / most);
  return { columns, rows: Math.ceil(count / columns) };
}

/** @param {NodeRecord} node @param {number} tile @param {Room} room @param {Box} box @returns {Column} */
function column(node, tile, room, box) {
  const kind = kindOf(node);
  if (kind === 'maps') return { name: node.name, kind, box, units: mapUnits(node, tile, room, box) };
  if (kind === 'strip') {
    const width = room.strip / 2;
    const strip = { x: box.x + (box.width - width) / 2, y: box.y, width, height: box.height };
    return { name: node.name, kind, box, units: [strip] };
  }
  const inset = kind === 'cells' ? (box.width - room.strip) / 2 : 0;
  const step = Math.min(box.height / node.shape[0], tile + room.gap);
  const top = box.y + (box.height - step * node.shape[0]) / 2;
  const units = Array.from({ length: node.shape[0] }, (_, i) =>
    ({ x: box.x + inset, y: top + i * step, width: box.width - 2 * inset, height: step - Math.min(room.gap, step / 4) }));
  return { name: node.name, kind, box, units };
}

/** @param {NodeRecord} node @param {number} tile @param {Room} room @param {Box} box @returns {Box[]} */
function mapUnits(node, tile, room, box) {
  const count = node.shape[0], pitch = tile + room.gap;
  const { columns, rows } = grid(count, tile, room.gap, box.height);
  const left = box.x + (box.width - (columns * pitch - room.gap)) / 2;
  const top = box.y + (box.height - (rows * pitch - room.gap)) / 2;
  return Array.from({ length: count }, (_, i) =>
    ({ x: left + Math.floor(i / rows) * pitch, y: top + (i % rows) * pitch, width: tile, height: tile }));
}

/** The unit under a point, or null. @param {Layout} layout @param {number} x @param {number} y @returns {{name: string, unit: number} | null} */
export function unitAt(layout, x, y) {
  for (const { name, units } of layout.columns) {
    const unit = units.findIndex((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
    if (unit >= 0) return { name, unit };
  }
  return null;
}

/** The overview on a narrow screen: layer under layer, each a row of maps as wide as a finger. */
/** @import { NodeRecord } from './types.js' */
/** @import { Column, Layout, Room } from './layout.js' */
import { blocksOf } from './graph.js';
import { blockBoxes, kindOf } from './layout.js';

const PER_ROW = 10;
const FINGER = 8;
const MOST_ROWS = 3;

/** @param {NodeRecord[]} nodes @param {Room} room @returns {Layout} */
export function stacked(nodes, room) {
  const starts = new Set(blocksOf(nodes).map(([first]) => first.name));
  const pitch = (room.width + room.gap) / PER_ROW;
  /** @type {Column[]} */
  const columns = [];
  let y = 0;
  for (const node of nodes) {
    y += starts.has(node.name) ? room.pad : 0;
    const made = row(node, pitch, room, y + room.head);
    columns.push(made);
    y = made.box.y + made.box.height + (made.kind === 'bars' ? 0 : room.gap);
  }
  const blocks = blockBoxes(nodes, columns, { ...room, pad: 4 }).map((block) => ({
    ...block,
    box: { ...block.box, y: block.box.y - room.head, height: block.box.height + room.head + room.gap },
  }));
  return { columns, blocks, width: room.width, height: y, tile: Math.floor(pitch - room.gap), rows: true };
}

/** @param {NodeRecord} node @param {number} pitch @param {Room} room @param {number} y @returns {Column} */
function row(node, pitch, room, y) {
  const kind = kindOf(node);
  const count = node.shape[0];
  const box = (/** @type {number} */ height) => ({ x: 0, y, width: room.width, height });
  if (kind === 'strip') return { name: node.name, kind, box: box(room.strip / 2), units: [box(room.strip / 2)], more: 0 };
  if (kind === 'bars')
    return {
      name: node.name,
      kind,
      box: box(count * room.bar),
      units: Array.from({ length: count }, (_, i) => ({ ...box(room.bar), y: y + i * room.bar })),
      more: 0,
    };
  const per = node.op === 'input' ? 4 : count > PER_ROW ? FINGER : PER_ROW;
  const own = kind === 'cells' && count > PER_ROW ? (room.width + room.gap) / count : (room.width + room.gap) / per;
  const first = node.op === 'input' ? 1 : 0; // the picture itself stands before its planes
  const shown = kind === 'cells' ? count : Math.min(count, per * MOST_ROWS);
  const side = own - room.gap;
  const high = kind === 'cells' ? Math.min(side, pitch - room.gap) : side;
  const place = (/** @type {number} */ i) => ({
    x: ((i + first) % (kind === 'cells' ? count : per)) * own,
    y: y + Math.floor((i + first) / (kind === 'cells' ? count : per)) * own,
    width: side,
    height: high,
  });
  const units = Array.from({ length: shown }, (_, i) => place(i));
  return { name: node.name, kind, box: box(units[shown - 1].y + high - y), units, more: count - shown };
}

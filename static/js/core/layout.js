/** Where everything of the overview goes: positions follow from shapes and the room there is, for any graph. */
/** @import { NodeRecord } from './types.js' */
import { blocksOf, depths, isVector } from './graph.js';

/**
 * @typedef {object} Room
 * @property {number} width
 * @property {number} height
 * @property {boolean} rows   whether layers lie one under the other: on narrow screens
 * @property {number} tile    smallest side of a map that is still worth drawing
 * @property {number} gap     between maps
 * @property {number} near    smallest room between the columns of one block
 * @property {number} pad     around a block
 * @property {number} aisle   smallest room between blocks, for the edges
 * @property {number} bars    width of the column of probabilities
 * @property {number} bar     height of one of its rows, where they lie one under the other
 * @property {number} strip   width of a long vector
 * @property {number} letter  room for the letters R, G, B beside the input's planes
 * @property {number} head    height of a layer's name, where they lie one under the other
 * @property {(node: NodeRecord) => number} label   smallest width of a column, for its name
 * @property {(number: number) => number} title     smallest width of a block, for its name
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {'maps' | 'strip' | 'cells' | 'bars'} Kind
 * @typedef {{name: string, kind: Kind, box: Box, units: Box[], more: number, branch?: boolean}} Column   more: units for which
 *   there was no room; branch: whether others share its depth
 * @typedef {{number: number, names: string[], channels: number, box: Box}} Block
 * @typedef {{columns: Column[], blocks: Block[], width: number, height: number, tile: number, rows: boolean}} Layout
 */

const LONG = 48; // vectors longer than this are drawn as one strip

/** @param {NodeRecord} node @returns {Kind} */
export function kindOf(node) {
  if (!isVector(node)) return 'maps';
  if (node.shape[0] > LONG) return 'strip';
  return node.op === 'softmax' ? 'bars' : 'cells';
}

/**
 * @typedef {{nodes: NodeRecord[], number: number, opens: boolean, closes: boolean}} Rank   the nodes of one depth; number: of
 *   its block, 0 for none
 */

/** Depth by depth, with the block that each belongs to. @param {NodeRecord[]} nodes @returns {Rank[]} */
function ranksOf(nodes) {
  const depth = depths(nodes);
  const blocks = blocksOf(nodes).filter((block) => block.length > 1);
  return Array.from({ length: Math.max(...depth.values()) + 1 }, (_, rank) => {
    const here = nodes.filter((node) => depth.get(node.name) === rank);
    const at = blocks.findIndex((block) => block.includes(here[0]));
    const block = blocks[at] ?? here;
    return { nodes: here, number: at + 1, opens: block[0] === here[0], closes: block.at(-1) === here.at(-1) };
  });
}

/**
 * Columns of units, as large as the room allows; wider than the room when the maps would become too small.
 * @param {NodeRecord[]} nodes @param {Room} room @returns {Layout}
 */
export function layout(nodes, room) {
  const ranks = ranksOf(nodes);
  const tile = largestTile(ranks, room);
  const { widths, near, aisle } = spaced(ranks, tile, room);
  /** @type {Column[]} */
  const columns = [];
  let x = 0;
  ranks.forEach((rank, i) => {
    if (i) x += rank.opens ? aisle : near;
    const height = room.height / rank.nodes.length;
    const name = rank.nodes.length > 1 ? room.head : 0; // branches bear their names themselves
    rank.nodes.forEach((node, k) =>
      columns.push({
        ...column(node, tile, room, { x, y: k * height + name, width: widths[i], height: height - name }),
        branch: name > 0,
      }),
    );
    x += widths[i];
  });
  return {
    columns,
    blocks: blockBoxes(nodes, columns, room),
    width: Math.max(room.width, x),
    height: room.height,
    tile,
    rows: false,
  };
}

/**
 * What each rank takes, and the room between: what is left over goes to the aisles, and a sixth as much into the blocks.
 * @param {Rank[]} ranks
 * @param {number} tile
 * @param {Room} room
 */
function spaced(ranks, tile, room) {
  const widths = rankWidths(ranks, tile, room);
  const aisles = ranks.filter((rank, i) => i && rank.opens).length;
  const inner = ranks.length - 1 - aisles;
  const used = widths.reduce((total, width) => total + width, 0) + aisles * room.aisle + inner * room.near;
  const share = Math.max(0, room.width - used) / Math.max(1, aisles + inner / 6);
  return { widths, near: room.near + share / 6, aisle: room.aisle + share, used };
}

/**
 * The largest tile with which everything fits; where nothing does, the one that makes the most of the width it costs.
 * @param {Rank[]} ranks @param {Room} room
 */
function largestTile(ranks, room) {
  const width = (/** @type {number} */ tile) => spaced(ranks, tile, room).used;
  const roomy = Math.floor(Math.min(room.height / 3, room.width / 4));
  for (let tile = roomy; tile >= room.tile; tile--) if (width(tile) <= room.width) return tile;
  let best = room.tile;
  const free = 1.01 * width(room.tile); // names may be wider than their maps, which then grow at no cost
  for (let tile = room.tile; tile <= Math.max(roomy, 1.6 * room.tile); tile++) {
    if (width(tile) <= free || (tile <= 1.6 * room.tile && tile / width(tile) >= best / width(best))) best = tile;
  }
  return best;
}

/** @param {Rank[]} ranks @param {number} tile @param {Room} room */
function rankWidths(ranks, tile, room) {
  const widths = ranks.map(({ nodes }) =>
    Math.max(
      ...nodes.map((node) => nodeWidth(node, tile, room, room.height / nodes.length - (nodes.length > 1 ? room.head : 0))),
    ),
  );
  ranks.forEach((rank, first) => {
    // a block is at least as wide as its name
    if (!rank.number || !rank.opens) return;
    const count = ranks.slice(first).findIndex(({ closes }) => closes) + 1;
    const inside = widths.slice(first, first + count).reduce((total, width) => total + width, 0) + (count - 1) * room.near;
    const short = Math.max(0, room.title(rank.number) - inside) / count;
    for (let i = first; i < first + count; i++) widths[i] += short;
  });
  return widths;
}

/** @param {NodeRecord} node @param {number} tile @param {Room} room @param {number} height */
function nodeWidth(node, tile, room, height) {
  const kind = kindOf(node);
  if (kind === 'bars') return Math.max(room.bars, room.label(node));
  if (kind !== 'maps') return Math.max(room.strip, room.label(node));
  const { columns } = grid(node.shape[0], tile, room.gap, height);
  return Math.max(columns * (tile + room.gap) - room.gap + (node.op === 'input' ? room.letter : 0), room.label(node));
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
  const made = { name: node.name, kind, box, more: 0 };
  if (kind === 'maps') return { ...made, units: mapUnits(node, tile, room, box) };
  if (kind === 'strip') {
    const width = room.strip / 2;
    return { ...made, units: [{ x: box.x + (box.width - width) / 2, y: box.y, width, height: box.height }] };
  }
  const inset = kind === 'cells' ? (box.width - room.strip) / 2 : 0;
  const step = Math.min(box.height / node.shape[0], tile + room.gap);
  const top = box.y + (box.height - step * node.shape[0]) / 2;
  const units = Array.from({ length: node.shape[0] }, (_, i) => ({
    x: box.x + inset,
    y: top + i * step,
    width: box.width - 2 * inset,
    height: step - Math.min(room.gap, step / 4),
  }));
  return { ...made, units };
}

/** @param {NodeRecord} node @param {number} tile @param {Room} room @param {Box} box @returns {Box[]} */
function mapUnits(node, tile, room, box) {
  const count = node.shape[0];
  const pitch = tile + room.gap;
  const letter = node.op === 'input' ? room.letter : 0;
  const { columns, rows } = grid(count, tile, room.gap, box.height);
  const left = box.x + letter + (box.width - letter - (columns * pitch - room.gap)) / 2;
  const top = box.y + (box.height - (rows * pitch - room.gap)) / 2;
  return Array.from({ length: count }, (_, i) => ({
    x: left + Math.floor(i / rows) * pitch,
    y: top + (i % rows) * pitch,
    width: tile,
    height: tile,
  }));
}

/**
 * The ground on which a block's columns stand.
 * @param {NodeRecord[]} nodes
 * @param {Column[]} columns
 * @param {Room} room
 * @returns {Block[]}
 */
export function blockBoxes(nodes, columns, room) {
  return blocksOf(nodes)
    .filter((block) => block.length > 1)
    .map((block, i) => {
      const own = columns.filter(({ name }) => block.some((node) => node.name === name)).map(({ box }) => box);
      const x = Math.min(...own.map((box) => box.x)) - room.pad;
      const y = Math.min(...own.map((box) => box.y));
      const right = Math.max(...own.map((box) => box.x + box.width)) + room.pad;
      const bottom = Math.max(...own.map((box) => box.y + box.height));
      return {
        number: i + 1,
        names: block.map(({ name }) => name),
        channels: block[0].shape[0],
        box: { x, y, width: right - x, height: bottom - y },
      };
    });
}

/**
 * The unit under a point, or null.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {{name: string, unit: number} | null}
 */
export function unitAt(layout, x, y) {
  for (const { name, units } of layout.columns) {
    const unit = units.findIndex((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
    if (unit >= 0) return { name, unit };
  }
  return null;
}

/**
 * The place of a unit, or of the last that is drawn.
 * @param {Layout} layout
 * @param {string} name
 * @param {number} unit
 * @returns {Box | null}
 */
export function boxOf(layout, name, unit) {
  const units = layout.columns.find((one) => one.name === name)?.units;
  return units ? units[Math.min(unit, units.length - 1)] : null;
}

/**
 * What convolutions cost in multiplications, factor by factor: a layer directly and through a 1 × 1 bottleneck; an inception
 * block (Szegedy et al. 2014) with and without them. Counts are BigInt: they pass what a double holds exactly.
 */
/** @import { Values } from './types.js' */

/** @typedef {{key: string, factors: number[][]}} Line   a product; its factors by what they count: see PARTS */
/** @typedef {{size: number, from: number, to: number}} Conv   a layer: kernels of size × size over so many channels */
/** @typedef {{pool: boolean, out: number, ways: {direct: Conv[], through: Conv[]}}} Branch */

export const PARTS = ['places', 'kernels', 'window', 'channels'];

/** @param {(number | bigint)[]} factors */
export const product = (factors) =>
  factors.reduce((/** @type {bigint} */ all, each) => all * BigInt(each), /** @type {bigint} */ (1n));

/** side × side places, each kernel at each place, size × size cells of each channel. @param {number} side @param {Conv} conv */
const factorsOf = (side, { size, from, to }) => [[side, side], [to], [size, size], [from]];

/** @param {Values} values @returns {Line[]} */
export const linesOf = ({ side, from, to, size, between }) => [
  { key: 'direct', factors: factorsOf(side, { size, from, to }) },
  { key: 'squeeze', factors: factorsOf(side, { size: 1, from, to: between }) },
  { key: 'widen', factors: factorsOf(side, { size, from: between, to }) },
];

/** Multiplications each way. @param {Values} values */
export function costs(values) {
  const [direct, squeeze, widen] = linesOf(values).map(({ factors }) => product(factors.flat()));
  return { direct, squeeze, widen, through: squeeze + widen };
}

/** Steps of the walk: every part of every line, and what they come to. */
export const LAYER_STEPS = 3 * PARTS.length + 1;

/**
 * Where the walk is: the line and which of its parts are written; the end is past the last line.
 * @param {number | null} step   null: everything
 */
export const reachedAt = (step) =>
  step === null
    ? { line: 3, part: -1 }
    : { line: Math.min(3, Math.floor(step / PARTS.length)), part: step < 3 * PARTS.length ? step % PARTS.length : -1 };

/** Branches as lists of [kernel, channels out]; pool: a 3 × 3 pooling of stride 1 goes before. */
const BLOCKS = /** @type {Record<string, {pool?: boolean, convs: [number, number][]}[]>} */ ({
  googlenet: [
    { convs: [[1, 64]] },
    {
      convs: [
        [1, 96],
        [3, 128],
      ],
    },
    {
      convs: [
        [1, 16],
        [5, 32],
      ],
    },
    { pool: true, convs: [[1, 32]] },
  ],
  course: [
    { convs: [[1, 16]] },
    {
      convs: [
        [1, 16],
        [5, 24],
      ],
    },
    {
      convs: [
        [1, 16],
        [3, 24],
        [3, 24],
      ],
    },
    { pool: true, convs: [[1, 24]] },
  ],
});
export const STACK = 'stack'; // three layers of 3 × 3, one after the other, beside one of 7 × 7 that sees as far
export const BLOCK_NAMES = [...Object.keys(BLOCKS), STACK];

/** @param {[number, number][]} convs @param {number} from @returns {Conv[]} */
const chained = (convs, from) => convs.map(([size, to], i) => ({ size, to, from: i ? convs[i - 1][1] : from }));

/** Layers of 3 × 3; beside the first the one that they stand for. @param {number} channels @returns {Branch[]} */
const stacked = (channels) =>
  [0, 1, 2].map((layer) => ({
    pool: false,
    out: channels,
    ways: {
      direct: layer ? [] : [{ size: 7, from: channels, to: channels }],
      through: [{ size: 3, from: channels, to: channels }],
    },
  }));

/** How far a result sees after so many layers of 3 × 3. @param {number} layers */
export const seenBy = (layers) => 2 * layers + 1;

/**
 * The branches of a block, each as it is and without the 1 × 1 convolution that goes before a larger one; or the layers of a
 * stack.
 * @param {Values} values
 * @returns {Branch[]}
 */
export const branchesOf = ({ block, from }) =>
  block === STACK
    ? stacked(from)
    : BLOCKS[block].map(({ pool = false, convs }) => ({
        pool,
        out: convs[convs.length - 1][1],
        ways: { direct: chained(convs.length > 1 ? convs.slice(1) : convs, from), through: chained(convs, from) },
      }));

/** Multiplications of layers after each other. @param {number} side @param {Conv[]} convs */
export const costOf = (side, convs) => convs.reduce((sum, conv) => sum + product(factorsOf(side, conv).flat()), 0n);

/** Each branch's multiplications both ways, and all of them. @param {Values} values */
export function blockCosts(values) {
  const branches = branchesOf(values).map(({ ways }) => ({
    direct: costOf(values.side, ways.direct),
    through: costOf(values.side, ways.through),
  }));
  const total = (/** @type {'direct' | 'through'} */ way) => branches.reduce((sum, each) => sum + each[way], 0n);
  return { branches, direct: total('direct'), through: total('through') };
}

/** How many times one count is the other, to one digit. @param {bigint} more @param {bigint} less */
export const timesOf = (more, less) => (Number(more) / Number(less)).toFixed(1);

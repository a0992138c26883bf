/**
 * Transposed convolution from its outputs: how many kernel cells reach each, the transpose of the convolution's matrix, and there
 * and back.
 */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { countOf, flat, shapeOf, short } from '../../core/lab/grids.js';
import { kept } from '../../core/lab/kept.js';
import { alike, planesOf } from '../../core/lab/reading.js';
import { comesFrom, cutting, outputsOf } from '../../core/lab/spreading.js';
import { matrixFigure } from './conv-matrices.js';
import {
  biasPlane,
  cellsReaching,
  channels,
  kernelPlanes,
  kernelsTogether,
  named,
  planeOf,
  pointed,
  spreadOf,
  stillPlane,
  sumAt,
} from './spread.js';

/**
 * The output that is looked at: pointed at in any view, else the step's.
 * @param {LabScene} scene
 * @returns {{out: number, index: number, step: number}} index: in its channel
 */
function outputAt(scene) {
  const { hover, answer, step } = scene;
  const whole = countOf(answer.output);
  const each = whole / planesOf(answer.output).length;
  const point = pointed(scene, 'y');
  const wanted = point ? point.channel * each + point.index : (byHover(hover, answer, each, step ?? 0) ?? step ?? 0);
  const found = Math.min(wanted, whole - 1);
  return { out: Math.floor(found / each), index: found % each, step: found };
}

/**
 * The output that a cell of the coverage or of a matrix stands for: a row of the transpose, a column of the convolution's matrix.
 * @param {LabScene['hover']} hover
 * @param {any} answer
 * @param {number} each   outputs of a channel
 * @param {number} step
 * @returns {number | undefined}
 */
function byHover(hover, answer, each, step) {
  const [outputs, inputs] = answer.matrix ? shapeOf(answer.matrix) : [1, 1];
  const read = /** @type {Record<string, (index: number) => number>} */ ({
    coverage: (index) => Math.floor(step / each) * each + index,
    matrix: (index) => Math.floor(index / inputs),
    convolution: (index) => index % outputs,
    column: (index) => index,
  })[hover?.grid ?? ''];
  return hover ? read?.(hover.index) : undefined;
}

/** Its sum, written out. @param {LabScene} scene @returns {HTMLElement[]} */
export function outputCard(scene) {
  const spread = spreadOf(scene);
  const { out, index } = outputAt(scene);
  return sumAt(scene, spread, out, cutting(spread).covered(index));
}

/**
 * One plane per channel of the output.
 * @param {LabScene} scene
 * @param {(channel: number) => string} label
 * @returns {Plane[]}
 */
function outputPlanes(scene, label) {
  const output = planesOf(scene.answer.output);
  const at = outputAt(scene);
  const each = countOf(output[0]);
  return output.map((grid, out) =>
    stillPlane(scene, `y.${out}`, label(out), grid, output, {
      pick: (i) => scene.go(out * each + i),
      over: out === at.out ? [['here', [at.index]]] : [],
      ...(scene.step === null ? {} : { later: Math.max(0, scene.step + 1 - out * each) }),
    }),
  );
}

/**
 * What the copies come from: its cells that reach the output that is looked at.
 * @param {LabScene} scene
 * @param {string} id
 * @param {(channel: number) => string} label
 * @param {Partial<Plane>[]=} more   by channel
 * @returns {Plane[]}
 */
function sourcePlanes(scene, id, label, more = []) {
  const spread = spreadOf(scene);
  const { out, index } = outputAt(scene);
  const cells = cellsReaching(spread, cutting(spread).covered(index));
  const sources = comesFrom(spread, out);
  return spread.x.map((grid, channel) =>
    stillPlane(scene, `${id}.${channel}`, label(channel), grid, spread.x, {
      over: sources.includes(channel) ? [['window', cells]] : [],
      ...more[channel],
    }),
  );
}

/** The output, and how many kernel cells reach each place of it. @param {LabScene} scene @returns {Piece[]} */
export function coverageFigure(scene) {
  const { say, answer } = scene;
  const spread = spreadOf(scene);
  const at = outputAt(scene);
  const each = countOf(answer.coverage);
  const own = spread.x.length / spread.groups;
  const sources = comesFrom(spread, at.out);
  const inputs = sourcePlanes(
    scene,
    'x',
    (channel) => named(say('input'), channel, spread.x.length),
    spread.x.map((_, channel) => ({ edits: { key: 'x', at: [channel] } })),
  );
  const kernels = kernelPlanes(scene, (channel, out) => out === at.out && sources.includes(channel));
  const bias = spread.bias.some((value) => value !== 0) ? [biasPlane(scene, (out) => out === at.out)] : [];
  const outputs = outputPlanes(scene, (out) => named(say('output'), out, outputsOf(spread)));
  const coverage = stillPlane(
    scene,
    'coverage',
    say(own > 1 ? 'coverage_each' : 'coverage'),
    answer.coverage,
    answer.coverage,
    {
      pick: (i) => scene.go(at.out * each + i),
      over: [['here', [at.index]]],
      ...(scene.step === null ? {} : { later: at.index + 1 }),
    },
  );
  /** @param {'row' | 'column'} way */
  const left = (way) => [
    channels(way, 'x', inputs, sources[0]),
    /** @type {Piece} */ ({ kind: 'column', items: [kernelsTogether(kernels, way, sources[0]), ...bias] }),
  ];
  const right = (/** @type {'row' | 'column'} */ way) => [channels(way, 'y', outputs, at.out), coverage];
  return [
    { kind: 'row', gap: 1.6, items: [{ kind: 'column', items: left('row') }, ...right('column')] },
    { kind: 'row', items: [...left('column'), ...right('row')] },
    {
      kind: 'column',
      items: [
        { kind: 'row', items: left('row') },
        { kind: 'row', items: right('row') },
      ],
    },
    { kind: 'column', items: [...left('row'), ...right('row')] },
  ];
}

/**
 * The transpose times the input as a column; or the convolution's own matrix, whose rows are multiplied by the inputs and added
 * up column by column.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
export function matrixFigures(scene) {
  const { answer } = scene;
  const { step: at } = outputAt(scene);
  const byOutput = { ...scene, hover: { grid: 'column', index: at } };
  const tall = matrixFigure(byOutput);
  return answer.convolution ? [...tall, wideFigure(scene, at)] : tall;
}

/** The bias of every output, which no matrix holds; nothing where all are 0. @param {LabScene} scene */
function biasesOf(scene) {
  const { bias } = spreadOf(scene);
  const each = countOf(scene.answer.output) / outputsOf(spreadOf(scene));
  return bias.some((value) => value !== 0) ? bias.flatMap((value) => new Array(each).fill(value)) : null;
}

/** Inputs down, the convolution's own matrix beside them, what its columns add up to below. @param {LabScene} scene @param {number} at @returns {Piece} */
function wideFigure(scene, at) {
  const { values, say, answer } = scene;
  const matrix = answer.convolution;
  const [inputs, outputs] = shapeOf(matrix);
  const weights = kept(matrix, 'flat', () => flat(matrix));
  const output = flat(answer.output);
  const biases = biasesOf(scene);
  const pick = (/** @type {number} */ i) => scene.go(i % outputs);
  const characters = Math.max(...[...weights, ...output, ...(biases ?? [])].map((value) => short(value).length));
  const x = planeOf(
    'input',
    say('input'),
    flat(values.x).map((value) => [value]),
    { mark: (i) => (weights[i * outputs + at] === 0 ? 'off' : 'window') },
  );
  const sum = planeOf('sum', ' ', [[0]], { texts: ['Σ'], mark: () => 'head' });
  const wide = planeOf('convolution', `${say('sparse_own')} ${inputs} × ${outputs}`, matrix, {
    pick,
    characters,
    at: at,
    mark: (i) => `${weights[i] === 0 ? 'off' : ''}${i % outputs === at ? ' window' : ''}`,
  });
  const bias = biases ? [planeOf('biases', say('bias'), [biases], { characters, at, over: [['window', [at]]] })] : [];
  const plus = biases ? [planeOf('plus', ' ', [[0]], { texts: ['+'], mark: () => 'head' })] : [];
  const y = planeOf('column', say('columns_added'), [output], {
    pick,
    characters,
    at,
    mark: (i) => (i === at ? 'here' : ''),
    ...(scene.step === null ? {} : { later: scene.step + 1 }),
  });
  return {
    kind: 'row',
    items: [
      { kind: 'column', items: [x, ...plus, sum] },
      { kind: 'sign', text: '×' },
      { kind: 'column', items: [wide, ...bias, y] },
    ],
  };
}

/**
 * The picture that is convolved: it has as many channels as come back, and where too few were given they are repeated.
 * @param {import('../../core/lab/types.js').Values} values
 * @returns {number[][][]}
 */
export const pictureOf = ({ p, k, groups }) =>
  Array.from({ length: k[0].length * groups }, (_, channel) => p[channel % p.length]);

/**
 * Convolved, and transposed with the same kernel: the size comes back, the numbers do not.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
export function backFigure(scene) {
  const { values, say, answer } = scene;
  const at = outputAt(scene);
  const spread = spreadOf(scene);
  const sources = comesFrom(spread, at.out);
  const picture = pictureOf(values);
  const pictures = picture.map((grid, channel) =>
    stillPlane(scene, `p.${channel}`, sized(say('picture'), channel, picture), grid, picture, {
      edits: { key: 'p', at: [channel % values.p.length] },
      over: channel === at.out ? [['here', [at.index]]] : [],
    }),
  );
  const middles = sourcePlanes(scene, 'c', (channel) => sized(say('convolved'), channel, spread.x));
  const backs = outputPlanes(scene, (channel) => sized(say('back'), channel, planesOf(answer.output))).map(
    (plane, channel) => ({
      ...plane,
      over: [.../** @type {[string, number[]][]} */ (plane.over), same(picture[channel], plane)],
    }),
  );
  const kernels = kernelPlanes(scene, (channel, out) => out === at.out && sources.includes(channel));
  /** @param {'row' | 'column'} way */
  const parts = (way) => {
    const held = channels(way, 'p', pictures, at.out);
    const kernel = kernelsTogether(kernels, way, sources[0]);
    const middle = channels(way, 'c', middles, sources[0]);
    const back = channels(way, 'y', backs, at.out);
    const [star, is, right, below] = /** @type {Piece[]} */ ([
      { kind: 'sign', text: '⋆' },
      { kind: 'sign', text: '=' },
      { kind: 'words', lines: [say('transposed'), '⟶'] },
      { kind: 'words', lines: [`${say('transposed')} ↓`] },
    ]);
    return { held, kernel, middle, back, star, is, right, below };
  };
  const down = parts('column');
  const across = parts('row');
  const row = (/** @type {Piece[]} */ ...items) => /** @type {Piece} */ ({ kind: 'row', items });
  const { held, kernel, star, is, middle, right, below, back } = across;
  return [
    row(down.held, star, down.kernel, is, down.middle, right, down.back),
    { kind: 'column', items: [row(held, star, kernel, is, middle), below, back] },
    { kind: 'column', items: [row(held, star, kernel), { kind: 'words', lines: ['='] }, row(middle, right, back)] },
    { kind: 'column', items: [held, row(star, kernel, is), middle, below, back] },
  ];
}

/** "Picture 4 × 4", or "Picture 1: 4 × 4" of several. @param {string} word @param {number} channel @param {number[][][]} grids */
const sized = (word, channel, grids) =>
  `${named(word, channel, grids.length)}${grids.length > 1 ? ':' : ''} ${shapeOf(grids[channel]).join(' × ')}`;

/** The places where the same number came back. @param {number[][]} picture @param {Plane} plane @returns {[string, number[]]} */
function same(picture, { cells, later = Infinity }) {
  const before = flat(picture);
  return ['won', before.flatMap((value, i) => (i < later && Object.is(value, cells[i]) ? [i] : []))];
}

/** How many numbers came back. @param {LabScene} scene */
export function returned({ values, answer }) {
  const before = flat(pictureOf(values));
  return { stay: alike(before, flat(answer.output)), count: before.length };
}

/** Transposed convolution as spreading: copies of the kernels added one after the other to the output channels. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
/** @import { Spread } from '../../core/lab/spreading.js' */
import { boundOfGrid, countOf, flat, shapeOf } from '../../core/lab/grids.js';
import { kept } from '../../core/lab/kept.js';
import { planesOf } from '../../core/lab/reading.js';
import {
  adding,
  comesFrom,
  copyOf,
  coveredBy,
  cutting,
  goesTo,
  inputAt,
  outputsOf,
  reaching,
  termsAt,
} from '../../core/lab/spreading.js';
import { h } from '../dom.js';
import { termsLine } from './terms.js';

/** What is spread, with the answer's output padding. @param {LabScene} scene @returns {Spread} */
export function spreadOf({ values, view, answer }) {
  return kept(answer, 'spread', () => {
    const { k: kernel, b, groups, stride, padding, dilation } = values;
    const { rows, columns } = answer.sizes;
    const count = kernel[0].length * groups;
    return {
      x: view === 'back' ? planesOf(answer.convolved) : values.x,
      kernel,
      bias: Array.from({ length: count }, (_, i) => (view === 'back' ? 0 : (b[i] ?? 0))),
      groups,
      stride,
      padding,
      dilation,
      more: /** @type {[number, number]} */ ([rows.output_padding, columns.output_padding]),
    };
  });
}

/** @param {string} id @param {string} label @param {any} grid @param {Partial<Plane>=} more @returns {Plane} */
export function planeOf(id, label, grid, more = {}) {
  const [rows, columns] = shapeOf(grid);
  return { kind: 'plane', id, label, rows, columns, cells: flat(grid), bound: boundOfGrid(grid), ...more };
}

/**
 * One channel of a grid of the answer or of what is asked: what stays as it is while one points and steps.
 * @param {LabScene} scene
 * @param {string} id       of the plane; one grid has one id
 * @param {string} label
 * @param {any} grid        (rows, columns)
 * @param {any} whole       of which it is a channel: all have the colours of one scale
 * @param {Partial<Plane>=} more
 * @returns {Plane}
 */
export function stillPlane(scene, id, label, grid, whole, more = {}) {
  const still = kept(scene.answer, `still.${id}`, () => ({ cells: flat(grid), bound: boundOfGrid(whole) }));
  const [rows, columns] = shapeOf(grid);
  return { kind: 'plane', id, label, rows, columns, ...still, still, ...more };
}

/** "Input", or "Input 1" of several. @param {string} word @param {number} channel @param {number} count */
export const named = (word, channel, count) => (count > 1 ? `${word} ${channel}` : word);

/** Channels of one thing. @param {'row' | 'column'} kind @param {string} key @param {Piece[]} items @param {number} shown */
export const channels = (kind, key, items, shown) => /** @type {Piece} */ ({ kind, items, several: { key, shown } });

/** The channel and cell of a plane "<name>.<channel>" that is pointed at. @param {LabScene} scene @param {string} name */
export function pointed({ hover }, name) {
  const [grid, channel] = hover?.grid.split('.') ?? [];
  return hover && grid === name && channel !== undefined ? { channel: Number(channel), index: hover.index } : null;
}

/** The step whose copies are shown. @param {LabScene} scene @param {Spread} spread */
function current(scene, spread) {
  const point = pointed(scene, 'x');
  const each = countOf(spread.x[0]);
  return Math.min(point ? point.channel * each + point.index : (scene.step ?? 0), countOf(spread.x) - 1);
}

/** How many copies have been added. @param {LabScene} scene @param {Spread} spread */
const copiesOf = ({ step }, spread) => Math.min(countOf(spread.x), step === null ? Infinity : step + 1);

/** The cells of an input channel whose copies reach a place. @param {Spread} spread @param {number} place */
export const cellsReaching = (spread, place) => reaching(spread, place).map(({ cell }) => cell);

/** Inputs: the value that is spread, or all that reach the result that is pointed at. @param {LabScene} scene */
function inputPlanes(scene) {
  const spread = spreadOf(scene);
  const now = inputAt(spread, current(scene, spread));
  const point = pointed(scene, 'y');
  const cells = point ? cellsReaching(spread, point.index) : [];
  const sources = point ? comesFrom(spread, point.channel) : [];
  const { x } = spread;
  return x.map((grid, channel) => {
    const over = point
      ? sources.includes(channel)
        ? ['window', cells]
        : null
      : channel === now.channel
        ? ['here', [now.cell]]
        : null;
    return stillPlane(scene, `x.${channel}`, named(scene.say('input'), channel, x.length), grid, x, {
      edits: { key: 'x', at: [channel] },
      over: over ? [/** @type {[string, number[]]} */ (over)] : [],
    });
  });
}

/**
 * The kernels by input channel, those in use framed.
 * @param {LabScene} scene
 * @param {(channel: number, out: number) => boolean} used
 * @returns {Plane[][]}
 */
export function kernelPlanes(scene, used) {
  const spread = spreadOf(scene);
  const { kernel } = spread;
  const one = countOf(kernel) === countOf(kernel[0][0]);
  const scale = kernelScale(spread);
  return kernel.map((outputs, channel) =>
    goesTo(spread, channel).map((out, i) =>
      planeOf(
        `k.${channel}.${i}`,
        one ? scene.say('kernel') : `${channel + i === 0 ? `${scene.say('kernel')} ` : ''}${channel}→${out}`,
        outputs[i],
        {
          bound: boundOfGrid(kernel),
          scale,
          edits: { key: 'k', at: [channel, i] },
          mark: () => (!one && used(channel, out) ? 'window' : ''),
        },
      ),
    ),
  );
}

/** A kernel of a few cells is to be seen beside many. @param {Spread} spread */
const kernelScale = ({ x, kernel }) => Math.min(4, Math.max(1, x[0].length / (4 * kernel[0][0].length)));

/** One number per output channel. @param {LabScene} scene @param {(out: number) => boolean} used @returns {Plane} */
export function biasPlane(scene, used) {
  const spread = spreadOf(scene);
  const { bias } = spread;
  return planeOf('b', scene.say('bias'), [bias], {
    scale: kernelScale(spread),
    edits: { key: 'b', at: [], flat: true },
    mark: (i) => (bias.length > 1 && used(i) ? 'window' : ''),
  });
}

/** Value times kernel, one copy for each output channel of the group. @param {LabScene} scene @returns {Plane[]} */
function copyPlanes(scene) {
  const spread = spreadOf(scene);
  const now = current(scene, spread);
  const { channel } = inputAt(spread, now);
  const value = flat(spread.x)[now];
  const several = outputsOf(spread) > 1;
  const bound = kept(scene.answer, 'bound', () => boundOfGrid(scene.answer.output));
  return goesTo(spread, channel).map((out, i) =>
    planeOf(
      `copy.${i}`,
      several ? `${i ? '' : `${scene.say('copy')} `}→${out}` : scene.say('copy'),
      spread.kernel[channel][i].map((row) => row.map((weight) => weight * value)),
      {
        bound,
        scale: kernelScale(spread),
        mark: () => (pointed(scene, 'y') ? '' : 'window'),
      },
    ),
  );
}

/**
 * The sums so far of all that the copies cover, the engine's own numbers where all copies are added: kept until the step
 * changes.
 * @param {LabScene} scene
 */
function sumsOf(scene) {
  const { answer, step } = scene;
  const spread = spreadOf(scene);
  const copies = copiesOf(scene, spread);
  const last = kept(answer, 'sums', () => ({
    copies: -1,
    counted: true,
    add: adding(spread),
    planes: /** @type {any[]} */ ([]),
  }));
  if (last.copies === copies && last.counted === (step !== null)) return last.planes;
  const { kept: inside } = cutting(spread);
  const { sums, counts } = last.add(copies);
  const done = copies === countOf(spread.x);
  const output = planesOf(answer.output).map(flat);
  const bound = kept(answer, 'bound', () => boundOfGrid(answer.output));
  last.copies = copies;
  last.counted = step !== null;
  last.planes = sums.map((channel, out) => {
    const reached = step === null ? null : counts[out].slice();
    return {
      cells: channel.map((sum, place) => (done && inside(place) >= 0 ? output[out][inside(place)] : sum)),
      bound,
      mark: (/** @type {number} */ i) => `${inside(i) < 0 ? 'padding' : ''}${reached && !reached[i] && !done ? ' later' : ''}`,
    };
  });
  return last.planes;
}

/** What is added up, with the border that is cut off. @param {LabScene} scene @returns {Plane[]} */
function targetPlanes(scene) {
  const { say } = scene;
  const spread = spreadOf(scene);
  const [rows, columns] = coveredBy(spread);
  const cut = cutting(spread);
  const now = current(scene, spread);
  const { channel, cell } = inputAt(spread, now);
  const places = copyOf(spread, cell);
  const met = places.filter((place) => {
    const [first] = reaching(spread, place);
    return channel % (spread.x.length / spread.groups) > 0 || first.cell < cell; // a copy lies here already
  });
  const point = pointed(scene, 'y');
  const outs = goesTo(spread, channel);
  const count = outputsOf(spread);
  const size = { rows: cut.rows, columns: cut.columns };
  return sumsOf(scene).map((still, out) => {
    const name = named(say('output'), out, count);
    return {
      kind: 'plane',
      id: `y.${out}`,
      label: !spread.padding ? name : count > 1 ? `${name}: ${size.rows} × ${size.columns}` : say('output_cut', size),
      rows,
      columns,
      ...still,
      still,
      over: point
        ? out === point.channel
          ? [['here', [point.index]]]
          : []
        : outs.includes(out)
          ? [
              ['window', places],
              ['won', met],
            ]
          : [],
    };
  });
}

/**
 * Inputs, kernels, the copies that are being added, and the sums so far; the border that is cut off is dashed.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
export function spreadFigure(scene) {
  const { say } = scene;
  const spread = spreadOf(scene);
  const { channel } = inputAt(spread, current(scene, spread));
  const point = pointed(scene, 'y');
  const outs = point ? [point.channel] : goesTo(spread, channel);
  const used = (/** @type {number} */ from, /** @type {number} */ out) =>
    outs.includes(out) && (point ? comesFrom(spread, out).includes(from) : from === channel);
  const inputs = inputPlanes(scene);
  const kernels = kernelPlanes(scene, used);
  const bias = biasPlane(scene, (out) => outs.includes(out));
  const copies = copyPlanes(scene);
  const targets = targetPlanes(scene);
  const shown = point ? comesFrom(spread, point.channel)[0] : channel;
  const times = /** @type {Piece} */ ({ kind: 'sign', text: '×' });
  const is = /** @type {Piece} */ ({ kind: 'sign', text: '=' });
  const right = /** @type {Piece} */ ({ kind: 'words', lines: [say('add'), '⟶'] });
  const below = /** @type {Piece} */ ({ kind: 'words', lines: [`${say('add')} ↓`] });
  /** @param {'row' | 'column'} way   channels beside or above each other */
  const parts = (way) => [
    channels(way, 'x', inputs, shown),
    times,
    /** @type {Piece} */ ({ kind: 'column', items: [kernelsTogether(kernels, way, shown), bias] }),
    is,
    channels(way, 'copy', copies, 0),
  ];
  const target = (/** @type {'row' | 'column'} */ way) => channels(way, 'y', targets, outs[0]);
  /** @type {Piece[]} */
  const ways = [
    { kind: 'row', items: [...parts('column'), right, target('column')] },
    { kind: 'column', items: [{ kind: 'row', items: parts('row') }, below, target('row')] },
    { kind: 'row', gap: 2, items: [{ kind: 'column', items: parts('row') }, right, target('column')] },
  ];
  return inputs.length * targets.length > 1
    ? [
        ...ways,
        { kind: 'column', items: [{ kind: 'row', items: parts('column') }, below, target('row')] },
        { kind: 'column', items: [...parts('row'), below, target('row')] },
      ]
    : ways;
}

/**
 * Every input channel has one kernel for each output channel: those stand as the output channels do.
 * @param {Plane[][]} kernels
 * @param {'row' | 'column'} way
 * @param {number} shown
 * @returns {Piece}
 */
export const kernelsTogether = (kernels, way, shown) =>
  channels(
    way === 'row' ? 'column' : 'row',
    'k',
    kernels.map((each) => channels(way, 'kc', each, 0)),
    shown,
  );

/**
 * The sum at the place that is pointed at, else at the place of the copy where most copies meet.
 * @param {LabScene} scene
 * @returns {(HTMLElement | null)[]}
 */
export function spreadCard(scene) {
  const spread = spreadOf(scene);
  const cut = cutting(spread);
  const point = pointed(scene, 'y');
  const now = current(scene, spread);
  const { channel, cell } = inputAt(spread, now);
  const copies = copiesOf(scene, spread);
  const [out] = point ? [point.channel] : goesTo(spread, channel);
  const inside = copyOf(spread, cell).filter((place) => cut.kept(place) >= 0);
  const meeting = (/** @type {number} */ place) => termsAt(spread, out, place, copies).terms.length;
  const place = point ? point.index : inside.reduce((most, each) => (meeting(each) > meeting(most) ? each : most), inside[0]);
  const spreads = point ? null : h('p', { class: 'quiet' }, spreadsText(scene, spread, now));
  return place === undefined ? [spreads] : [spreads, ...sumAt(scene, spread, out, place, copies)];
}

/** What is being spread, and where to. @param {LabScene} scene @param {Spread} spread @param {number} now */
function spreadsText({ say }, spread, now) {
  const { channel, cell } = inputAt(spread, now);
  const across = spread.x[0][0].length;
  const outs = goesTo(spread, channel);
  return say(spread.x.length > 1 || outs.length > 1 ? 'spreads_channel' : 'spreads', {
    value: String(flat(spread.x)[now]).replace('-', '−'),
    row: Math.floor(cell / across) + 1,
    column: (cell % across) + 1,
    channel,
    outputs: outs.length > 1 ? `${outs[0]}–${outs[outs.length - 1]}` : outs[0],
  });
}

/**
 * "Row 2, column 3: 4 × 1 + 2 × 2 = 8"
 * @param {LabScene} scene
 * @param {Spread} spread
 * @param {number} out     output channel
 * @param {number} place   among all that is covered
 * @param {number=} copies   so many are added, in the order of the steps
 * @returns {HTMLElement[]}
 */
export function sumAt({ say, answer }, spread, out, place, copies = Infinity) {
  const cut = cutting(spread);
  const index = cut.kept(place);
  const { terms, groups } = termsAt(spread, out, place, copies);
  const bias = index < 0 ? 0 : spread.bias[out];
  const whole = index >= 0 && copies >= countOf(spread.x);
  const result = whole ? flat(planesOf(answer.output)[out])[index] : terms.reduce((sum, { product }) => sum + product, bias);
  const several = outputsOf(spread) > 1;
  const where =
    index < 0
      ? say('cut_off')
      : say(several ? 'at' : 'at_one', {
          channel: out,
          row: Math.floor(index / cut.columns) + 1,
          column: (index % cut.columns) + 1,
        });
  const line = terms.length
    ? termsLine(
        { op: 'conv_transpose2d', node: 'output', index: [], terms, groups, bias: bias === 0 ? null : bias, result, extra: {} },
        { columns: 1, label: (name) => say('channel', { channel: name }) },
      )
    : h('p', {}, say('none', { value: String(bias).replace('-', '−') }));
  return [h('p', { class: 'quiet' }, `${where}${say('copies', { count: terms.length })}`), line];
}

/** Pooling: of every window the largest number or the mean; overlapping, global and adaptive; and what a shifted picture leaves as it is. */
/** @import { Field, Lab, LabScene, Piece, Plane, Values } from '../core/lab/types.js' */
import { boundOfGrid, flat, shapeOf, short } from '../core/lab/grids.js';
import { alike, lookedAt, moved, planesOf } from '../core/lab/reading.js';
import { under } from '../core/lab/windows.js';
import { h } from '../view/dom.js';
import { meanLine, maximumLine } from '../view/lab/pooled.js';
import { sizeTable } from '../view/lab/side.js';

const X = [[[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]];
const fixed = (/** @type {Values} */ values) => values.windows === 'fixed';

/** The pictures that are pooled: in the view "shift" the first channel, and itself moved. @param {Values} values @param {string} view @returns {number[][][]} */
const pictures = ({ x, dx, dy }, view) => (view === 'shift' ? [x[0], moved(x[0], dy, dx)] : x);

/** Padding is drawn around pictures where windows of fixed size reach into it. @param {Values} values */
const border = (values) => (fixed(values) ? values.padding : 0);

/** Which rows and columns the window of an output covers; they may lie outside. @param {LabScene} scene @param {number} row @param {number} column @returns {[number[], number[]]} */
function windowOf({ values, answer }, row, column) {
  if (answer.windows) return /** @type {any} */ ([['rows', row], ['columns', column]].map(([axis, at]) => range(answer.windows[axis][at][0], answer.windows[axis][at][1])));
  const { k: kernel, stride, padding, dilation, pool } = values, [tall, wide] = shapeOf(values.x[0]);
  const axis = (/** @type {number} */ size) => ({ size, kernel, stride, before: padding, after: padding, dilation: pool === 'max' ? dilation : 1 });
  return [under(axis(tall), row), under(axis(wide), column)];
}

/** @param {number} start @param {number} stop */
const range = (start, stop) => Array.from({ length: stop - start }, (_, i) => start + i);

/** The cells of a window that are no padding, in reading order. @param {LabScene} scene @param {[number, number, number]} at @returns {{value: number, row: number, column: number}[]} */
function cellsOf(scene, [channel, row, column]) {
  const picture = pictures(scene.values, scene.view)[channel], [rows, columns] = windowOf(scene, row, column);
  return rows.flatMap((y) => columns.filter((x) => picture[y]?.[x] !== undefined).map((x) => ({ value: picture[y][x], row: y, column: x })));
}

/** What a mean is divided by: the window's cells, where padding counts also those in it; past the padding nothing counts. @param {LabScene} scene @param {[number, number, number]} at */
function divisorOf(scene, at) {
  const { values, answer } = scene;
  if (answer.windows || !values.count_include_pad) return cellsOf(scene, at).length;
  const sides = shapeOf(values.x[0]), within = (/** @type {number[]} */ cells, /** @type {number} */ i) => cells.filter((cell) => cell < sides[i] + values.padding).length;
  return windowOf(scene, at[1], at[2]).map(within).reduce((a, b) => a * b, 1);
}

/** The winner of one output, as "row,column". @param {LabScene} scene @param {number} channel @param {[number, number, number]} at */
const winnerOf = ({ answer }, channel, [, row, column]) => (answer.winners ? String((shapeOf(answer.output).length === 2 ? [answer.winners] : answer.winners)[channel][row][column]) : '');

/** Where the winners of the outputs up to the step are, as "row,column" of one channel. @param {LabScene} scene @param {number} channel @returns {Set<string>} */
function winnersOf({ answer, step, view }, channel) {
  const places = answer.winners && (shapeOf(answer.output).length === 2 ? [answer.winners] : answer.winners)[channel];
  const before = view === 'shift' ? 0 : channel * flat(planesOf(answer.output)[0]).length;
  return new Set((places ?? []).flat().filter((/** @type {any} */ _, /** @type {number} */ i) => step === null || before + i <= step).map(String));
}

/** @param {LabScene} scene @param {number} channel @param {[number, number, number]} at @param {Partial<Plane>} more @returns {Plane} */
function inputPlane(scene, channel, at, more) {
  const { values, view, hover } = scene, picture = pictures(values, view)[channel], edge = border(values), [tall, wide] = shapeOf(picture).map((side) => side + 2 * edge);
  const outside = values.pool === 'max' ? -Infinity : 0, won = winnersOf(scene, channel);
  const place = (/** @type {number} */ i) => [Math.floor(i / wide) - edge, (i % wide) - edge];
  const cells = Array.from({ length: tall * wide }, (_, i) => { const [y, x] = place(i); return picture[y]?.[x] ?? outside; });
  const texts = cells.map((value, i) => { const [y, x] = place(i); return picture[y]?.[x] === undefined && values.pool === 'avg' && !values.count_include_pad ? '' : short(value); });
  const looked = view === 'shift' || channel === at[0], [rows, columns] = windowOf(scene, at[1], at[2]), pointing = hover?.grid === `x.${channel}`;
  const best = winnerOf(scene, channel, at);
  return {
    kind: 'plane', id: `x.${channel}`, label: '', rows: tall, columns: wide, cells, texts, bound: boundOfGrid(values.x),
    edits: { key: 'x', at: [channel], inner: [edge, edge, tall - 2 * edge, wide - 2 * edge] },
    mark(i) {
      const [y, x] = place(i), padding = picture[y]?.[x] === undefined;
      const inside = looked && !pointing && rows.includes(y) && columns.includes(x);
      return `${padding ? 'padding' : ''}${inside ? ' window' : ''}${won.has(`${y},${x}`) ? (inside && best === `${y},${x}` ? ' winner' : ' won') : ''}${pointing && hover?.index === i ? ' here' : ''}`;
    },
    ...more,
  };
}

/** @param {LabScene} scene @param {number} channel @param {[number, number, number]} at @param {Partial<Plane>} more @returns {Plane} */
function outputPlane(scene, channel, at, more) {
  const output = planesOf(scene.answer.output), [, rows, columns] = shapeOf(output), before = scene.view === 'shift' ? 0 : channel * rows * columns;
  const reached = reachOf(scene, channel);
  return {
    kind: 'plane', id: `y.${channel}`, label: '', rows, columns, cells: flat(output[channel]), bound: boundOfGrid(scene.values.x), pick: (i) => scene.go(before + i),
    mark(i) {
      if (reached) return reached(Math.floor(i / columns), i % columns) ? 'reach' : '';
      const here = i === at[1] * columns + at[2] && (scene.view === 'shift' || channel === at[0]);
      return here ? 'here' : scene.step !== null && before + i > scene.step ? 'later' : '';
    },
    ...more,
  };
}

/** The outputs whose windows hold the input cell that is pointed at; null where none is. @param {LabScene} scene @param {number} channel @returns {((row: number, column: number) => boolean) | null} */
function reachOf(scene, channel) {
  const { hover, values } = scene, found = hover && /^x\.(\d+)$/.exec(hover.grid);
  if (!found || !hover) return null;
  const edge = border(values), wide = shapeOf(values.x[0])[1] + 2 * edge, y = Math.floor(hover.index / wide) - edge, x = (hover.index % wide) - edge;
  return (row, column) => { const [rows, columns] = windowOf(scene, row, column); return Number(found[1]) === channel && rows.includes(y) && columns.includes(x); };
}

/** What is done, between picture and result. @param {LabScene} scene @returns {Piece} */
const sign = ({ values, say }) => ({ kind: 'words', lines: [say(`sign_${values.pool}`), '⟶'] });

/** The same, where the result stands below. @param {LabScene} scene @returns {Piece} */
const down = ({ values, say }) => ({ kind: 'words', lines: [`${say(`sign_${values.pool}`)} ↓`] });

/** @param {LabScene} scene @returns {Piece[]} */
function poolFigure(scene) {
  const { values, say } = scene, at = lookedAt(scene, planesOf(scene.answer.output)), several = values.x.length > 1;
  const label = (/** @type {string} */ key, /** @type {number} */ channel) => (several ? `${say(key)} ${channel}` : say(key));
  const inputs = values.x.map((/** @type {any} */ _, /** @type {number} */ c) => inputPlane(scene, c, at, { label: label('input', c) }));
  const outputs = values.x.map((/** @type {any} */ _, /** @type {number} */ c) => outputPlane(scene, c, at, { label: label('output', c) }));
  /** @type {Piece[]} */
  const ways = [{ kind: 'row', gap: 1.6, items: [{ kind: 'column', items: inputs }, sign(scene), { kind: 'column', items: outputs }] }];
  return several ? [...ways, { kind: 'column', items: [{ kind: 'row', items: inputs }, down(scene), { kind: 'row', items: outputs }] }] : ways;
}

/** Above the picture and its result, below both moved; framed is what stays where it was. @param {LabScene} scene @returns {Piece[]} */
function shiftFigure(scene) {
  const { say } = scene, before = pictures(scene.values, 'shift'), output = planesOf(scene.answer.output), at = lookedAt(scene, output);
  const [inputStays, outputStays] = [before, output].map(([one, other]) => ({ stay: alike(flat(one), flat(other)), count: flat(one).length }));
  const [first, second] = output.map((plane) => flat(plane)), plain = (/** @type {number} */ c) => inputPlane(scene, c, at, {});
  const framed = /** @type {Plane['mark']} */ ((i) => { const base = outputPlane(scene, 1, at, {}).mark?.(i) ?? ''; return `${base}${base ? '' : first[i] === second[i] ? 'winner' : ''}`; });
  const inputs = [{ ...plain(0), label: say('picture') }, { ...plain(1), edits: undefined, label: say('moved', inputStays) }];
  const outputs = [outputPlane(scene, 0, at, { label: say('output') }), outputPlane(scene, 1, at, { label: say('moved', outputStays), mark: framed })];
  const line = (/** @type {number} */ i) => /** @type {Piece} */ ({ kind: 'row', gap: 1.6, items: [inputs[i], sign(scene), outputs[i]] });
  const stack = (/** @type {number} */ i) => /** @type {Piece} */ ({ kind: 'column', items: [inputs[i], down(scene), outputs[i]] });
  return [{ kind: 'column', items: [line(0), line(1)] }, { kind: 'row', gap: 2, items: [line(0), line(1)] }, { kind: 'row', gap: 2, items: [stack(0), stack(1)] }];
}

/** "0–2, 2–4": the windows of adaptive pooling. @param {LabScene} scene */
const windowTable = ({ answer, say }) => h('section', { class: 'lab-sizes' }, h('h3', {}, say('spans')), ['rows', 'columns'].map((axis) => h('p', {}, h('span', { class: 'axis' }, say(axis)),
  h('span', { class: 'num' }, answer.windows[axis].slice(0, 12).map((/** @type {[number, number]} */ [start, stop]) => (stop - start > 1 ? `${start + 1}–${stop}` : start + 1)).join(', ') + (answer.windows[axis].length > 12 ? ' …' : '')))));

/** @param {LabScene} scene */
const stepsOf = ({ view, answer }) => (answer ? flat(view === 'shift' ? planesOf(answer.output)[0] : answer.output).length : 0);

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 3, start: X },
    { key: 'pool', kind: 'choice', options: ['max', 'avg'], start: 'max' }, { key: 'windows', kind: 'choice', options: ['fixed', 'adaptive', 'global'], start: 'fixed' },
    ...[['k', 2, 1, 16], ['stride', 2, 1, 16], ['padding', 0, 0, 8]].map(([key, start, least, most]) => /** @type {Field} */ ({ key, kind: 'whole', start, least, most, when: fixed })),
    { key: 'dilation', kind: 'whole', start: 1, least: 1, most: 8, hidden: true },
    { key: 'ceil_mode', kind: 'flag', start: false, when: (values) => fixed(values) && values.view !== 'shift' }, { key: 'count_include_pad', kind: 'flag', start: true, when: (values) => fixed(values) && values.pool === 'avg' && values.padding > 0 },
    { key: 'size', kind: 'whole', start: 3, least: 1, most: 16, when: (values) => values.windows === 'adaptive' },
    ...['dx', 'dy'].map((key) => /** @type {Field} */ ({ key, kind: 'whole', start: key === 'dx' ? 1 : 0, least: -8, most: 8, when: (values) => values.view === 'shift' })),
  ],
  views: ['pool', 'shift'],
  ask(values, view) {
    const { pool, windows, k, stride, padding, dilation, ceil_mode, count_include_pad, size } = values, input = pictures(values, view);
    if (windows !== 'fixed') return { op: `adaptive_${pool}_pool2d`, body: { input, output_size: windows === 'global' ? 1 : size, steps: false } };
    const own = pool === 'max' ? { dilation } : { count_include_pad };
    return { op: `${pool}_pool2d`, body: { input, kernel_size: k, stride, padding, ceil_mode, ...own, steps: false } };
  },
  steps: stepsOf,
  figure: (scene) => (scene.view === 'shift' ? shiftFigure : poolFigure)(scene),
  card(scene) {
    const output = planesOf(scene.answer.output), at = lookedAt(scene, output);
    const lines = (scene.view === 'shift' ? [0, 1] : [at[0]]).map((channel) => {
      const place = /** @type {[number, number, number]} */ ([channel, at[1], at[2]]), cells = cellsOf(scene, place), result = output[channel][at[1]][at[2]];
      return scene.values.pool === 'max' ? maximumLine(cells, result, scene.say) : meanLine(cells, divisorOf(scene, place), result, scene.say);
    });
    return [h('p', { class: 'quiet' }, scene.say(scene.view === 'shift' || output.length === 1 ? 'at_one' : 'at', { channel: at[0], row: at[1] + 1, column: at[2] + 1 })), ...lines];
  },
  side: (scene) => [
    scene.answer.sizes ? sizeTable(Object.values(scene.answer.sizes), [scene.say('rows'), scene.say('columns')]) : scene.answer.windows ? windowTable(scene) : null,
    scene.view === 'shift' ? null : h('p', { class: 'quiet' }, scene.say('parameters', { count: scene.values.x.length }))],
  caption(scene) {
    if (scene.step !== null) return scene.say(`caption_step_${scene.values.pool}`, { step: scene.step + 1, count: stepsOf(scene) });
    return scene.say(scene.view === 'shift' ? 'caption_shift' : `caption_${scene.values.windows === 'fixed' ? scene.values.pool : scene.values.windows}`);
  },
  numbers: ({ values, view, answer }) => ({ input: pictures(values, view), output: answer?.output ?? [] }),
};

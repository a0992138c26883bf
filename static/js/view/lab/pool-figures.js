/** Pooling in grids: pictures with their windows and winners, results, and what a shifted picture leaves as it is. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { boundOfGrid, flat, shapeOf, short } from '../../core/lab/grids.js';
import { kept } from '../../core/lab/kept.js';
import { border, indexOf, paddedSize, pictures, reachOf, windowOf, winnerOf, winnersOf } from '../../core/lab/pooling.js';
import { alike, lookedAt, planesOf } from '../../core/lab/reading.js';

/**
 * A channel with its padding: what stays as it is while one points and steps.
 * @param {LabScene} scene
 * @param {number} channel
 */
function inputStill({ values, view, answer }, channel) {
  return kept(answer, `x.${channel}`, () => {
    const picture = pictures(values, view)[channel];
    const edge = border(values);
    const [tall, wide] = shapeOf(picture).map((side) => side + 2 * edge);
    const outside = values.pool === 'max' ? -Infinity : 0;
    const valueAt = (/** @type {number} */ i) => picture[Math.floor(i / wide) - edge]?.[(i % wide) - edge];
    const cells = Array.from({ length: tall * wide }, (_, i) => valueAt(i) ?? outside);
    const texts = cells.map((value, i) =>
      valueAt(i) === undefined && values.pool === 'avg' && !values.count_include_pad ? '' : short(value),
    );
    return {
      cells,
      texts,
      bound: boundOfGrid(values.x),
      mark: (/** @type {number} */ i) => (valueAt(i) === undefined ? 'padding' : ''),
    };
  });
}

/**
 * @param {LabScene} scene
 * @param {number} channel
 * @param {[number, number, number]} at
 * @param {Partial<Plane>} more
 * @returns {Plane}
 */
function inputPlane(scene, channel, at, more) {
  const { values, view, hover } = scene;
  const edge = border(values);
  const still = inputStill(scene, channel);
  const [tall, wide] = paddedSize(scene);
  const pointing = hover?.grid === `x.${channel}`;
  const looked = !pointing && (view === 'shift' || channel === at[0]);
  const [rows, columns] = windowOf(scene, at[1], at[2]);
  const on = (/** @type {number[]} */ places, /** @type {number} */ count) =>
    places.filter((place) => place >= -edge && place < count - edge); // a window may reach past the padding
  const inside = looked ? on(rows, tall).flatMap((row) => on(columns, wide).map((column) => indexOf(scene, row, column))) : [];
  const best = winnerOf(scene, channel, at).split(',').map(Number);
  const won = winnersOf(scene, channel);
  const winner =
    looked && best.length > 1 && won.includes(indexOf(scene, best[0], best[1])) ? indexOf(scene, best[0], best[1]) : -1;
  return {
    kind: 'plane',
    id: `x.${channel}`,
    label: '',
    rows: tall,
    columns: wide,
    ...still,
    still,
    thin: true,
    edits: { key: 'x', at: [channel], inner: [edge, edge, tall - 2 * edge, wide - 2 * edge] },
    over: [
      ['window', inside],
      ['won', won.filter((i) => i !== winner)],
      ['winner', winner < 0 ? [] : [winner]],
      ['here', pointing && hover ? [hover.index] : []],
    ],
    ...more,
  };
}

/**
 * @param {LabScene} scene
 * @param {number} channel
 * @param {[number, number, number]} at
 * @param {Partial<Plane>} more
 * @returns {Plane}
 */
function outputPlane(scene, channel, at, more) {
  const { answer, values, view, step } = scene;
  const output = planesOf(answer.output);
  const [, rows, columns] = shapeOf(output);
  const before = view === 'shift' ? 0 : channel * rows * columns;
  const still = kept(answer, `y.${channel}`, () => ({ cells: flat(output[channel]), bound: boundOfGrid(values.x) }));
  const reached = reachOf(scene, channel);
  return {
    kind: 'plane',
    id: `y.${channel}`,
    label: '',
    rows,
    columns,
    ...still,
    still,
    pick: (i) => scene.go(before + i),
    over: reached ? [['reach', reached]] : view === 'shift' || channel === at[0] ? [['here', [at[1] * columns + at[2]]]] : [],
    ...(step === null ? {} : { later: Math.max(0, step + 1 - before) }),
    ...more,
  };
}

/** What is done, between picture and result. @param {LabScene} scene @returns {Piece} */
const sign = ({ values, say }) => ({ kind: 'words', lines: [say(`sign_${values.pool}`), '⟶'] });

/** The same, where the result stands below. @param {LabScene} scene @returns {Piece} */
const down = ({ values, say }) => ({ kind: 'words', lines: [`${say(`sign_${values.pool}`)} ↓`] });

/**
 * Channels beside or above each other.
 * @param {'row' | 'column'} kind
 * @param {string} key
 * @param {Piece[]} items
 * @param {number} shown
 * @returns {Piece}
 */
const group = (kind, key, items, shown) => ({ kind, items, several: { key, shown } });

/** @param {LabScene} scene @returns {Piece[]} */
export function poolFigure(scene) {
  const { values, say } = scene;
  const at = lookedAt(scene, planesOf(scene.answer.output));
  const several = values.x.length > 1;
  const label = (/** @type {string} */ key, /** @type {number} */ channel) => (several ? `${say(key)} ${channel}` : say(key));
  const inputs = values.x.map((/** @type {any} */ _, /** @type {number} */ c) =>
    inputPlane(scene, c, at, { label: label('input', c) }),
  );
  const outputs = values.x.map((/** @type {any} */ _, /** @type {number} */ c) =>
    outputPlane(scene, c, at, { label: label('output', c) }),
  );
  /** @type {Piece[]} */
  const ways = [
    { kind: 'row', gap: 1.6, items: [group('column', 'x', inputs, at[0]), sign(scene), group('column', 'y', outputs, at[0])] },
  ];
  return several
    ? [...ways, { kind: 'column', items: [group('row', 'x', inputs, at[0]), down(scene), group('row', 'y', outputs, at[0])] }]
    : ways;
}

/**
 * Above the picture and its result, below both moved; framed is what stays where it was.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
export function shiftFigure(scene) {
  const { say } = scene;
  const before = pictures(scene.values, 'shift');
  const output = planesOf(scene.answer.output);
  const at = lookedAt(scene, output);
  const [inputStays, outputStays] = [before, output].map(([one, other]) => ({
    stay: alike(flat(one), flat(other)),
    count: flat(one).length,
  }));
  const [first, second] = output.map((plane) => flat(plane));
  const plain = (/** @type {number} */ c) => inputPlane(scene, c, at, {});
  const last = outputPlane(scene, 1, at, { at: at[1] * shapeOf(output)[2] + at[2] }); // not at the middle of all that stays
  const marked = new Set(last.over?.flatMap(([, cells]) => cells));
  const stays = second.flatMap((value, i) => (value === first[i] && !marked.has(i) && i < (last.later ?? Infinity) ? [i] : []));
  const inputs = [
    { ...plain(0), label: scene.values.x.length > 1 ? `${say('picture')} 0` : say('picture') },
    { ...plain(1), edits: undefined, label: say('moved', inputStays) },
  ];
  const outputs = [
    outputPlane(scene, 0, at, { label: say('output') }),
    {
      ...last,
      label: say('moved', outputStays),
      over: [...(last.over ?? []), /** @type {[string, number[]]} */ (['winner', stays])],
    },
  ];
  const line = (/** @type {number} */ i) =>
    /** @type {Piece} */ ({ kind: 'row', gap: 1.6, items: [inputs[i], sign(scene), outputs[i]] });
  const stack = (/** @type {number} */ i) =>
    /** @type {Piece} */ ({ kind: 'column', items: [inputs[i], down(scene), outputs[i]] });
  return [
    { kind: 'column', items: [line(0), line(1)] },
    { kind: 'row', gap: 2, items: [line(0), line(1)] },
    { kind: 'row', gap: 2, items: [stack(0), stack(1)] },
  ];
}

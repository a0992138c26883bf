/** Dropout: the mask of a seed, what it leaves and enlarges, and the mean over many seeds. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { boundOfGrid, flat, shapeOf, short } from '../../core/lab/grids.js';
import { h, num } from '../dom.js';
import { written } from './groups.js';
import { line, said, shown, term } from './norm-card.js';

/** How many seeds count in the mean. @param {LabScene} scene */
export const seedsOf = ({ step, values }) => (step === null ? values.masks : Math.min(step + 1, values.masks));

/** @param {LabScene} scene @returns {[number, number]} */
export function cellOf({ hover, values }) {
  const [, columns] = shapeOf(values.d);
  const index = hover && /^(d|mask|out|mean)$/.test(hover.grid) ? hover.index : 0;
  return [Math.floor(index / columns), index % columns];
}

/** @param {LabScene} scene @returns {Piece[]} */
export function dropoutFigure(scene) {
  const { values, answer, say, step } = scene;
  const [rows, columns] = shapeOf(values.d);
  const at = cellOf(scene);
  const here = at[0] * columns + at[1];
  const seeds = seedsOf(scene);
  const drawn = step === null ? 0 : seeds - 1;
  const input = flat(values.d);
  const mask = flat(answer.masks[drawn]);
  const kept = input.map((_, i) =>
    answer.masks.slice(0, seeds).reduce((/** @type {number} */ sum, /** @type {any} */ each) => sum + flat(each)[i], 0),
  );
  const output = values.training ? input.map((value, i) => value * mask[i] * answer.scale) : flat(answer.output);
  const bound = boundOfGrid([...output, ...input]);
  const plane = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {number[]} */ cells,
    /** @type {Partial<Plane>} */ more = {},
  ) =>
    /** @type {Plane} */ ({
      kind: 'plane',
      id,
      label,
      rows,
      columns,
      cells,
      bound,
      characters: 4,
      mark: (i) => `${values.training && !mask[i] ? 'off' : ''}${i === here ? ' here' : ''}`,
      ...more,
    });
  const x = plane('d', say('input'), input, { edits: { key: 'd', at: [] } });
  const y = plane('out', say('output'), output);
  if (!values.training)
    return [
      {
        kind: 'row',
        items: [
          { ...x, mark: () => '' },
          { kind: 'sign', text: '=' },
          { ...y, mark: () => '' },
        ],
      },
    ];
  const factor = plane('mask', say('mask', { seed: values.seed + drawn }), mask, { bound: 1 });
  const mean = plane(
    'mean',
    say('mean_output', { seeds }),
    input.map((value, i) => (value * kept[i] * answer.scale) / seeds),
    { mark: (i) => (i === here ? 'here' : '') },
  );
  const sign = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'sign', text });
  const scale = sign(`× ${Number(answer.scale.toPrecision(4))} =`);
  return [
    { kind: 'row', items: [x, sign('⊙'), factor, scale, y, { kind: 'words', lines: [''], size: 2 }, mean] },
    {
      kind: 'column',
      gap: 0.4,
      items: [{ kind: 'row', items: [x, sign('⊙'), factor] }, scale, { kind: 'row', items: [y, mean] }],
    },
  ];
}

/**
 * Dropout of one number, and its mean over the seeds so far.
 * @param {LabScene} scene
 * @param {[number, number]} at
 * @param {number} seeds   how many seeds count
 * @returns {(HTMLElement | null)[]}
 */
export function dropoutCard({ values, answer, say, step }, [row, column], seeds) {
  const at = step === null ? 0 : seeds - 1;
  const value = values.d[row][column];
  const mask = answer.masks[at][row][column];
  const { scale } = answer;
  if (!values.training)
    return [
      h('p', { class: 'quiet' }, say('inference')),
      line('result', term('y = x = ', num(written(value), 'result', { class: 'num result' }))),
    ];
  const kept = answer.masks
    .slice(0, seeds)
    .reduce((/** @type {number} */ sum, /** @type {number[][]} */ each) => sum + each[row][column], 0);
  const once = shown([value, scale], ([x, by]) => x * mask * by, value * mask * scale);
  const mean = (value * kept * scale) / seeds;
  const often = shown([value, scale], ([x, by]) => (x * kept * by) / seeds, mean);
  return [
    h('p', { class: 'quiet' }, say('dropped_at', { row: row + 1, column: column + 1, seed: values.seed + at })),
    line(
      'result',
      term(
        said(once.operands[0]),
        h('span', { class: 'times' }, '×'),
        num(String(mask), 'mask'),
        h('span', { class: 'times' }, '×'),
        num(once.operands[1], 'scale'),
      ),
      term('= ', num(once.result, 'result', { class: 'num result' })),
    ),
    line(
      'mean',
      term(say('kept', { kept, seeds }), ' '),
      term(
        said(often.operands[0]),
        h('span', { class: 'times' }, '×'),
        num(`${kept}/${seeds}`, 'share'),
        h('span', { class: 'times' }, '×'),
        num(often.operands[1], 'scale'),
      ),
      term('= ', num(often.result, 'mean', { class: 'num result' })),
    ),
  ];
}

/** What keeps the mean, and how near it has come. @param {LabScene} scene @param {number} seeds */
export function dropoutSide({ values: { p, d, training }, answer, say }, seeds) {
  const input = flat(d);
  const mean = (/** @type {number[]} */ numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const kept = answer.masks
    ?.slice(0, seeds)
    .map((/** @type {number[][]} */ mask) => mean(flat(mask).map((one, i) => one * input[i] * answer.scale)));
  const scale = h(
    'p',
    { class: 'quiet' },
    say('scale', { keep: Number((1 - p).toPrecision(4)), scale: p < 1 ? Number((1 / (1 - p)).toPrecision(6)) : 0 }),
  );
  return training && kept
    ? [scale, h('p', { 'data-role': 'means' }, say('means', { input: short(mean(input)), output: short(mean(kept)), seeds }))]
    : [scale];
}

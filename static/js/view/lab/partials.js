/**
 * Partial derivatives as difference quotients: one row for each variable, which alone is moved, beside the formula and
 * autograd.
 */
/** @import { LabScene, Piece, Plane, Values } from '../../core/lab/types.js' */
import { plainly } from '../../core/lab/curves.js';
import { ENDS, printed, stepText } from '../../core/lab/difference.js';
import { resized, shapeOf } from '../../core/lab/grids.js';
import { filledRows, texRows, writtenRows } from '../../core/lab/polynomial.js';
import { formula } from '../formula.js';
import { bracketed } from './difference-card.js';
import { slices } from './slices.js';
import { h, num, s } from '../dom.js';

export const VARIABLES = ['x', 'y', 'z'];
/** What each row is the derivative by. @type {Piece} */
const heads = {
  kind: 'drawing',
  id: '∂f/∂x, ∂f/∂y, ∂f/∂z',
  label: ' ',
  rows: 3,
  columns: 1,
  characters: 7,
  draw: ({ x, y, wide, tall, text }) =>
    VARIABLES.map((name, i) =>
      s('text', { class: 'row-name', x: x + wide - 0.3 * text, y: y + (i + 0.5) * tall, 'font-size': text }, `∂f/∂${name}`),
    ),
};
const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i);

/**
 * The point and the terms are of three variables, a coefficient before the powers; there is one step.
 * @param {Values} values
 * @returns {Values}
 */
export const shaped = ({ p, terms, h: step }) => ({
  p: String(shapeOf(p)) === '3' ? p : resized(p, [3]),
  terms: shapeOf(terms)[1] === 4 ? terms : resized(terms, [terms.length, 4]),
  h: step.length === 1 ? step : step.slice(0, 1),
});

/** One variable's numbers out of the engine's answer. @param {LabScene} scene @param {number} i */
function madeOf({ values, answer }, i) {
  const ends = ENDS[values.scheme];
  const of = (/** @type {any} */ list) => (Array.isArray(list) ? list[i] : list);
  return {
    h: values.h[0],
    ends,
    points: ends.map((end) => (end === 'x' ? answer.places.x : answer.places[end][i])),
    values: ends.map((end) => of(answer.values[end])),
    run: answer.run,
    quotient: answer.output[i],
    formula: answer.formulas[i],
    autograd: answer.autograd[i],
  };
}

/** As it is printed in the figure and in the card. @param {LabScene} scene @param {number} i */
function textsOf(scene, i) {
  const made = madeOf(scene, i);
  const { points, values, h: step, run, quotient } = made;
  const text = printed({ places: [points[0][i], points[1][i]], values, h: step, run, quotient });
  const point = (/** @type {number} */ end) =>
    points[end].map((/** @type {number} */ value, /** @type {number} */ j) => (j === i ? text.places[end] : plainly(value, 8)));
  return { ...made, ...text, points: [point(0), point(1)] };
}

/** As much as a cell has room for; the sums below have all of it. @param {string} text */
const cut = (text) => (text.length > 13 ? `${text.slice(0, 12)}…` : text);

/** @param {LabScene} scene @returns {Piece[] | null} */
export function partialsFigure(scene) {
  const { values, answer, say, step, hover } = scene;
  if (!answer?.formulas) return null;
  const rows = VARIABLES.map((_, i) => textsOf(scene, i));
  const pointed = hover && hover.grid !== 'p' && hover.grid !== 'h' ? rowOf(hover) : step;
  const column = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {string[]} */ texts,
    /** @type {number[]} */ cells,
    /** @type {Partial<Plane>} */ more = {},
  ) =>
    /** @type {Plane} */ ({
      kind: 'plane',
      id,
      label,
      rows: 3,
      columns: 1,
      cells,
      texts,
      bound: Infinity,
      mark: (i) => (i === pointed ? 'window' : step !== null && i > step ? 'later' : ''),
      ...more,
    });
  const sign = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'sign', text });
  const ends = ENDS[values.scheme];
  const upper = rows.map(({ values: [each] }) => cut(each));
  const lower = rows.map(({ values: [, each] }) => cut(each));
  const moved = (/** @type {0 | 1} */ end) => rows.flatMap(({ points }) => points[end].map(cut));
  const places = (/** @type {0 | 1} */ end, /** @type {string} */ label) =>
    /** @type {Plane} */ ({
      kind: 'plane',
      id: `at${end}`,
      label,
      rows: 3,
      columns: 3,
      cells: rows.flatMap(({ points }) => points[end].map(Number)),
      texts: moved(end),
      characters: 2 + Math.max(...moved(end).map((text) => text.length)),
      bound: Infinity,
      mark: (index) => {
        const row = Math.floor(index / 3);
        const moves = index % 3 === row && ends[end] !== 'x' && (step === null || row <= step);
        return `${moves ? 'won' : ''} ${row === pointed ? 'window' : step !== null && row > step ? 'later' : ''}`;
      },
    });
  const point = /** @type {Plane} */ ({
    kind: 'plane',
    id: 'p',
    label: '(x, y, z)',
    rows: 1,
    columns: 3,
    cells: values.p,
    bound: Infinity,
    edits: { key: 'p', at: [], flat: true },
  });
  const small = /** @type {Plane} */ ({
    kind: 'plane',
    id: 'h',
    label: 'h',
    rows: 1,
    columns: 1,
    cells: values.h,
    texts: [stepText(values.h[0])],
    bound: Infinity,
    edits: { key: 'h', at: [], flat: true },
  });
  const value = /** @type {Plane} */ ({
    kind: 'plane',
    id: 'f',
    label: 'f(x, y, z)',
    rows: 1,
    columns: 1,
    cells: [answer.value],
    texts: [plainly(answer.value, 8)],
    bound: Infinity,
  });
  const top = /** @type {Piece} */ ({
    kind: 'row',
    gap: 2,
    items: [
      { kind: 'words', lines: [`f = ${writtenRows(values.terms, VARIABLES)}`], strong: true, size: 1.2 },
      point,
      value,
      small,
    ],
  });
  const names = ends.map((end) => (end === 'x' ? 'f(x, y, z)' : `f(… ${end === 'ahead' ? '+' : '−'} h …)`));
  const away = /** @type {0 | 1} */ (ends[0] === 'x' ? 1 : 0); // the place that is shown: the one that is moved
  const first = [
    heads,
    places(away, say('moved', { way: away ? '−' : '+' })),
    column(
      'upper',
      names[0],
      upper,
      rows.map(({ values: [each] }) => Number(each)),
    ),
  ];
  const second = [
    sign('−'),
    column(
      'lower',
      names[1],
      lower,
      rows.map(({ values: [, each] }) => Number(each)),
    ),
  ];
  const last = [
    sign(values.scheme === 'central' ? '÷ 2h =' : '÷ h ='),
    column(
      'q',
      say('quotient'),
      rows.map(({ quotient }) => quotient),
      answer.output,
      { mark: (i) => (i === pointed ? 'winner window' : step !== null && i > step ? 'later' : '') },
    ),
    column(
      'formula',
      say('by_formula'),
      rows.map((row) => plainly(row.formula.value, 8)),
      rows.map((row) => row.formula.value),
    ),
    column(
      'autograd',
      'autograd',
      rows.map(({ autograd }) => plainly(autograd, 8)),
      answer.autograd,
    ),
  ];
  const line = (/** @type {Piece[]} */ ...items) => /** @type {Piece} */ ({ kind: 'row', gap: 0.7, items });
  if (matchMedia('(max-width: 900px)').matches) {
    // the sums below say the rest
    const [, quotient, formula, auto] = last;
    return [
      {
        kind: 'column',
        gap: 1,
        items: [
          { kind: 'words', lines: [`f = ${writtenRows(values.terms, VARIABLES)}`], strong: true, size: 1.1 },
          line(point, small),
          line(heads, quotient, formula, auto),
        ],
      },
    ];
  }
  const cuts = slices({
    terms: values.terms,
    p: values.p,
    slopes: answer.autograd,
    quotients: answer.output,
    places: VARIABLES.map((_, i) => {
      const { points } = madeOf(scene, i);
      return [points[0][i], points[1][i]];
    }),
    pointed,
  });
  if (document.documentElement.dataset.profile !== 'projector')
    return [{ kind: 'column', gap: 1.2, items: [top, line(...first, ...second, ...last), cuts] }]; // a hall needs the room for its numbers
  return [
    { kind: 'column', gap: 1.6, items: [top, line(...first, ...second, ...last)] },
    {
      kind: 'column',
      gap: 1.2,
      items: [
        {
          kind: 'column',
          items: [
            { kind: 'words', lines: [`f = ${writtenRows(values.terms, VARIABLES)}`], strong: true, size: 1.1 },
            line(point, small),
          ],
        },
        line(...first),
        line(...second, ...last),
      ],
    },
  ];
}

/** The row that a cell of the figure stands in. @param {import('../../core/lab/types.js').Spot} spot */
const rowOf = ({ grid, index }) => (grid === 'f' ? null : Math.floor(index / (grid.startsWith('at') ? 3 : 1)));

/** Which variable a cell belongs to. @param {LabScene} _ @param {import('../../core/lab/types.js').Spot} spot */
const partialAt = (_, spot) => (spot.grid === 'p' || spot.grid === 'h' ? null : rowOf(spot));

/** The sums of one variable, or of all. @param {LabScene} scene */
export function partialsCard(scene) {
  const { values, step, hover } = scene;
  const pointed = hover ? (partialAt(scene, hover) ?? step) : step;
  return [
    h(
      'div',
      { class: 'lab-sums' },
      (pointed === null ? range(3) : [pointed]).map((i) => lineOf(scene, i)),
    ),
    formulas(values, scene.answer, pointed),
  ];
}

/** @param {LabScene} scene @param {number} i */
function lineOf(scene, i) {
  const { say, values } = scene;
  const row = textsOf(scene, i);
  const name = VARIABLES[i];
  const at = (/** @type {0 | 1} */ end) => `f(${row.points[end].join(', ')})`;
  const derived = row.formula.terms;
  return h(
    'div',
    { class: 'lab-terms' },
    h('span', { class: 'group-name' }, `∂f/∂${name} ≈ `),
    h('span', { class: 'term' }, `(${at(0)} − `),
    h('span', { class: 'term' }, `${at(1)}) / ${row.run} = `),
    h(
      'span',
      { class: 'term' },
      '(',
      num(row.values[0], 'upper'),
      ' − ',
      ...bracketed(row.values[1], num(row.values[1], 'lower')),
      ') / ',
      num(row.run, 'run'),
      ' = ',
    ),
    num(row.quotient, 'quotient', { class: 'num result' }),
    h('span', { class: 'sign' }, ' → '),
    h(
      'span',
      { class: 'term' },
      `${writtenRows(derived, VARIABLES)} = ${filledRows(derived, values.p)} = `,
      num(plainly(row.formula.value, 8), 'formula', { class: 'num result' }),
    ),
    h('span', { class: 'quiet' }, `autograd ${plainly(row.autograd, 8)}`),
    row.quotient === 'NaN' ? say('undefined') : null,
  );
}

/** @param {Values} values @param {any} answer @param {number | null} pointed */
function formulas({ terms }, answer, pointed) {
  const each = (/** @type {number} */ i) =>
    formula(
      `\\dfrac{\\partial f}{\\partial ${VARIABLES[i]}} = ${texRows(answer.formulas[i].terms, VARIABLES)}`,
      `∂f/∂${VARIABLES[i]}`,
    );
  return h(
    'div',
    { class: 'curve-formulas partial-formulas' },
    formula(`f(x, y, z) = ${texRows(terms, VARIABLES)}`, 'f(x, y, z)'),
    (pointed === null ? range(3) : [pointed]).map(each),
  );
}

/** What the CSV holds. @param {LabScene} scene */
export const partialsNumbers = ({ values, answer }) =>
  answer?.formulas
    ? {
        point: values.p,
        'difference quotient': answer.output,
        formula: answer.formulas.map((/** @type {any} */ each) => each.value),
        autograd: answer.autograd,
      }
    : {};

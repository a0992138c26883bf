/** The same softmax computed in two ways: as the formula says, which overflows, and with the maximum taken off first. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { plainly } from '../../core/lab/curves.js';
import { boundOfGrid } from '../../core/lab/grids.js';
import { shareWritten, subscript } from '../../core/lab/losses.js';
import { significant } from '../../core/numbers.js';
import { h, num } from '../dom.js';

/** Powers of ten with two digits, others with four. @param {number} value */
const brief = (value) =>
  Number.isFinite(value) && value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)
    ? significant(value, 2)
    : plainly(value);

/** The player brings exp, sum and p of the one form, then shift, exp, sum and p of the other. */
const ORDER = ['e', 'sum', 'p', 'shifted', 'es', 'sums', 'ps'];
export const NAIVE_STEPS = ORDER.length;

/** @param {LabScene} scene @returns {Piece[]} */
export function naiveFigure({ values, answer, say, step, hover }) {
  const pointed = lookedAt({ values, hover });
  const reached = (/** @type {string} */ id) => step === null || ORDER.indexOf(id) <= step;
  const { z } = values;
  const { naive, stable } = answer;
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
      rows: 1,
      columns: cells.length,
      cells,
      texts: cells.map(brief),
      bound: boundOfGrid(cells.filter(Number.isFinite).length ? cells.filter(Number.isFinite) : [1]),
      mark: (i) =>
        reached(id)
          ? `${Number.isFinite(cells[i]) ? '' : 'winner'} ${cells.length > 1 && i === pointed ? 'window' : ''}`
          : 'later',
      ...more,
    });
  const sign = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'sign', text });
  const words = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'words', lines: [text], strong: true });
  const first = plane('z', 'z', z, { edits: { key: 'z', at: [], flat: true } });
  const naively = [
    plane('e', 'exp(z)', naive.exponentials),
    sign('÷'),
    plane('sum', 'Σ', [naive.denominator]),
    sign('='),
    plane('p', 'p', naive.output),
  ];
  const stably = [
    plane('shifted', `z − ${plainly(stable.maximum)}`, stable.shifted),
    sign('→'),
    plane('es', 'exp', stable.exponentials),
    sign('÷'),
    plane('sums', 'Σ', [stable.denominator]),
    sign('='),
    plane('ps', 'p', answer.output),
  ];
  const line = (/** @type {string} */ name, /** @type {Piece[]} */ items) =>
    /** @type {Piece} */ ({ kind: 'column', gap: 0.5, items: [words(say(name)), { kind: 'row', items }] });
  const upright = (/** @type {Piece[]} */ items) =>
    items.map((each) => (each.kind === 'plane' ? { ...each, rows: each.columns, columns: 1 } : each));
  const across = [first, line('naive', naively), line('stable', stably)];
  const down = [line('naive', upright([first, sign('→'), ...naively])), line('stable', upright(stably))];
  return [
    { kind: 'column', gap: 1.5, items: across },
    { kind: 'row', gap: 3, items: down },
    { kind: 'column', gap: 0.8, items: down },
    { kind: 'column', gap: 0.8, items: down.map((each) => without(each)) },
  ];
}

/** The signs left out, where there is no room for them. @param {Piece} piece @returns {Piece} */
const without = (piece) =>
  piece.kind === 'row' || piece.kind === 'column'
    ? {
        ...piece,
        gap: piece.kind === 'row' ? 0.7 : piece.gap,
        items: piece.items.filter(({ kind }) => kind !== 'sign').map(without),
      }
    : piece;

const LARGEST = { float32: '3.4 × 10³⁸', float64: '1.8 × 10³⁰⁸' };

/** The class that is pointed at, else the one with the largest number. @param {Pick<LabScene, 'values' | 'hover'>} scene */
function lookedAt({ values: { z }, hover }) {
  if (hover && hover.index < z.length && !['sum', 'sums'].includes(hover.grid)) return hover.index;
  const finite = z.map((/** @type {number} */ value) => (Number.isNaN(value) ? -Infinity : value));
  return finite.indexOf(Math.max(...finite));
}

/** What went wrong with exp(z) and what did not with exp(z − m); one class of both in full. @param {LabScene} scene */
export function naiveCard({ answer, say, values, step, hover }) {
  const { naive, stable } = answer;
  const { z } = values;
  const worst = Math.max(...z);
  const largest = LARGEST[/** @type {'float32' | 'float64'} */ (values.dtype)];
  const told = !Number.isFinite(naive.denominator)
    ? say('overflowed', { z: plainly(worst), largest })
    : naive.denominator === 0
      ? say('vanished', { z: plainly(worst) })
      : say('held', { z: plainly(worst) });
  const at = lookedAt({ values, hover });
  const line = (
    /** @type {string} */ name,
    /** @type {{numbers: number[], exponentials: number[], output: number[]}} */ form,
    /** @type {number} */ from,
  ) => {
    if (step !== null && step < from) return null;
    const { powers, quotient, share, result } = shareWritten(form, at);
    return h(
      'div',
      { class: 'lab-terms', 'data-line': name },
      h('span', { class: 'group-name' }, `${say(`${name}_short`)} `),
      h('span', { class: 'term' }, `p${subscript(at)} = ${powers} = `),
      h('span', { class: 'term', 'data-role': 'quotient' }, quotient),
      h('span', { class: 'term' }, `= ${share} = `, num(result, 'share', { class: 'num result' })),
    );
  };
  return [
    line('naive', { numbers: z, exponentials: naive.exponentials, output: naive.output }, 2),
    line('stable', { numbers: stable.shifted, exponentials: stable.exponentials, output: answer.output }, 6),
    h('p', {}, told),
    h('p', { class: 'quiet' }, say('shift_changes_nothing')),
  ];
}

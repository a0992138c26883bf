/** Softmax and losses written out: the table of the stable form, the naive one that overflows, the parts that make a loss. */
/** @import { LabScene } from '../../core/lab/types.js' */
import { printedSoftmax } from '../../core/arithmetic.js';
import { plainly } from '../../core/lab/curves.js';
import {
  divergenceWritten,
  gradientWritten,
  partWritten,
  quotientWritten,
  subscript,
  totalWritten,
} from '../../core/lab/losses.js';
import { h, num } from '../dom.js';

const MOST = 12; // classes that a table or a sum has room for
const LISTED = 8; // of more than those
const SUMMED = 5;

/** Which of many have a place of their own: the largest, in their order. @param {number[]} values @param {number=} count */
function listedOf(values, count = LISTED) {
  const all = values.map((_, i) => i);
  if (all.length <= MOST) return all;
  const weight = (/** @type {number} */ i) => (Number.isNaN(values[i]) ? Infinity : values[i]);
  return all
    .sort((a, b) => weight(b) - weight(a) || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/**
 * Classes across, quantities down; every column reads: z − m, its exponential, over the sum of all.
 * @param {LabScene} scene
 * @param {number[]} logits
 * @param {(step: number) => boolean} shown
 */
export function stableTable({ say, values }, logits, shown) {
  const listed = listedOf(logits);
  const table = printedSoftmax(logits, listed);
  const { others } = table;
  const heated = values.temperature !== 1;
  const later = (/** @type {number} */ step) => (shown(step) ? '' : 'later');
  const bare = (/** @type {string} */ text) => (text.includes('.') && !text.includes('×') ? text.replace(/\.?0+$/, '') : text); // these are exact
  const rest = (/** @type {string} */ role) => (role === 'exponential' ? (others?.exponential ?? '') : '');
  /** @type {[string, string, string[], string, number][]} name, role, numbers, end, step */
  const rows = [
    [
      `${values.softmin ? '−' : ''}z${heated ? ` ÷ ${plainly(values.temperature)}` : ''}`,
      'logit',
      table.classes.map(({ logit }) => bare(logit)),
      `m = ${bare(table.maximum)}`,
      0,
    ],
    [values.softmin ? '−z − m' : 'z − m', 'shifted', table.classes.map(({ shifted }) => bare(shifted)), '', 1],
    [
      values.softmin ? 'exp(−z − m)' : 'exp(z − m)',
      'exponential',
      table.classes.map(({ exponential }) => exponential),
      `Σ = ${table.denominator}`,
      2,
    ],
    [
      `÷ ${shown(3) ? table.denominator : 'Σ'}`,
      'probability',
      table.classes.map(({ probability }) => probability),
      shown(4) ? say('one') : '',
      4,
    ],
  ];
  return h(
    'table',
    { class: 'stable-table' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, say('class')),
        listed.map((i) => h('th', { scope: 'col' }, String(i))),
        others ? h('th', { scope: 'col' }, say('others', { count: others.count })) : null,
        h('td', {}),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map(([name, role, numbers, end, step]) =>
        h(
          'tr',
          { class: `${role} ${later(step)}` },
          h('th', { scope: 'row' }, name),
          numbers.map((text) => h('td', {}, num(text, role))),
          others ? h('td', {}, num(rest(role), `${role}-rest`)) : null,
          h(
            'td',
            { class: `end ${role === 'logit' ? later(1) : role === 'exponential' ? later(3) : ''}` },
            num(end, `${role}-end`),
          ),
        ),
      ),
    ),
  );
}

/**
 * The parts, their sum or mean, and one of them in full.
 * @param {LabScene} scene
 * @param {{parts: number[], targets: number[], p: number[], row: number}} told
 */
export function lossCard({ answer, say, values }, { parts, targets, p, row }) {
  const { loss, reduction, z, limit, digits } = values;
  const mean = loss !== 'cross_entropy' && reduction === 'mean';
  const total = parts.reduce((a, b) => a + b, 0);
  const listed = listedOf(parts, SUMMED);
  const others = parts.length - listed.length;
  const addends = listed.map((i) => parts[i]);
  if (others) addends.push(parts.filter((_, i) => !listed.includes(i)).reduce((a, b) => a + b, 0));
  const read = totalWritten(addends, mean ? parts.length : 1, answer.output, digits + 1);
  const terms = read.parts.map((part, i) =>
    h(
      'span',
      { class: `term${addends[i] === 0 ? ' zero' : ''}` },
      i ? '+ ' : mean ? '( ' : '',
      num(part, 'part'),
      i === listed.length ? h('span', { class: 'quiet' }, ` (${say('others', { count: others })})`) : null,
    ),
  );
  const half =
    loss === 'mse_loss' && reduction === 'sum'
      ? h(
          'div',
          { class: 'lab-terms' },
          h('span', { class: 'group-name' }, say('half')),
          h(
            'span',
            { class: 'term' },
            `½ × ${read.result} = `,
            num(plainly(total / 2, digits + 1), 'half', { class: 'num result' }),
          ),
        )
      : null;
  const part = partWritten(loss, { x: z[row], p: p[row], t: targets[row], part: parts[row], limit });
  return [
    h(
      'div',
      { class: 'lab-terms' },
      h('span', { class: 'group-name' }, say('part_of', { class: row })),
      h('span', { class: 'term', 'data-role': 'written' }, part),
    ),
    h(
      'div',
      { class: 'lab-terms' },
      h('span', { class: 'group-name' }, 'L ='),
      ...terms,
      mean ? h('span', { class: 'term' }, `) ÷ ${parts.length}`) : null,
      h('span', { class: 'term' }, '= ', num(read.result, 'result', { class: 'num result' })),
    ),
    half,
    loss === 'cross_entropy' ? apart(divergenceWritten(targets, answer.output, digits), say) : null,
    ...gradientLines({ answer, values }, { p: p[row], t: targets[row], row, say }),
  ];
}

/** @param {ReturnType<typeof divergenceWritten>} told @param {LabScene['say']} say */
const apart = (told, say) =>
  told &&
  h(
    'div',
    { class: 'lab-terms quotient', 'data-line': 'divergence' },
    h('span', { class: 'group-name' }, say('entropy_of', { entropy: told.entropy })),
    h('span', { class: 'term', 'data-role': 'divergence-sum' }, told.text),
    h('span', { class: 'term' }, '= ', num(told.result, 'divergence', { class: 'num result' })),
  );

/**
 * The gradient of one number by its rule, and by moving the number a little both ways.
 * @param {Pick<LabScene, 'answer' | 'values'>} scene
 * @param {{p: number, t: number, row: number, say: LabScene['say']}} told
 */
function gradientLines({ answer, values }, { p, t, row, say }) {
  const { loss, reduction, z, limit, digits, given } = values;
  const gradient = answer.gradients.input[row];
  const { above, below, step, quotient } = answer.difference;
  const entropy = loss.endsWith('entropy');
  const logits = entropy && given === 'logits';
  const share = loss !== 'cross_entropy' && reduction === 'mean' ? z.length : 1;
  const name = `${logits ? 'z' : 'y'}${subscript(row)}`;
  const rule = gradientWritten(loss, { logits, x: z[row], p, t, limit, share, gradient, digits });
  const moved = quotientWritten(above[row], below[row], step, quotient[row], digits);
  return [
    h(
      'div',
      { class: 'lab-terms', 'data-line': 'gradient' },
      h('span', { class: 'group-name' }, `∂L/∂${name} =`),
      h('span', { class: 'term' }, rule.rule, ' = '),
      rule.text ? h('span', { class: 'term', 'data-role': 'rule' }, rule.text) : null,
      h('span', { class: 'term' }, rule.text ? '= ' : '', num(rule.result, 'gradient', { class: 'num result' })),
    ),
    moved
      ? h(
          'div',
          { class: 'lab-terms quotient', 'data-line': 'quotient' },
          h('span', { class: 'group-name' }, say('quotient', { name, step })),
          h('span', { class: 'term', 'data-role': 'quotient-sum' }, moved.text),
          h('span', { class: 'term' }, '= ', num(moved.result, 'quotient', { class: 'num result' })),
        )
      : h('p', { class: 'quiet' }, say('no_quotient')),
  ];
}

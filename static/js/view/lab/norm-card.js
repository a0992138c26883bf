/** The arithmetic of a normalised number, printed so that it is true. */
/** @import { LabScene } from '../../core/lab/types.js' */
/** @import { Place } from '../../core/lab/norm.js' */
import { printedMean, printedNormalisation } from '../../core/arithmetic.js';
import { bare } from '../../core/lab/losses.js';
import { alphaOf, neighbours, responseWritten, sharedCells, statisticsOf } from '../../core/lab/norm.js';
import { shapeOf } from '../../core/lab/grids.js';
import { parse, settle, significant } from '../../core/numbers.js';
import { h, num } from '../dom.js';
import { written } from './groups.js';

const MANY = 16; // more numbers than these are not listed

/** The same but for the dust of binary fractions. @param {number} a @param {number} b */
const near = (a, b) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));

export const said = (/** @type {string} */ text, role = 'value') =>
  num(text.startsWith('−') ? `(${text})` : text, role, { 'data-text': text });
export const term = (/** @type {any[]} */ ...parts) => h('span', { class: 'term' }, ...parts);
export const line = (/** @type {string} */ name, /** @type {any[]} */ ...parts) =>
  h('div', { class: 'lab-terms', 'data-line': name }, ...parts);

/**
 * Short numbers in full; else as many digits as make the line true.
 * @param {{x: number, mean: number, variance: number, eps: number, gamma: number, beta: number}} parts
 * @param {number} result
 */
function printed(parts, result) {
  const whole = Object.fromEntries(
    Object.entries(parts).map(([key, value]) => [key, key === 'eps' ? String(value) : written(value)]),
  );
  const exact = Object.entries(parts).every(([key, value]) => key === 'eps' || near(parse(whole[key]), value));
  return exact
    ? {
        .../** @type {Record<keyof typeof parts, string>} */ (whole),
        result: significant(Math.abs(result) < 1e-12 ? 0 : result, 4),
      }
    : trimmed(printedNormalisation(parts, result), parts);
}

/**
 * Operands that are just what is printed without zeros at the end.
 * @param {ReturnType<typeof printedNormalisation>} card
 * @param {{x: number, mean: number, variance: number, gamma: number, beta: number}} parts
 */
const trimmed = (card, { x, mean, variance, gamma, beta }) => ({
  ...card,
  x: bare(card.x, x),
  mean: bare(card.mean, mean),
  variance: bare(card.variance, variance),
  gamma: bare(card.gamma, gamma),
  beta: bare(card.beta, beta),
});

/** @param {LabScene} scene @param {Place} at @returns {(HTMLElement | null)[]} */
export function normCard(scene, at) {
  const { values, view, answer, say } = scene;
  const [n, c, y, x] = at;
  const told = statisticsOf(view, values, answer.statistics);
  const value = values.x[n][c][y][x];
  const result = answer.output[n][c][y][x];
  if (!told || !Number.isFinite(result))
    return [h('p', { class: 'quiet' }, say('at', { n, c, row: y + 1, column: x + 1 }), say('spoilt'))];
  const group = told.at(at);
  const mean = told.mean[group];
  const variance = told.variance[group];
  const running = view === 'batch' && !values.training;
  const card = printed({ x: value, mean, variance, eps: Number(values.eps), gamma: values.g[c], beta: values.b[c] }, result);
  const cells = running ? [] : sharedCells(view, values, at);
  return [
    h(
      'p',
      { class: 'quiet' },
      say('at', { n, c, row: y + 1, column: x + 1 }),
      running ? say('uses_running') : say('shares', { count: cells.length }),
    ),
    ...(running
      ? []
      : [
          h(
            'div',
            { class: 'lab-pair' },
            meanLine(cells, mean, card.mean, say),
            varianceLine(cells, mean, variance, card.variance, say),
          ),
        ]),
    line(
      'result',
      term('y = γ (x − μ) / √(σ² + ε) + β = '),
      term(
        said(card.gamma, 'gamma'),
        h('span', { class: 'times' }, '×'),
        '(',
        num(card.x, 'x', { 'data-text': card.x }),
        ' − ',
        said(card.mean, 'mean'),
        ') / √(',
        num(card.variance, 'variance', { 'data-text': card.variance }),
        ' + ',
        num(card.eps, 'eps', { 'data-text': card.eps }),
        ') + ',
        said(card.beta, 'beta'),
      ),
      term('= ', num(card.result, 'result', { class: 'num result', 'data-text': card.result })),
    ),
    view === 'batch' && answer.running
      ? updateLine(values, { c, mean, variance, count: cells.length }, answer.running, say)
      : null,
  ];
}

/**
 * Exactly in few digits, else as many as make the line true.
 * @param {number[]} operands
 * @param {(values: number[]) => number} evaluate
 * @param {number} result
 */
export function shown(operands, evaluate, result) {
  const plain = [...operands, result].every((value) => near(parse(written(value)), value));
  if (plain) return { operands: operands.map(written), result: written(result) };
  const told = settle(operands, evaluate, result, { decimals: 3, print: significant });
  return { operands: told.operands.map((text, i) => bare(text, operands[i])), result: told.result };
}

/**
 * The mean of the squared distances from the mean.
 * @param {number[]} cells
 * @param {number} mean
 * @param {number} variance
 * @param {string} text   of the variance, as the last line has it
 * @param {LabScene['say']} say
 */
function varianceLine(cells, mean, variance, text, say) {
  if (!Number.isFinite(variance)) return null;
  if (cells.length > MANY / 2)
    return line(
      'variance',
      term('σ² = ', say('variance_of', { count: cells.length }), ' = ', num(text, 'variance', { 'data-text': text })),
    );
  const away = cells.map((value) => Math.abs(value - mean));
  const told = shown(away, (values) => values.reduce((sum, value) => sum + value * value, 0) / values.length, variance);
  return line(
    'variance',
    term('σ² = ('),
    told.operands.map((text, i) => term(i ? '+ ' : '', num(text, 'away', { 'data-text': text }), '²')),
    term(`) / ${cells.length}`),
    term('= ', num(told.result, 'variance', { 'data-text': told.result })),
  );
}

/** What training makes of the running statistics: most of the old and a little of this batch; of the variance the unbiased one, as torch has it.
 * @param {LabScene['values']} values
 * @param {{c: number, mean: number, variance: number, count: number}} of
 * @param {{mean: number[], variance: number[]}} made
 * @param {LabScene['say']} say
 */
function updateLine({ m, v, momentum }, { c, mean, variance, count }, made, say) {
  if (![m[c], v[c], made.mean[c], made.variance[c]].every(Number.isFinite)) return null;
  const factor = count / (count - 1);
  const part = written(momentum);
  const rest = written(1 - momentum);
  const each = (
    /** @type {string} */ name,
    /** @type {number} */ old,
    /** @type {number} */ now,
    /** @type {number} */ scale,
    /** @type {string} */ more,
    /** @type {number} */ result,
  ) => {
    const told = shown([old, now], ([a, b]) => (1 - momentum) * a + momentum * b * scale, result);
    return h(
      'span',
      { class: 'update', 'data-role': `update-${name}` },
      term(h('span', { class: 'quiet' }, say(`new_${name}`)), ' = '),
      term(num(rest, 'rest'), h('span', { class: 'times' }, '×'), said(told.operands[0], 'old')),
      term('+ ', num(part, 'part'), h('span', { class: 'times' }, '×'), said(told.operands[1], 'now'), more),
      term('= ', num(told.result, 'new', { class: 'num result', 'data-text': told.result })),
    );
  };
  return line(
    'update',
    each('mean', m[c], mean, 1, '', made.mean[c]),
    each('variance', v[c], variance, factor, ` × ${count}/${count - 1}`, made.variance[c]),
  );
}

/**
 * text: the mean as the last line has it, where its numbers are too many to be listed.
 * @param {number[]} cells
 * @param {number} mean
 * @param {string} text
 * @param {LabScene['say']} say
 */
function meanLine(cells, mean, text, say) {
  if (cells.length > MANY || cells.some((value) => !Number.isFinite(value)))
    return line('mean', term('μ = ', say('mean_of', { count: cells.length }), ' = ', num(text, 'mean', { 'data-text': text })));
  const plain = [...cells, mean].every((value) => near(parse(written(value)), value));
  const { operands: shown, result } = plain
    ? { operands: cells.map(written), result: written(mean) }
    : printedMean(cells, cells.length, mean);
  return line(
    'mean',
    term('μ = ('),
    shown.map((text, i) =>
      term(
        i ? (text.startsWith('−') ? '− ' : '+ ') : '',
        num(i ? text.replace('−', '') : text, 'value', { 'data-text': text }),
      ),
    ),
    term(`) / ${cells.length}`),
    term('= ', num(result, 'mean', { 'data-text': result })),
  );
}

/**
 * Local response normalisation: divided by what the squares of the neighbouring channels come to.
 * @param {LabScene} scene
 * @param {Place} at
 * @returns {(HTMLElement | null)[]}
 */
export function responseCard({ values, answer, say }, [n, c, y, x]) {
  const { size, alpha, beta, k, paper } = values;
  const [first, end] = neighbours(c, shapeOf(values.x)[1], size);
  const result = answer.output[n][c][y][x];
  const around = values.x[n].slice(first, end).map((/** @type {number[][]} */ plane) => plane[y][x]);
  const squares = answer.statistics.squares[n][c][y][x];
  const place = h(
    'p',
    { class: 'quiet' },
    say('at', { n, c, row: y + 1, column: x + 1 }),
    say(Number.isFinite(result) ? 'near' : 'spoilt', { first, last: end - 1 }),
  );
  if (!Number.isFinite(result)) return [place];
  const factor = alphaOf(values) / size;
  const told = responseWritten(
    { around, own: c - first, squares, result },
    (value, total) => value / (k + factor * total) ** beta,
  );
  const weight = paper ? [num(written(alpha), 'alpha')] : [num(written(alpha), 'alpha'), ' / ', num(String(size), 'size')];
  return [
    place,
    line(
      'squares',
      term('Σ x² = '),
      told.around.map((text, i) => term(i ? '+ ' : '', said(text), '²')),
      term('= ', num(told.squares, 'squares', { 'data-text': told.squares })),
    ),
    line(
      'result',
      term(paper ? 'y = x / (k + α · Σ x²)' : 'y = x / (k + α / n · Σ x²)', h('sup', {}, 'β'), ' = '),
      term(
        said(told.around[c - first], 'x'),
        ' / (',
        num(written(k), 'k'),
        ' + ',
        weight,
        ' · ',
        num(told.squares, 'squares', { 'data-text': told.squares }),
        ')',
        h('sup', { class: 'num' }, written(beta)),
      ),
      term('= ', num(told.result, 'result', { class: 'num result', 'data-text': told.result })),
    ),
    h('p', { class: 'quiet' }, say(paper ? 'alpha_paper' : 'alpha_torch', { alpha: written(alphaOf(values)), n: size })),
  ];
}

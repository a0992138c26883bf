/** The arithmetic of a normalised number, printed so that it is true. */
/** @import { LabScene } from '../../core/lab/types.js' */
/** @import { Place } from '../../core/lab/norm.js' */
import { printedMean, printedNormalisation } from '../../core/arithmetic.js';
import { alphaOf, neighbours, sharedCells, statisticsOf } from '../../core/lab/norm.js';
import { flat, shapeOf, short } from '../../core/lab/grids.js';
import { parse, settle, significant } from '../../core/numbers.js';
import { h, num } from '../dom.js';
import { written } from './groups.js';

const MANY = 16; // more numbers than these are not listed

/** The same but for the dust of binary fractions. @param {number} a @param {number} b */
const near = (a, b) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));

const said = (/** @type {string} */ text, role = 'value') =>
  num(text.startsWith('−') ? `(${text})` : text, role, { 'data-text': text });
const term = (/** @type {any[]} */ ...parts) => h('span', { class: 'term' }, ...parts);
const line = (/** @type {string} */ name, /** @type {any[]} */ ...parts) =>
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
    : printedNormalisation(parts, result);
}

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
    ...(running ? [] : [meanLine(cells, mean, say), varianceLine(cells, mean, variance)]),
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
function shown(operands, evaluate, result) {
  const plain = [...operands, result].every((value) => near(parse(written(value)), value));
  return plain
    ? { operands: operands.map(written), result: written(result) }
    : settle(operands, evaluate, result, { decimals: 3, print: significant });
}

/** The mean of the squared distances from the mean. @param {number[]} cells @param {number} mean @param {number} variance */
function varianceLine(cells, mean, variance) {
  if (cells.length > MANY / 2 || ![...cells, variance].every(Number.isFinite)) return null;
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

/** @param {number[]} cells @param {number} mean @param {LabScene['say']} say */
function meanLine(cells, mean, say) {
  if (cells.length > MANY || cells.some((value) => !Number.isFinite(value)))
    return line('mean', term('μ = ', say('mean_of', { count: cells.length }), ' = ', num(short(mean), 'mean')));
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
  const weight = paper ? [num(written(alpha), 'alpha')] : [num(written(alpha), 'alpha'), ' / ', num(String(size), 'size')];
  return [
    place,
    line(
      'squares',
      term('Σ x² = '),
      around.map((/** @type {number} */ value, /** @type {number} */ i) => term(i ? '+ ' : '', said(written(value)), '²')),
      term('= ', num(written(squares), 'squares', { 'data-text': written(squares) })),
    ),
    line(
      'result',
      term(paper ? 'y = x / (k + α · Σ x²)' : 'y = x / (k + α / n · Σ x²)', h('sup', {}, 'β'), ' = '),
      term(
        said(written(values.x[n][c][y][x]), 'x'),
        ' / (',
        num(written(k), 'k'),
        ' + ',
        weight,
        ' · ',
        num(written(squares), 'squares', { 'data-text': written(squares) }),
        ')',
        h('sup', { class: 'num' }, written(beta)),
      ),
      term('= ', num(significant(result, 4), 'result', { class: 'num result', 'data-text': significant(result, 4) })),
    ),
    h('p', { class: 'quiet' }, say(paper ? 'alpha_paper' : 'alpha_torch', { alpha: written(alphaOf(values)), n: size })),
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
  return [
    h('p', { class: 'quiet' }, say('dropped_at', { row: row + 1, column: column + 1, seed: values.seed + at })),
    line(
      'result',
      term(
        said(written(value)),
        h('span', { class: 'times' }, '×'),
        num(String(mask), 'mask'),
        h('span', { class: 'times' }, '×'),
        num(written(scale), 'scale'),
      ),
      term('= ', num(written(value * mask * scale), 'result', { class: 'num result' })),
    ),
    line(
      'mean',
      term(say('kept', { kept, seeds }), ' '),
      term(
        said(written(value)),
        h('span', { class: 'times' }, '×'),
        num(`${kept}/${seeds}`, 'share'),
        h('span', { class: 'times' }, '×'),
        num(written(scale), 'scale'),
      ),
      term('= ', num(short((value * kept * scale) / seeds), 'mean', { class: 'num result' })),
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

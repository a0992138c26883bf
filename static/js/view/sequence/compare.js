/**
 * RNN, LSTM and GRU on the same input, one under the other on one axis of time: states, answers, gradients through time,
 * half-lives.
 */
/** @import { SequenceScene } from './scene.js' */
import { line, scaleLog } from 'd3';
import { range } from '../../core/tensor.js';
import { significant } from '../../core/numbers.js';
import { planeOf } from '../../sequence-data.js';
import { t } from '../../i18n.js';
import { boundOf } from '../colors.js';
import { canvasOf } from '../heatmap.js';
import { h, s } from '../dom.js';
import { percent } from './answers.js';
import { visible } from './timeline.js';

/**
 * @typedef {object} Compared   one cell's run
 * @property {any} model
 * @property {string} node
 * @property {import('../../core/types.js').Tensor} states   [layer, direction, step, unit]
 * @property {number[]} norms        of d answer / d h at each step
 * @property {number[]} halfLives    per unit, in steps
 * @property {{label: string, probability: number} | null} answer
 */

const FLOOR = 1e-12;

/** @param {SequenceScene} scene @param {Compared[] | null} runs @param {string[]} failed @returns {HTMLElement[]} */
export function compareView(scene, runs, failed) {
  if (!runs) return [h('p', { class: 'quiet' }, t('ui.loading'))];
  const { part, t: at } = scene;
  const norms = runs.flatMap((run) => run.norms).filter((norm) => norm > FLOOR);
  const domain = /** @type {[number, number]} */ ([Math.max(FLOOR, Math.min(...norms)), Math.max(...norms)]);
  const ribbon = h(
    'div',
    { class: 'tl-line' },
    h('span', { class: 'tl-label' }, t('seq.reads')),
    h(
      'div',
      { class: 'tl-row tl-ribbon' },
      part.tokens.map(({ text, known }, i) =>
        h('span', { class: `tl-token${known ? '' : ' unknown'}${i === at ? ' now' : ''}` }, visible(text)),
      ),
    ),
  );
  const widest = Math.max(...part.tokens.map(({ text }) => [...text].length));
  return [
    h('p', { class: 'lead-line' }, t('seq.compare_line')),
    h(
      'div',
      { class: 'compare', style: { '--count': part.steps, '--widest': widest, '--now': at } },
      h(
        'div',
        { class: 'tl-scroll', tabindex: 0, role: 'group', 'aria-label': t('seq.compare') },
        h(
          'div',
          { class: 'tl-grid' },
          runs.map((run) => oneRun(scene, run, domain)),
          ribbon,
          h('span', { class: 'tl-cursor', 'aria-hidden': 'true' }),
        ),
      ),
    ),
    failed.length
      ? h('p', { class: 'warning' }, t('seq.compare_missing', { names: failed.join(', ') }))
      : h('p', { class: 'quiet' }, t('seq.half_life_is')),
  ];
}

/** @param {SequenceScene} scene @param {Compared} run @param {[number, number]} domain */
function oneRun({ colours, part }, run, domain) {
  const plane = planeOf(run.states, 0, 0);
  const bound = boundOf(...range(plane.data));
  const lives = run.halfLives.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = lives.length ? lives[Math.floor(lives.length / 2)] : Infinity;
  const first = run.norms[0] ?? 0;
  const last = run.norms.at(-1) ?? 0;
  return h(
    'section',
    { class: 'compared', 'aria-label': run.model.title },
    h(
      'h3',
      { class: 'compared-title' },
      h('strong', {}, run.model.cell.toUpperCase()),
      run.answer ? h('span', {}, `${run.answer.label} ${percent(run.answer.probability)}`) : null,
      h('span', { class: 'quiet' }, t('seq.first_share', { share: last ? significant(first / last, 2) : '0' })),
      h(
        'span',
        { class: 'quiet' },
        t('seq.half_life', {
          steps: Number.isFinite(middle) ? significant(middle, 2) : '∞',
          longest: lives.length ? significant(lives[lives.length - 1], 3) : '∞',
        }),
      ),
    ),
    h(
      'div',
      { class: 'tl-line' },
      h('span', { class: 'tl-label' }, t('seq.state_h')),
      h('div', { class: 'tl-map low', style: { '--units': plane.height } }, canvasOf(plane, bound, colours)),
    ),
    h('div', { class: 'tl-line' }, h('span', { class: 'tl-label' }, t('seq.gradient')), norm(run.norms, domain, part.steps)),
  );
}

/**
 * The norm of the gradient at each step, on a logarithmic axis.
 * @param {number[]} norms
 * @param {[number, number]} domain
 * @param {number} steps
 */
function norm(norms, domain, steps) {
  const y = scaleLog()
    .domain(domain[0] < domain[1] ? domain : [domain[0], domain[0] * 10])
    .range([96, 4])
    .clamp(true);
  const path =
    line(
      (_, i) => (i + 0.5) * 100,
      (/** @type {any} */ v) => y(Math.max(v, domain[0])),
    )(/** @type {any} */ (norms)) ?? '';
  return h(
    'div',
    {
      class: 'tl-row tl-norm',
      role: 'img',
      'aria-label': t('seq.gradient_label', { first: significant(norms[0] ?? 0), last: significant(norms.at(-1) ?? 0) }),
    },
    s('svg', { viewBox: `0 0 ${100 * steps} 100`, preserveAspectRatio: 'none' }, s('path', { class: 'given', d: path })),
    h('span', { class: 'tl-tick num', style: { top: '4%' } }, significant(domain[1], 1)),
    h('span', { class: 'tl-tick num', style: { top: '96%' } }, significant(domain[0], 1)),
  );
}

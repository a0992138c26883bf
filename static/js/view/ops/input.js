/**
 * input's card: the number as it was given; a token's place in the vocabulary, a value of a series in the network's unit, a
 * pixel.
 */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { line, scaleLinear } from 'd3';
import { settle, significant } from '../../core/numbers.js';
import { range } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, s, sign } from '../dom.js';
import { wayTo } from '../way.js';

/** @type {OpView} */
export const input = {
  alone: (e) => e.record.shape.length < 3,
  card(e) {
    const { scene, record, index } = e;
    const token = scene.names?.token(record, index[0]);
    if (record.shape.length === 1 && token !== null && token !== undefined) return tokenCard(e, token);
    return [
      ...series(e),
      seriesLine(e) ?? equation([num(significant(e.result), 'result', { class: 'num result' })], 'big'),
      h('p', { class: 'quiet' }, t('walk.given')),
    ];
  },
};

/**
 * The text with this token marked, its number in the vocabulary, and where a written one was chosen.
 * @param {Explained} e
 * @param {string} token
 */
function tokenCard(e, token) {
  const {
    scene,
    record,
    index: [at],
  } = e;
  const chosen = scene.names?.chosen(record, at);
  const all = Array.from(e.output.data, (_, i) =>
    h(
      'button',
      {
        class: `run-token plain${i === at ? ' now' : ''}`,
        'data-unit': i,
        'aria-pressed': String(i === at),
        onclick: () => scene.act.openNumber(record.name, [i]),
      },
      scene.names?.token(record, i) ?? '',
    ),
  );
  return [
    h('p', { class: 'run-text' }, all),
    h(
      'div',
      { class: 'moved' },
      h('div', { class: 'moved-end' }, h('b', { class: 'token' }, token)),
      h(
        'div',
        { class: 'moved-rule' },
        sign('→'),
        h('span', {}, t('walk.number_of', { count: scene.names?.size(record) ?? 0 })),
      ),
      h('div', { class: 'moved-end' }, num(String(e.result), 'result', { class: 'num result' })),
    ),
    chosen
      ? h('p', {}, t('walk.written_before'), ' ', wayTo(e, chosen))
      : h('p', { class: 'quiet' }, t(at === 0 && record.name === 'written' ? 'walk.start_token' : 'walk.given')),
  ];
}

/** The whole series as the network reads it, this value marked. @param {Explained} e */
function series({ output, index, record, scene }) {
  if (record.shape.length !== 2) return [];
  const [steps, features] = record.shape;
  const values = Float32Array.from({ length: steps }, (_, i) => output.data[i * features + index[1]]);
  const [low, high] = range(values);
  const x = scaleLinear()
    .domain([0, steps - 1])
    .range([0, 100]);
  const y = scaleLinear()
    .domain([Math.min(low, 0), Math.max(high, 0)])
    .range([98, 2]);
  const pick = (/** @type {MouseEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    scene.act.openNumber(record.name, [Math.round(((event.clientX - box.left) / box.width) * (steps - 1)), index[1]]);
  };
  return [
    h(
      'div',
      { class: 'series-plot', role: 'img', 'aria-label': record.name, onclick: pick },
      s(
        'svg',
        { viewBox: '0 0 100 100', preserveAspectRatio: 'none' },
        s('path', { class: 'axis', d: `M0,${y(0)}H100` }),
        s('path', {
          class: 'graph',
          d:
            line(
              (_, i) => x(i),
              (/** @type {any} */ v) => y(v),
            )(/** @type {any} */ (values)) ?? '',
        }),
      ),
      h('span', { class: 'point', style: { left: `${x(index[0])}%`, top: `${y(values[index[0]])}%` } }),
    ),
  ];
}

/** (value - mean) / deviation, where a series was scaled before it entered. @param {Explained} e */
function seriesLine({ scene, record, index: [at, feature = 0], result }) {
  const scale = record.shape.length === 2 ? scene.names?.scaled(at, feature) : null;
  if (!scale) return null;
  const { value, mean, std } = scale;
  const printed = settle([value, mean, std], ([v, m, d]) => (v - m) / d, result, { decimals: 3, print: significant });
  const [v, m, d] = printed.operands;
  return equation(
    [
      sign('x = ('),
      num(v, 'value'),
      sign('−'),
      num(m, 'mean'),
      sign(') ÷'),
      num(d, 'std'),
      sign('='),
      num(printed.result, 'result', { class: 'num result' }),
    ],
    'big',
  );
}

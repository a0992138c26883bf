/**
 * Where books and libraries differ, as switches: the same numbers, told otherwise. And, for a hand-set network, whose
 * arithmetic is shown.
 */
/** @import { Context } from './context.js' */
import { ORDERS } from '../../core/recurrent/conventions.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';

/** @param {Context} context */
export function conventions(context) {
  const { run, scene } = context;
  const rows = [
    choice(context, 'biases', ['two', 'one']),
    ...(run.cell === 'gru' ? [choice(context, 'update', ['z', 'complement'])] : []),
    ...(run.cell === 'rnn' ? [] : [order(context)]),
  ];
  const said =
    scene.state.biases === 'one' || scene.state.update === 'complement' || (scene.state.order ?? 'torch') !== 'torch';
  return h(
    'details',
    { class: 'conventions', 'data-keep': 'conventions', open: wasOpen() },
    h(
      'summary',
      { 'data-keep': 'conventions-summary' },
      t('cell.conventions'),
      said ? h('span', { class: 'told-otherwise' }, ' •') : null,
    ),
    h('div', { class: 'convention-rows' }, h('p', {}, t('cell.same_result')), rows),
  );
}

/** A redrawing keeps the choices in sight. */
const wasOpen = () => document.querySelector('details.conventions')?.hasAttribute('open') ?? false;

/**
 * @param {Context} context
 * @param {'biases' | 'update' | 'order'} field
 * @param {string[]} options
 * @param {((option: string) => string)=} nameOf
 * @param {string=} line
 */
function choice(
  { scene: { state, act } },
  field,
  options,
  nameOf = (option) => t(`cell.${field}_${option}`),
  line = t(`cell.${field}_line`),
) {
  return h(
    'div',
    { class: 'convention' },
    h('p', {}, line),
    h(
      'div',
      { class: 'segments', role: 'group', 'aria-label': t(`cell.${field}`) },
      options.map((option) =>
        h(
          'button',
          {
            class: 'plain',
            'aria-pressed': String((state[field] ?? options[0]) === option),
            'data-keep': `${field}-${option}`,
            onclick: () => act.go({ [field]: option }),
          },
          nameOf(option),
        ),
      ),
    ),
  );
}

/** @param {Context} context */
function order(context) {
  const { run } = context;
  const distinct = Object.keys(ORDERS).filter(
    (name, i, all) => all.findIndex((other) => ORDERS[other][run.cell].join() === ORDERS[name][run.cell].join()) === i,
  );
  return choice(
    context,
    'order',
    distinct,
    (name) => `${t(`cell.order_${name}_${run.cell}`)}: ${ORDERS[name][run.cell].join(' ')}`,
    t('cell.order_line'),
  );
}

/**
 * The switch of a hand-set network between real sigmoids and the slide's arithmetic, with a sentence that says which is shown.
 * @param {Context} context
 */
export function arithmetic({ run, scene: { state, act } }) {
  if (!run.unit) return null;
  const slide = Boolean(state.slide);
  const button = (/** @type {boolean} */ on, /** @type {string} */ key) =>
    h(
      'button',
      { class: 'plain', 'aria-pressed': String(slide === on), 'data-keep': key, onclick: () => act.go({ slide: on }) },
      t(`cell.${key}`),
    );
  return h(
    'div',
    { class: 'arithmetic-switch' },
    h(
      'div',
      { class: 'segments', role: 'group', 'aria-label': t('cell.arithmetic') },
      button(false, 'real'),
      button(true, 'slide'),
    ),
    h('p', {}, t(slide ? 'cell.slide_line' : 'cell.real_line', { times: Math.round(1 / run.unit) })),
  );
}

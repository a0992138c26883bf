/** How a layer is set, and its output size computed from that. */
/** @import { Scene } from './scene.js' */
import { paddingOf, sliding } from '../core/shapes.js';
import { t } from '../i18n.js';
import { formula } from './formula.js';
import { h, num, sign } from './dom.js';

const SHOWN = [
  'kernel_size',
  'stride',
  'padding',
  'dilation',
  'groups',
  'in_features',
  'out_features',
  'output_size',
  'eps',
  'p',
];

/** @param {Scene} scene @param {any} record */
export function hyperparameters({ data, formulas }, record) {
  const hp = record.hyperparameters;
  const chips = SHOWN.filter((key) => hp[key] !== undefined && hp[key] !== null).map((key) =>
    h(
      'span',
      { class: 'chip' },
      h('span', {}, key),
      num(Array.isArray(hp[key]) ? hp[key].join('×') : String(hp[key]), 'hyperparameter'),
    ),
  );
  const source = data.records.get(record.inputs[0]);
  const sizes = source && hp.kernel_size && hp.padding !== 'same' ? axes(hp, source.shape, record.shape) : [];
  return h(
    'div',
    { class: 'chips' },
    chips,
    sizes.length
      ? h(
          'section',
          { class: 'sizes' },
          h('h3', {}, t('ui.output_size')),
          formula(formulas[hp.ceil_mode ? 'output_size_ceil' : 'output_size'] ?? '', t('ui.output_size')),
          sizes,
        )
      : null,
  );
}

/**
 * The rule with this layer's numbers: once, or for rows and columns where they differ.
 * @param {any} hp
 * @param {number[]} input
 * @param {number[]} output
 */
function axes(hp, input, output) {
  const { kernel, stride, dilation, ceil } = sliding(hp);
  const padding = paddingOf(hp);
  const along = (/** @type {0 | 1} */ axis) => [
    input[axis + 1],
    padding[axis],
    dilation[axis],
    kernel[axis],
    stride[axis],
    output[axis + 1],
  ];
  const alike = along(0).join() === along(1).join();
  return (alike ? [along(0)] : [along(0), along(1)]).map((numbers, axis) =>
    evaluated(numbers, ceil, alike ? '' : t(axis ? 'ui.width_of' : 'ui.height_of')),
  );
}

/** @param {number[]} numbers @param {boolean} ceil @param {string} name */
function evaluated([size, padding, dilation, kernel, stride, output], ceil, name) {
  const [open, close] = ceil ? ['⌈', '⌉'] : ['⌊', '⌋'];
  const given = (/** @type {number} */ value, /** @type {string} */ role) => num(String(value), role);
  return h(
    'p',
    { class: 'size' },
    name ? h('span', { class: 'quiet' }, name) : null,
    sign(`${open}(`),
    given(size, 'size'),
    sign('+ 2 ×'),
    given(padding, 'padding'),
    sign('−'),
    given(dilation, 'dilation'),
    sign('× ('),
    given(kernel, 'kernel'),
    sign('− 1) − 1) ÷'),
    given(stride, 'stride'),
    sign(`${close} + 1 =`),
    num(String(output), 'output-size', { class: 'num result' }),
  );
}

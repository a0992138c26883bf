/** How a layer is set, and its output size computed from that. */
/** @import { Scene } from './scene.js' */
import { paddingOf, sliding } from '../core/shapes.js';
import { t } from '../i18n.js';
import { h, num, sign } from './dom.js';

const SHOWN = ['kernel_size', 'stride', 'padding', 'dilation', 'groups', 'in_features', 'out_features', 'output_size', 'eps', 'p'];

/** @param {Scene} scene @param {any} record */
export function hyperparameters({ data }, record) {
  const hp = record.hyperparameters;
  const chips = SHOWN.filter((key) => hp[key] !== undefined && hp[key] !== null)
    .map((key) => h('span', { class: 'chip' }, h('span', {}, key), num(Array.isArray(hp[key]) ? hp[key].join('×') : String(hp[key]), 'hyperparameter')));
  const source = data.records.get(record.inputs[0]);
  return h('div', { class: 'chips' }, chips, source && hp.kernel_size && !hp.ceil_mode ? size(hp, source.shape, record.shape) : null);
}

/** floor((n + 2p - d(k-1) - 1) / s) + 1, with the numbers. @param {any} hp @param {number[]} input @param {number[]} output */
function size(hp, input, output) {
  const { kernel, stride, dilation } = sliding(hp);
  const padding = paddingOf(hp);
  const text = `⌊(${input[1]} + 2·${padding[0]} − ${dilation[0]}·(${kernel[0]} − 1) − 1) / ${stride[0]}⌋ + 1`;
  return h('span', { class: 'chip size' }, h('span', {}, t('ui.output_size')), h('span', { class: 'num' }, text), sign('='), num(String(output[1]), 'size'));
}

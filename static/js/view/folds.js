/** A convolution's layer: incoming map * kernel = partial result, channel by channel, folding into the sum. */
/** @import { Explained } from './explained.js' */
/** @import { Colours } from './colors.js' */
/** @import { Tensor } from '../core/types.js' */
import { channelsRead, partial } from '../core/ops/conv2d.js';
import { offset, plane, range } from '../core/tensor.js';
import { significant } from '../core/numbers.js';
import { t } from '../i18n.js';
import { boundOf } from './colors.js';
import { enterButton } from './enter.js';
import { figure } from './figure.js';
import { heatmap } from './heatmap.js';
import { legend } from './legend.js';
import { h, sign } from './dom.js';

const FEW = 12; // channels that are all in sight at once
const IN_SIGHT = 16; // channels painted at once; more come into sight by scrolling

/**
 * What one unit makes of each channel that it reads, drawn.
 * @typedef {object} Folds
 * @property {string} key
 * @property {Colours} colours
 * @property {Tensor[]} maps        partial results
 * @property {number} bound         of all partial results
 * @property {HTMLElement[]} inputs   incoming maps, which the layer's units share
 * @property {HTMLElement[]} rows
 */

/** @type {WeakMap<Tensor, Folds>} by the layer's output: a step changes only which rows stand out */
const known = new WeakMap();

/** @param {Explained} e */
export function convolution(e) {
  const { scene, source, input, operands, inputBound } = e;
  const { rows, maps, bound } = foldsOf(e);
  const [first] = channelsRead(e.record, scene.state.unit, input.shape[0]);
  rows.forEach((row, i) => {
    row.className = `fold${state(e, `channel:${first + i}`)}`;
  });
  return h(
    'div',
    { class: 'layer-body' },
    h(
      'div',
      { role: 'group', tabindex: 0, 'aria-label': t('ui.partial') },
      h(
        'div',
        { class: 'legends' },
        legend(scene.colours, inputBound, source.name, range(input.data)[0] >= 0),
        legend(scene.colours, boundOf(...range(operands.params.weight.data)), t('ui.kernel')),
        legend(scene.colours, bound, t('ui.partial')),
      ),
      h(
        'div',
        {
          class: 'folds',
          'data-many': rows.length > FEW,
          style: {
            '--count': rows.length,
            ...(rows.length > 3 && rows.length <= FEW ? { '--lines': Math.ceil(rows.length / 2) } : {}),
          },
        },
        rows,
      ),
    ),
    total(
      e,
      maps.map(({ data }) => data),
    ),
  );
}

/** @param {Explained} e @param {string} id */
const state = (e, id) => `${e.shown(id) ? '' : ' later'}${e.active === id ? ' on' : ''}`;

/** The rows of the unit in view, made when it is another one than before. @param {Explained} e @returns {Folds} */
function foldsOf(e) {
  const { scene, record, input, operands, output } = e;
  const { unit } = scene.state;
  const [first, last] = channelsRead(record, unit, input.shape[0]);
  const before = known.get(output);
  const alike = before?.colours === scene.colours;
  const key = [unit, first].join();
  if (before && alike && before.key === key) return before;
  const channels = Array.from({ length: last - first }, (_, i) => first + i);
  const maps = channels.map((from) => partial(record, input, operands.params.weight, unit, from));
  const bound = Math.max(...maps.map(({ data }) => boundOf(...range(data))));
  const same = before && alike && before.key.split(',')[1] === String(first); // of a group, other units read other channels
  const inputs = same ? before.inputs : channels.map((from) => inputMap(e, from, isFar(from - first)));
  const kernelBound = boundOf(...range(operands.params.weight.data));
  const rows = channels.map((from, i) =>
    row(from, [inputs[i], kernelMap(e, i, kernelBound), resultMap(e, maps[i], bound, isFar(i))]),
  );
  const made = { key, colours: scene.colours, maps, bound, inputs, rows };
  known.set(output, made);
  return made;
}

/** @param {number} i */
const isFar = (i) => i >= IN_SIGHT;

/** @param {number} from @param {HTMLElement[]} maps   in, kernel, result */
const row = (from, [incoming, kernel, result]) =>
  h(
    'div',
    { class: 'fold' },
    h('span', { class: 'fold-name', title: t('ui.incoming', { channel: from }) }, String(from)),
    incoming,
    sign('∗'),
    kernel,
    sign('='),
    result,
  );

/** @param {Explained} e @param {number} channel @param {boolean} far */
const inputMap = ({ scene, input, inputBound }, channel, far) =>
  heatmap({
    plane: plane(input, channel),
    bound: inputBound,
    colours: scene.colours,
    label: t('ui.incoming', { channel }),
    far,
  });

/** @param {Explained} e @param {Tensor} map @param {number} bound @param {boolean} far */
const resultMap = ({ scene }, map, bound, far) =>
  heatmap({ plane: plane(map, 0), bound, colours: scene.colours, label: t('ui.partial'), far });

/** @param {Explained} e @param {number} i   which of the channels that the unit reads @param {number} bound */
function kernelMap({ scene, operands }, i, bound) {
  const { weight } = operands.params;
  const [, , height, width] = weight.shape;
  const start = offset(weight.shape, [scene.state.unit, i, 0, 0]);
  return heatmap({
    plane: { height, width, data: weight.data.subarray(start, start + height * width) },
    bound,
    colours: scene.colours,
    label: t('ui.kernel'),
    size: 'kernel',
    far: isFar(i),
  });
}

/**
 * The sum so far: of the channels reached by the step, with the bias once it is reached.
 * @param {Explained} e
 * @param {Float32Array[]} parts
 */
function total(e, parts) {
  const { scene, record, operands, output, outputBound: bound } = e;
  const { unit, step } = scene.state;
  const added = step === null ? parts.length : Math.min(step + 1, parts.length);
  const done = step === null || e.shown('result');
  const bias = operands.params.bias?.data[unit];
  const so_far = done
    ? plane(output, unit)
    : { ...plane(output, unit), data: addUp(parts.slice(0, added), e.shown('bias') ? (bias ?? 0) : 0) };
  return h(
    'div',
    { class: 'total-map' },
    h(
      'p',
      { class: 'fold-sum' },
      done && bias !== undefined ? t('ui.sum_of_channels') : t('ui.running_sum', { count: added }),
      bias === undefined
        ? null
        : h('span', { class: state(e, 'bias') }, ` ${t('ui.bias')} `, h('span', { class: 'num' }, significant(bias))),
    ),
    figure(
      heatmap({
        plane: so_far,
        bound,
        colours: scene.colours,
        label: t('ui.unit_map', { unit }),
        size: 'large',
        onCell: (y, x) => scene.act.openNumber(record.name, [unit, y, x]),
      }),
      t('ui.unit_map', { unit }),
      record.shape.slice(1).join(' × '),
    ),
    enterButton(scene),
  );
}

/** @param {Float32Array[]} parts @param {number} bias */
function addUp(parts, bias) {
  const sum = new Float32Array(parts[0].length).fill(bias);
  for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i] += part[i];
  return sum;
}

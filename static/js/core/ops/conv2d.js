/** conv2d (cross-correlation, as torch computes it): sizes, the window under the kernel, and the terms of one cell. */
/** @import { CoreOp, Tensor, Term } from '../types.js' */
import { pair, slidingSizes, slidingWindow } from '../shapes.js';
import { inside, offset, plane, valueAt } from '../tensor.js';

/** @type {CoreOp} */
export const conv2d = {
  outputShape: (hp, [, height, width]) => [hp.out_channels, ...slidingSizes(hp, height, width)],

  window: (record, [channel, y, x], shape) => [slidingWindow(record, [y, x], channelsRead(record, channel, shape[0]))],

  terms(record, index, { inputs: [input], params }) {
    const [channel, y, x] = index;
    const { weight, bias } = params;
    const [first] = channelsRead(record, channel, input.shape[0]);
    const [, perGroup, kh, kw] = weight.shape;
    const { start, step } = slidingWindow(record, [y, x], [0, 1]);
    /** @type {Term[]} */
    const terms = [];
    const groups = [];
    for (let i = 0; i < perGroup; i++) {
      for (let ky = 0; ky < kh; ky++)
        for (let kx = 0; kx < kw; kx++) {
          const at = [first + i, start[1] + ky * step[1], start[2] + kx * step[2]];
          terms.push(term(record.inputs[0], input, at, weight.data[offset(weight.shape, [channel, i, ky, kx])]));
        }
      groups.push(channelGroup(first + i, terms, i * kh * kw));
    }
    const added = bias ? bias.data[channel] : null;
    const result = groups.reduce((total, group) => total + group.sum, 0) + (added ?? 0);
    return { op: record.op, node: record.name, index, terms, groups, bias: added, result, extra: {} };
  },
};

/** @param {string} node @param {Tensor} input @param {number[]} at @param {number} weight @returns {Term} */
function term(node, input, at, weight) {
  if (!inside(input.shape, at)) return { label: 'padding', weight, value: 0, product: 0, source: null };
  const value = valueAt(input, at);
  return { label: `${node}[${at}]`, weight, value, product: weight * value, source: { node, index: at } };
}

/** @param {number} channel @param {Term[]} terms @param {number} start */
function channelGroup(channel, terms, start) {
  const sum = terms.slice(start).reduce((total, { product }) => total + product, 0);
  return { label: `channel ${channel}`, start, stop: terms.length, sum };
}

/**
 * The input channels that one output channel reads.
 * @param {any} record
 * @param {number} channel
 * @param {number} channels
 * @returns {[number, number]}
 */
export function channelsRead(record, channel, channels) {
  const groups = record.hyperparameters.groups ?? 1;
  const perGroup = channels / groups;
  const outPerGroup = record.shape[0] / groups;
  const first = Math.floor(channel / outPerGroup) * perGroup;
  return [first, first + perGroup];
}

/**
 * The part that one input channel adds to one output map, over all positions.
 * @param {import('../types.js').NodeRecord} record
 * @param {Tensor} input
 * @param {Tensor} weight
 * @param {number} channel
 * @param {number} from  input channel
 * @returns {Tensor} of shape [1, height, width]
 */
export function partial(record, input, weight, channel, from) {
  const [, height, width] = record.shape;
  const [, perGroup, kh, kw] = weight.shape;
  const [first] = channelsRead(record, channel, input.shape[0]);
  const source = plane(input, from);
  const kernel = weight.data.subarray(offset(weight.shape, [channel, from - first, 0, 0]));
  const [sy, sx] = pair(record.hyperparameters.stride ?? 1);
  const { start, step } = slidingWindow(record, [0, 0], [0, 1]);
  const data = new Float32Array(height * width);
  if (from < first || from >= first + perGroup) return { shape: [1, height, width], data };
  for (let ky = 0; ky < kh; ky++)
    for (let kx = 0; kx < kw; kx++) {
      addShifted(
        data,
        [height, width],
        source,
        kernel[ky * kw + kx],
        [start[1] + ky * step[1], start[2] + kx * step[2]],
        [sy, sx],
      );
    }
  return { shape: [1, height, width], data };
}

/**
 * data[y, x] += weight * source[y * sy + top, x * sx + left], zero outside.
 * @param {Float32Array} data @param {number[]} size @param {{height: number, width: number, data: Float32Array}} source
 * @param {number} weight @param {number[]} corner @param {number[]} stride
 */
function addShifted(data, [height, width], source, weight, [top, left], [sy, sx]) {
  for (let y = 0; y < height; y++) {
    const row = y * sy + top;
    if (row < 0 || row >= source.height) continue;
    for (let x = 0; x < width; x++) {
      const column = x * sx + left;
      if (column >= 0 && column < source.width) data[y * width + x] += weight * source.data[row * source.width + column];
    }
  }
}

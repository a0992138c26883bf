/**
 * What a convolution costs in multiplications: directly, and through a 1 × 1 bottleneck, as in an inception block (Szegedy et
 * al. 2014).
 */
/** @import { LabScene, Piece } from '../../core/lab/types.js' */
import { h, num } from '../dom.js';
import { arrow, block, grouped, productLine } from './counted.js';

/** Multiplications each way. @param {import('../../core/lab/types.js').Values} values */
export function costs({ side, from, to, size, between }) {
  const places = side * side;
  const direct = places * to * size * size * from;
  const squeeze = places * between * from;
  const widen = places * to * size * size * between;
  return { direct, squeeze, widen, through: squeeze + widen };
}

/** The two ways as lines of boxes. @param {LabScene} scene @returns {Piece[]} */
export function costFigure(scene) {
  const { side, from, to, size, between } = scene.values;
  const { direct, through } = costs(scene.values);
  const data = (/** @type {string} */ id, /** @type {number} */ channels) =>
    block(id, [side, side], channels, { side, channels: Math.max(from, to, between) });
  const arranged = (/** @type {'row' | 'column'} */ way, /** @type {'row' | 'column'} */ ways) =>
    /** @type {Piece} */ ({
      kind: ways,
      gap: 1,
      items: [
        {
          kind: way,
          gap: way === 'row' ? 2 : 0.4,
          items: [
            data('in', from),
            arrow(way, size, to),
            data('out', to),
            { kind: 'words', lines: [scene.say('direct'), grouped(direct)], size: 1.3 },
          ],
        },
        {
          kind: way,
          gap: way === 'row' ? 2 : 0.4,
          items: [
            data('in2', from),
            arrow(way, 1, between),
            data('between', between),
            arrow(way, size, to),
            data('out2', to),
            { kind: 'words', lines: [scene.say('bottleneck'), grouped(through)], size: 1.3 },
          ],
        },
      ],
    });
  return [arranged('row', 'column'), arranged('column', 'row')];
}

/** places × kernels × kernel elements, multiplied out. @param {LabScene} scene @returns {HTMLElement} */
export function costCard(scene) {
  const { side, from, to, size, between } = scene.values;
  const { direct, squeeze, widen, through } = costs(scene.values);
  return h(
    'div',
    { class: 'lab-sums' },
    productLine(scene.say('direct'), [side, side, to, size, size, from], direct),
    productLine(scene.say('squeeze'), [side, side, between, 1, 1, from], squeeze),
    productLine(scene.say('widen'), [side, side, to, size, size, between], widen),
    h(
      'div',
      { class: 'lab-terms' },
      h('span', { class: 'group-name' }, scene.say('bottleneck')),
      h(
        'span',
        { class: 'term' },
        num(grouped(squeeze), 'product'),
        ' + ',
        num(grouped(widen), 'product'),
        ' = ',
        num(grouped(through), 'result', { class: 'num result' }),
      ),
      h('span', { class: 'term quiet' }, scene.say('saved', { times: (direct / through).toFixed(1) })),
    ),
  );
}

/**
 * The same count by PyTorch: the elements of a layer's output times those of one kernel.
 * @param {import('../../core/lab/types.js').Values} values
 */
export const costCode = ({ side, from, to, size, between }) => `import torch
from torch import nn

def multiplications(layer, x):
    return layer(x).numel() * layer.weight[0].numel()

side = ${side}
direct = nn.Conv2d(${from}, ${to}, ${size}, padding="same", bias=False, device="meta")
squeeze = nn.Conv2d(${from}, ${between}, 1, bias=False, device="meta")
widen = nn.Conv2d(${between}, ${to}, ${size}, padding="same", bias=False, device="meta")
x = torch.empty(1, ${from}, side, side, device="meta")
between = torch.empty(1, ${between}, side, side, device="meta")
output = torch.tensor([multiplications(direct, x), multiplications(squeeze, x) + multiplications(widen, between)])
print(output)
`;

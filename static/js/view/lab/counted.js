/**
 * The size calculator for layers of any size: what comes out, what is cut off, and how many weights each kind of connection
 * takes.
 */
/** @import { LabScene, Piece, Values } from '../../core/lab/types.js' */
import { h, num, s } from '../dom.js';

export const grouped = (/** @type {number} */ count) => count.toLocaleString('en-US');

/** A product written out. @param {string} name @param {number[]} factors @param {number} product @returns {HTMLElement} */
export const productLine = (name, factors, product) =>
  h(
    'div',
    { class: 'lab-terms' },
    h('span', { class: 'group-name' }, name),
    factors.map((factor, i) => h('span', { class: 'term' }, i ? '× ' : '', num(grouped(factor), 'factor'))),
    h('span', { class: 'term' }, '= ', num(grouped(product), 'product', { class: 'num result' })),
  );

/**
 * A layer's data as a block: its face as large as its sides, its depth by its channels, both on a logarithmic scale, for they
 * differ a thousandfold.
 * @param {string} id
 * @param {number[]} sides
 * @param {number} channels
 * @param {{side: number, channels: number}} largest
 * @returns {Piece}
 */
export const block = (id, [rows, columns], channels, largest) => ({
  kind: 'column',
  gap: 0.4,
  items: [
    {
      kind: 'drawing',
      id,
      label: '',
      rows: 4,
      columns: 4,
      draw: ({ x, y, wide, tall }) => {
        const room = Math.min(wide, tall) * 4;
        const share = (/** @type {number} */ value, /** @type {number} */ most) => Math.log(1 + value) / Math.log(1 + most);
        const face = 0.62 * room * share(Math.min(rows, columns), largest.side);
        const depth = 0.3 * room * share(channels, largest.channels);
        const left = x + (4 * wide - face - depth) / 2;
        const top = y + (4 * tall + depth - face) / 2;
        const right = left + face;
        const bottom = top + face;
        return [
          s('polygon', {
            class: 'block-side',
            points: `${left},${top} ${left + depth},${top - depth} ${right + depth},${top - depth} ${right},${top}`,
          }),
          s('polygon', {
            class: 'block-side',
            points: `${right},${top} ${right + depth},${top - depth} ${right + depth},${bottom - depth} ${right},${bottom}`,
          }),
          s('rect', { class: 'block-face', x: left, y: top, width: face, height: face }),
        ];
      },
    },
    { kind: 'words', strong: true, lines: [`${rows} × ${columns} × ${channels}`] },
  ],
});

/**
 * What is done between two.
 * @param {'row' | 'column'} way
 * @param {number} kernel
 * @param {number} count
 * @param {string=} more
 * @returns {Piece}
 */
export function arrow(way, kernel, count, more = '') {
  const said = `${kernel} × ${kernel} × ${count}${more}`;
  return { kind: 'words', size: way === 'row' ? 1.3 : 1, lines: way === 'row' ? [said, '⟶'] : [`↓ ${said}`] };
}

/** What the engine is asked. @param {Values} values */
export const sizesAsked = ({ side, size, stride, padding, dilation, equal, from, to }) => ({
  op: 'conv2d_size',
  body: {
    input: side,
    kernel: size,
    stride: equal ? 1 : stride,
    padding: equal ? 'same' : padding,
    dilation,
    in_channels: from,
    out_channels: to,
    steps: false,
  },
});

/** @param {LabScene} scene @returns {Piece[]} */
export function sizesFigure({ values: { side, size, from, to, stride, equal }, answer, say }) {
  const more = !equal && stride > 1 ? ` · ${say('stride')} ${stride}` : '';
  const largest = { side: Math.max(side, ...answer.output), channels: Math.max(from, to, 64) };
  const arranged = (/** @type {'row' | 'column'} */ way) =>
    /** @type {Piece} */ ({
      kind: way,
      gap: way === 'row' ? 2 : 0.4,
      items: [block('in', [side, side], from, largest), arrow(way, size, to, more), block('out', answer.output, to, largest)],
    });
  return [arranged('row'), arranged('column')];
}

/** @param {LabScene} scene @returns {HTMLElement[]} */
export function sizesCard({
  values: { side, size, from, to },
  answer: {
    output: [high, wide],
    weights,
  },
  say,
}) {
  return [
    h('p', { class: 'quiet' }, say('weights_line')),
    h(
      'div',
      { class: 'lab-sums' },
      productLine(say('connected_full'), [side, side, from, high, wide, to], weights.full),
      productLine(say('connected_local'), [high, wide, to, size, size, from], weights.local),
      productLine(say('connected_shared'), [size, size, from, to], weights.shared),
    ),
  ];
}

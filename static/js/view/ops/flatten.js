/** flatten's card: which pixel becomes which entry, from the whole vector to the map, its row, the entry. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, s, sign } from '../dom.js';
import { cellMark, plane } from '../explained.js';
import { figure } from '../figure.js';
import { heatmap } from '../heatmap.js';

/** @type {OpView} */
export const flatten = {
  maps(e) {
    const at = e.explanation.terms[0].source?.index ?? [];
    if (at.length !== 3) return [];
    const row = { x: 0, y: at[1], width: e.input.shape[2], height: 1, kind: /** @type {'window'} */ ('window') };
    return [figure(heatmap({
      plane: plane(e.input, at[0]), bound: e.inputBound, colours: e.scene.colours, label: t('ui.input_map'), marks: [row, cellMark(at)],
      onCell: (y, x) => e.scene.act.openNumber(e.record.name, [(at[0] * e.input.shape[1] + y) * e.input.shape[2] + x]),
    }), `${e.source.name} · ${at[0]}`, e.source.shape.slice(1).join('×'), 'in')];
  },
  card(e) {
    const from = e.explanation.terms[0].source?.index ?? [];
    const { operands: [value], result } = printedAlike([e.explanation.terms[0].value], e.result);
    const later = e.shown('result') ? '' : ' later';
    return [
      ...(from.length === 3 ? strips(e, from) : []),
      equation([h('span', { class: 'quiet' }, t('ui.position_from', { from: from.join(', '), to: e.index[0] })),
        from.length === 3 ? h('span', { class: 'num' }, t('ui.flatten_text', { c: from[0], h: e.input.shape[1], y: from[1], w: e.input.shape[2], x: from[2], i: e.index[0] })) : null]),
      equation([sign('x ='), num(value, 'value'), sign('→ y ='), num(result, 'result', { class: `num result${later}` })], 'big'),
    ];
  },
};

/** The whole vector, the part that is this map, the part that is this row: each opens from the one above. @param {Explained} e @param {number[]} from */
function strips(e, [c, y, x]) {
  const [channels, height, width] = e.input.shape, size = height * width, first = c * size + y * width;
  return [
    strip(e, 0, channels * size, [c * size, size], t('ui.strip_all', { count: channels * size, channels })),
    opening(c / channels, 1 / channels),
    strip(e, c * size, size, [y * width, width], t('ui.strip_map', { unit: c, first: c * size, last: (c + 1) * size - 1 })),
    opening(y / height, 1 / height),
    strip(e, first, width, [x, 1], t('ui.strip_row', { row: y, first, last: first + width - 1 })),
  ];
}

/** Entries side by side, a part of them marked. @param {Explained} e @param {number} start @param {number} count @param {number[]} marked @param {string} label */
function strip(e, start, count, [from, length], label) {
  const data = e.input.data.subarray(start, start + count);
  const map = heatmap({
    plane: { height: 1, width: count, data }, bound: e.inputBound, colours: e.scene.colours, label, size: 'strip',
    onCell: (_, x) => e.scene.act.openNumber(e.record.name, [start + x]),
  });
  map.append(h('span', { class: 'strip-mark', style: { left: `${(100 * from) / count}%`, width: `${(100 * length) / count}%` } }));
  return h('div', { class: 'strip-part' }, h('p', { class: 'quiet' }, label), map);
}

/** From a part of a strip to the whole of the next. @param {number} from @param {number} share */
const opening = (from, share) => s('svg', { class: 'opening', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
  s('path', { d: `M${100 * from},0L0,10H100L${100 * (from + share)},0Z` }));

/** flatten's card: which pixel becomes which entry, from the whole vector to the map, its row, the entry. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';
import { cellMark, plane } from '../explained.js';
import { figure } from '../figure.js';
import { heatmap } from '../heatmap.js';
import { movedStage } from '../moved.js';
import { opening, strip } from '../strips.js';
import { operand } from '../way.js';

/** @type {OpView} */
export const flatten = {
  alone: (e) => e.input.shape.length !== 3,
  maps(e) {
    const at = e.explanation.terms[0].source?.index ?? [];
    if (at.length !== 3) return [];
    const row = { x: 0, y: at[1], width: e.input.shape[2], height: 1, kind: /** @type {'window'} */ ('window') };
    return [
      figure(
        heatmap({
          plane: plane(e.input, at[0]),
          bound: e.inputBound,
          colours: e.scene.colours,
          label: t('ui.input_map'),
          marks: [row, cellMark(at)],
          onCell: (y, x) => e.scene.act.openNumber(e.record.name, [(at[0] * e.input.shape[1] + y) * e.input.shape[2] + x]),
        }),
        `${e.source.name} · ${at[0]}`,
        e.source.shape.slice(1).join('×'),
        'in',
      ),
    ];
  },
  card(e) {
    const [{ source }] = e.explanation.terms;
    const from = source?.index ?? [];
    if (from.length !== 3) return movedStage(e, t('walk.reshaped'));
    const {
      operands: [value],
      result,
    } = printedAlike([e.explanation.terms[0].value], e.result);
    const later = e.shown('result') ? '' : ' later';
    return [
      ...strips(e, from),
      equation([
        h('span', { class: 'quiet' }, t('ui.position_from', { from: from.join(', '), to: e.index[0] })),
        h(
          'span',
          { class: 'num' },
          t('ui.flatten_text', { c: from[0], h: e.input.shape[1], y: from[1], w: e.input.shape[2], x: from[2], i: e.index[0] }),
        ),
      ]),
      equation(
        [
          sign('x ='),
          operand(e, source, value, 'value'),
          sign('→ y ='),
          num(result, 'result', { class: `num result${later}` }),
        ],
        'big',
      ),
    ];
  },
};

/**
 * The whole vector, the part that is this map, the part that is this row: each opens from the one above.
 * @param {Explained} e
 * @param {number[]} from
 */
function strips(e, [c, y, x]) {
  const [channels, height, width] = e.input.shape;
  const size = height * width;
  const first = c * size + y * width;
  const part = (
    /** @type {number} */ start,
    /** @type {number} */ count,
    /** @type {number[]} */ marked,
    /** @type {string} */ label,
  ) => strip(e, e.input.data.subarray(start, start + count), start, marked, label, (place) => [place]);
  return [
    part(0, channels * size, [c * size, size], t('ui.strip_all', { count: channels * size, channels })),
    opening(c / channels, 1 / channels),
    part(c * size, size, [y * width, width], t('ui.strip_map', { unit: c, first: c * size, last: (c + 1) * size - 1 })),
    opening(y / height, 1 / height),
    part(first, width, [x, 1], t('ui.strip_row', { row: y, first, last: first + width - 1 })),
  ];
}

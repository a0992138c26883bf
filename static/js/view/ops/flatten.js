/** flatten's card: which pixel becomes which entry. */
/** @import { OpView } from './index.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';
import { cellMark, plane } from '../explained.js';
import { figure } from '../figure.js';
import { heatmap } from '../heatmap.js';

/** @type {OpView} */
export const flatten = {
  maps(e) {
    const at = e.explanation.terms[0].source?.index ?? [];
    if (at.length !== 3) return [];
    return [figure(heatmap({
      plane: plane(e.input, at[0]), bound: e.inputBound, colours: e.scene.colours, label: t('ui.input_map'), marks: [cellMark(at)],
      onCell: (y, x) => e.scene.act.openNumber(e.record.name, [(at[0] * e.input.shape[1] + y) * e.input.shape[2] + x]),
    }), `${e.source.name} · ${at[0]}`, e.source.shape.slice(1).join('×'), 'in')];
  },
  card(e) {
    const from = e.explanation.terms[0].source?.index ?? [];
    const { operands: [value], result } = printedAlike([e.explanation.terms[0].value], e.result);
    const place = from.length === 3 ? t('ui.flatten_text', { c: from[0], h: e.input.shape[1], y: from[1], w: e.input.shape[2], x: from[2], i: e.index[0] }) : '';
    return [
      h('p', {}, t('ui.position_from', { from: from.join(', '), to: e.index[0] })),
      equation([h('span', { class: 'num' }, place)]),
      equation([num(value, 'value'), sign('='), num(result, 'result', { class: `num result${e.shown('result') ? '' : ' later'}` })], 'big'),
    ];
  },
};

/** relu's card: the curve with the point on it, and max(0, x). */
/** @import { OpView } from './index.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { num, sign } from '../dom.js';
import { plane } from '../explained.js';
import { plot } from '../plot.js';
import { operand } from '../way.js';

/** @type {OpView} */
export const relu = {
  card(e) {
    const value = e.explanation.terms[0].value;
    const bound = e.inputBound;
    const shown = e.shown('result');
    const {
      operands: [x],
      result,
    } = printedAlike([value], e.result);
    const values = e.input.shape.length === 3 ? plane(e.input, e.index[0]).data : e.input.data;
    return [
      plot({
        curve: [
          [-bound, 0],
          [0, 0],
          [bound, bound],
        ],
        point: shown ? [value, e.result] : null,
        values,
        names: ['x', 'y = max(0, x)'],
        label: t('ui.curve', { x, y: result }),
      }),
      equation(
        [
          sign('y = max('),
          num('0', 'zero'),
          sign(','),
          operand(e, e.explanation.terms[0].source, x, 'value'),
          sign(') ='),
          num(result, 'result', { class: `num result${shown ? '' : ' later'}` }),
        ],
        'big',
      ),
    ];
  },
};

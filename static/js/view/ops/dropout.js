/** dropout's card: at inference the number passes unchanged. */
/** @import { OpView } from './index.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { num, sign } from '../dom.js';
import { movedStage } from '../moved.js';
import { operand } from '../way.js';

/** @type {OpView} */
export const dropout = {
  alone: (e) => e.record.shape.length !== 3,
  card(e) {
    if (e.record.shape.length !== 3) return movedStage(e, t('walk.passed'));
    const [{ source, value: x }] = e.explanation.terms;
    const {
      operands: [value],
      result,
    } = printedAlike([x], e.result);
    return [equation([operand(e, source, value, 'value'), sign('='), num(result, 'result', { class: 'num result' })], 'big')];
  },
};

/** dropout's card: at inference the number passes unchanged. */
/** @import { OpView } from './index.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { equation } from '../arithmetic.js';
import { num, sign } from '../dom.js';

/** @type {OpView} */
export const dropout = {
  card(e) {
    const { operands: [value], result } = printedAlike([e.explanation.terms[0].value], e.result);
    return [equation([num(value, 'value'), sign('='), num(result, 'result', { class: 'num result' })], 'big')];
  },
};

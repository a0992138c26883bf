/** tanh's card: the curve with the point on it, and the value that the printed x gives. */
/** @import { OpView } from './index.js' */
import { decimalsFor, settle } from '../../core/numbers.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { num, sign } from '../dom.js';
import { plot } from '../plot.js';
import { operand } from '../way.js';

const REACH = 3;
const POINTS = 120;

/** @type {OpView} */
export const tanh = {
  card(e) {
    const [{ value: x, source }] = e.explanation.terms;
    const shown = e.shown('result');
    const end = Math.max(REACH, Math.abs(x) * 1.1);
    const {
      operands: [text],
      result,
    } = settle([x], ([a]) => Math.tanh(a), e.result, { decimals: Math.min(decimalsFor(e.result), decimalsFor(x) + 1) });
    const curve = Array.from({ length: POINTS + 1 }, (_, i) => -end + (2 * end * i) / POINTS).map(
      (a) => /** @type {[number, number]} */ ([a, Math.tanh(a)]),
    );
    return [
      plot({
        curve,
        point: shown ? [x, e.result] : null,
        values: around(e),
        names: ['x', 'y = tanh x'],
        label: t('ui.curve', { x: text, y: result }),
      }),
      equation(
        [
          sign('y = tanh('),
          operand(e, source, text, 'value'),
          sign(') ='),
          num(result, 'result', { class: `num result${shown ? '' : ' later'}` }),
        ],
        'big',
      ),
    ];
  },
};

/** Where the other numbers of the same step lie along the axis. @param {import('../explained.js').Explained} e */
function around({ input, index }) {
  if (input.shape.length !== 2) return input.data;
  const width = input.shape[1];
  return input.data.subarray(index[0] * width, (index[0] + 1) * width);
}

/** add's card: two numbers of two nodes, at the same place, and their sum. */
/** @import { OpView } from './index.js' */
/** @import { Term } from '../../core/types.js' */
/** @import { Explained } from '../explained.js' */
import { decimalsFor, fixed, parse, settle } from '../../core/numbers.js';
import { placeName } from '../../core/walk.js';
import { equation, ledger } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';
import { operand, wayTo } from '../way.js';
import { t } from '../../i18n.js';

/** @type {OpView} */
export const add = {
  card(e) {
    const { terms } = e.explanation;
    const plain = terms.every(({ weight }) => weight === 1);
    const later = e.shown('result') ? '' : ' later';
    const printed = plain
      ? settle(
          terms.map(({ value }) => value),
          (values) => values[0] + values[1],
          e.result,
          { decimals: coarse(e) },
        )
      : scaled(e);
    const [a, b] = printed.operands;
    const factor = plain ? null : [num(printed.operands[2], 'alpha'), sign('×')];
    return [
      addends(e, [a, plain ? b : fixed(parse(printed.operands[2]) * parse(b), 6)], printed.result),
      equation(
        [
          operand(e, terms[0].source, a, 'value'),
          sign('+'),
          factor,
          ...braced(e, terms[1], b),
          sign('='),
          num(printed.result, 'result', { class: `num result${later}` }),
        ],
        'big',
      ),
    ];
  },
};

/** Decimals of the result: no finer than its larger operand asks for. @param {Explained} e */
const coarse = ({ explanation: { terms }, result }) =>
  Math.min(decimalsFor(result), decimalsFor(Math.max(...terms.map(({ product }) => Math.abs(product)))) + 1);

/** a + alpha × b. @param {Explained} e */
function scaled(e) {
  const [one, other] = e.explanation.terms;
  return settle([one.value, other.value, other.weight ?? 1], ([a, b, alpha]) => a + alpha * b, e.result, {
    decimals: coarse(e),
  });
}

/** A negative operand stands in brackets. @param {Explained} e @param {Term} term @param {string} text */
const braced = (e, term, text) =>
  text.startsWith('−')
    ? [sign('('), operand(e, term.source, text, 'value'), sign(')')]
    : [operand(e, term.source, text, 'value')];

/**
 * Both addends as bars, the second beginning where the first ends.
 * @param {Explained} e
 * @param {string[]} texts
 * @param {string} result
 */
function addends(e, texts, result) {
  const { terms } = e.explanation;
  const names = terms.map(({ source, label }) => (source ? wayTo(e, source, placeName(source)) : label));
  const entries = terms.map(({ product }, i) => ({
    id: `addend ${i}`,
    name: names[i],
    text: texts[i],
    value: product,
    role: 'addend',
    shown: true,
    on: false,
  }));
  return h(
    'section',
    { class: 'channels addends' },
    ledger(
      /** @type {any} */ (entries),
      { name: t('ui.result'), text: result, value: e.result, shown: e.shown('result') },
      t('ui.sum'),
    ),
  );
}

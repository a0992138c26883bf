/** The lines of a cell's update, c and h, each operand a way to where it was read. */
/** @import { Context } from './context.js' */
import { t } from '../../i18n.js';
import { h, num, sign } from '../dom.js';
import { equation, factor, group, noted, signed } from './notation.js';
import { symbol } from './symbols.js';
import { wayOf } from './ways.js';

/** A line of the update: c or h. @param {Context} context @param {string} name */
export function updateEquation(context, name) {
  const { opened, printed, run } = context;
  const result = num(printed.update[name].text, 'result', { class: 'num result' });
  const line = (/** @type {any[]} */ ...parts) => equation([symbol(name), sign('='), ...parts], name, 'main');
  if (opened.update.find((one) => one.name === name)?.forced)
    return line(result, h('span', { class: 'quiet' }, t('cell.forced')));
  if (run.cell === 'gru') return line(...renewed(context), sign('='), result);
  return line(...(name === 'c' ? remembered(context) : shown(context)), sign('='), result);
}

/** f x c before + i x g, and both products. @param {Context} context */
function remembered(context) {
  return [times(context, 'f', 'c_previous'), sign('+'), times(context, 'i', 'g'), ...sumOf(context.printed.update.c.parts)];
}

/** o x tanh(c), and with the tanh worked out. @param {Context} context */
function shown(context) {
  const { opened, printed } = context;
  const { texts } = printed;
  const way = wayOf(context, 'o');
  const squash = opened.unit ? [num(texts.c, 'c')] : [sign('tanh('), num(texts.c, 'c'), sign(')')];
  const worked = () => [
    sign('='),
    group(noted(texts.o, 'o-again', null, { way }), sign('×'), factor(String(printed.update.h.squashed), 'squashed')),
  ];
  return [group(noted(texts.o, 'o', symbol('o'), { way }), sign('×'), ...squash), ...(opened.unit ? [] : worked())];
}

/** What z keeps and what it lets in, in the order of the chosen convention. @param {Context} context */
function renewed(context) {
  const { opened, printed } = context;
  const complement = opened.gates.some((gate) => gate.complement);
  const [turned, plainly] = complement ? ['h_previous', 'n'] : ['n', 'h_previous']; // the one times 1 - z, the other times z
  const less = group(
    sign('(1 −'),
    noted(printed.texts.z, 'z', symbol('z'), { way: wayOf(context, 'z') }),
    sign(')'),
    sign('×'),
    ...read(context, turned),
  );
  const plain = times(context, 'z', plainly);
  const [old, fresh] = printed.update.h.parts;
  return [...(complement ? [plain, sign('+'), less] : [less, sign('+'), plain]), ...sumOf([fresh, old])];
}

/** Two operands' product. @param {Context} context @param {string} one @param {string} other */
const times = (context, one, other) => group(...read(context, one), sign('×'), ...read(context, other));

/** An operand with its letter under it. @param {Context} context @param {string} name */
const read = (context, name) => factor(context.printed.texts[name], name, symbol(name), wayOf(context, name));

/** = both products, added. @param {string[]} products */
const sumOf = (products) => [sign('='), ...signed(products.map((text) => ({ text, role: 'part' })))];

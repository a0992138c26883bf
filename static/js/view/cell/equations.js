/** A cell's equations with the numbers of one unit, each side of an equals sign computed from what is printed on the other. */
/** @import { Context } from './context.js' */
/** @import { Gate } from '../../core/recurrent/unit.js' */
import { printedSums } from '../../core/recurrent/print.js';
import { gateNamed } from '../../core/recurrent/unit.js';
import { t } from '../../i18n.js';
import { formula } from '../formula.js';
import { h, num, sign } from '../dom.js';
import { isValve } from './context.js';
import { FUNCTION } from './diagram.js';
import { symbol } from './symbols.js';

/**
 * A number with what it is written under it.
 * @param {string} text
 * @param {string} role
 * @param {any=} note
 * @param {boolean=} bare   without its minus, which stands before it as a sign
 */
export const noted = (text, role, note, bare = false) =>
  h(
    'span',
    { class: 'noted' },
    num(bare ? text.replace('−', '') : text, role, { 'data-text': text }),
    note ? h('span', { class: 'under' }, note) : null,
  );

/** a + b - c: signs between, the first number with its own. @param {{text: string, role: string, note?: any}[]} addends */
export const signed = (addends) =>
  addends.flatMap(({ text, role, note }, i) => [
    i ? sign(text.startsWith('−') ? '−' : '+') : null,
    noted(text, role, note, i > 0),
  ]);

/** A factor that is negative stands in brackets. @param {string} text @param {string} role */
export const factor = (text, role) => (text.startsWith('−') ? [sign('('), noted(text, role), sign(')')] : [noted(text, role)]);

/** @param {any[]} parts @param {string} line @param {string=} kind */
const equation = (parts, line, kind = '') => h('div', { class: `cell-equation ${kind}`, 'data-line': line }, parts);

/** A bracketed part that stays on one line where it can. @param {any[]} parts */
const group = (...parts) => h('span', { class: 'group-of' }, parts);

/** Which formula a gate has in the chosen conventions. @param {Context} context @param {string} name */
export function formulaOf({ run, opened, scene: { formulas } }, name) {
  const linear = opened.unit && (name === 'g' || (run.cell === 'lstm' && name === 'h')) ? '_linear' : '';
  const turned = run.cell === 'gru' && (name === 'z' || name === 'h') && gateNamed(opened, 'z').complement ? '_complement' : '';
  const relu = run.cell === 'rnn' && name === 'h' && run.nonlinearity === 'relu' ? '_relu' : '';
  const whole = `${run.cell}_${name}${linear}${turned}${relu}`;
  const one = `${whole}_one`;
  return formulas[opened.merged && formulas[one] ? one : whole] ?? '';
}

/** @param {Context} context @param {string} name */
export const typeset = (context, name) => formula(formulaOf(context, name), `${name} t`);

/** The pre-activation from both sides and the biases, and its squashing. @param {Context} context @param {string} name */
export function gateEquations(context, name) {
  const gate = gateNamed(context.opened, name);
  const p = printedSums(context.opened, gate, 0);
  return [sumEquation(p, gate), squashEquation(context, gate)];
}

/** @param {ReturnType<typeof printedSums>} p @param {Gate} gate */
export function sumEquation(p, gate) {
  const [b, d] = p.biases;
  const bias = (/** @type {string} */ text, /** @type {string} */ which) => ({ text, role: 'bias', note: t(`cell.${which}`) });
  const input = { text: p.input.sum, role: 'input-sum', note: t('cell.from_x') };
  const recurrent = { text: p.recurrent.sum, role: 'recurrent-sum', note: t('cell.from_h') };
  const end = [sign('='), noted(p.a, 'a', t('cell.preactivation'))];
  if (gate.hn === undefined)
    return equation(
      [
        h('i', { class: 'sym' }, 'a'),
        sign('='),
        ...signed([
          input,
          bias(b, d === undefined ? 'bias' : 'bias_ih'),
          recurrent,
          ...(d === undefined ? [] : [bias(d, 'bias_hh')]),
        ]),
        ...end,
      ],
      `a-${gate.name}`,
    );
  return equation(
    [
      h('i', { class: 'sym' }, 'a'),
      sign('='),
      ...signed([input, bias(b, 'bias_ih')]),
      sign('+'),
      group(noted(String(p.reset), 'reset', symbol('r')), sign('× ('), ...signed([recurrent, bias(d, 'bias_hh')]), sign(')')),
      ...end,
    ],
    `a-${gate.name}`,
  );
}

/** @param {Context} context @param {Gate} gate */
export function squashEquation({ opened, printed, run }, gate) {
  const own = printed.gates[gate.name];
  const result = num(own.value, 'result', { class: 'num result' });
  if (gate.forced)
    return equation(
      [symbol(gate.name), sign('='), result, h('span', { class: 'quiet' }, t('cell.forced'))],
      `gate-${gate.name}`,
      'main',
    );
  const rounded = opened.rounded && isValve(gate);
  const call =
    gate.squash === 'linear'
      ? [num(own.a, 'a')]
      : gate.squash === 'relu'
        ? [sign('max(0,'), num(own.a, 'a'), sign(')')]
        : [sign(`${FUNCTION[gate.squash]}(`), num(own.a, 'a'), sign(')')];
  return equation(
    [
      symbol(run.cell === 'rnn' ? 'h' : gate.name),
      sign('='),
      group(rounded ? [sign(t('cell.round')), sign('(')] : null, ...call, rounded ? sign(')') : null),
      sign('='),
      result,
    ],
    `gate-${gate.name}`,
    'main',
  );
}

/** A line of the update: c or h. @param {Context} context @param {string} name */
export function updateEquation(context, name) {
  const { opened, printed, run } = context;
  const { texts } = printed;
  const line = printed.update[name];
  const state = opened.update.find((one) => one.name === name);
  const result = num(line.text, 'result', { class: 'num result' });
  if (state?.forced)
    return equation([symbol(name), sign('='), result, h('span', { class: 'quiet' }, t('cell.forced'))], name, 'main');
  if (run.cell === 'lstm' && name === 'h') {
    const squash = opened.unit ? [num(texts.c, 'c')] : [sign('tanh('), num(texts.c, 'c'), sign(')')];
    const known = opened.unit
      ? []
      : [sign('='), group(noted(texts.o, 'o-again'), sign('×'), factor(String(line.squashed), 'squashed'))];
    return equation(
      [symbol('h'), sign('='), group(noted(texts.o, 'o', symbol('o')), sign('×'), ...squash), ...known, sign('='), result],
      name,
      'main',
    );
  }
  const times = (/** @type {string} */ one, /** @type {string} */ other) =>
    group(...factor1(texts[one], one), sign('×'), ...factor1(texts[other], other));
  const parts = [
    sign('='),
    ...signed([
      { text: line.parts[0], role: 'part' },
      { text: line.parts[1], role: 'part' },
    ]),
    sign('='),
    result,
  ];
  if (run.cell === 'lstm')
    return equation([symbol('c'), sign('='), times('f', 'c_previous'), sign('+'), times('i', 'g'), ...parts], name, 'main');
  const less = group(
    sign('(1 −'),
    noted(texts.z, 'z', symbol('z')),
    sign(')'),
    sign('×'),
    ...factor1(texts[complement(opened) ? 'h_previous' : 'n'], complement(opened) ? 'h_previous' : 'n'),
  );
  const plain = times('z', complement(opened) ? 'n' : 'h_previous');
  const [kept, fresh] = line.parts;
  const both = complement(opened) ? [plain, sign('+'), less] : [less, sign('+'), plain];
  return equation(
    [
      symbol('h'),
      sign('='),
      ...both,
      sign('='),
      ...signed([
        { text: fresh, role: 'part' },
        { text: kept, role: 'part' },
      ]),
      sign('='),
      result,
    ],
    name,
    'main',
  );
}

/** @param {Context['opened']} opened */
const complement = (opened) => opened.gates.some((gate) => gate.complement);

/** A factor with its letter under it, in brackets where negative. @param {string} text @param {string} name */
const factor1 = (text, name) =>
  text.startsWith('−') ? [sign('('), noted(text, name, symbol(name)), sign(')')] : [noted(text, name, symbol(name))];

/** The equations of what the player shows now: formula, then numbers. @param {Context} context */
export function story(context) {
  const { run, active } = context;
  const states = run.cell === 'lstm' ? ['c', 'h'] : ['h'];
  if (run.cell === 'rnn') {
    const [sum, squash] = gateEquations(context, 'h');
    return active === 'in'
      ? entering(context)
      : active === 'a'
        ? [typeset(context, 'a'), sum]
        : active === 'h'
          ? [typeset(context, 'h'), squash]
          : [typeset(context, 'a'), sum, squash];
  }
  if (active === 'in') return entering(context);
  if (active === null) return states.map((name) => updateEquation(context, name));
  if (states.includes(active)) return [typeset(context, active), updateEquation(context, active)];
  return [typeset(context, active), ...gateEquations(context, active)];
}

/** @param {Context} context */
const entering = ({ word, place, run }) => [h('p', {}, t('cell.entering', { word, step: place.step + 1, count: run.steps }))];

/** A gate's equations with the numbers of one unit, each side of an equals sign computed from what is printed on the other. */
/** @import { Context } from './context.js' */
/** @import { Gate } from '../../core/recurrent/unit.js' */
import { printedSums } from '../../core/recurrent/print.js';
import { gateNamed } from '../../core/recurrent/unit.js';
import { t } from '../../i18n.js';
import { formula } from '../formula.js';
import { h, num, sign } from '../dom.js';
import { isValve } from './context.js';
import { FUNCTION } from './diagram.js';
import { equation, group, noted, signed } from './notation.js';
import { symbol } from './symbols.js';
import { updateEquation } from './update.js';
import { wayOf } from './ways.js';

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
  return [sumEquation(context, p, gate), squashEquation(context, gate)];
}

/**
 * Both sides and the biases, which make the pre-activation; outside the gate's own view the sides lead there.
 * @param {Context} context
 * @param {ReturnType<typeof printedSums>} p
 * @param {Gate} gate
 */
export function sumEquation(context, p, gate) {
  const [b, d] = p.biases;
  const way = wayOf(context, gate.name);
  const bias = (/** @type {string} */ text, /** @type {string} */ which) => ({ text, role: 'bias', note: t(`cell.${which}`) });
  const input = { text: p.input.sum, role: 'input-sum', note: t('cell.from_x'), way };
  const recurrent = { text: p.recurrent.sum, role: 'recurrent-sum', note: t('cell.from_h'), way };
  const line = (/** @type {any[]} */ ...sides) =>
    equation(
      [h('i', { class: 'sym' }, 'a'), sign('='), ...sides, sign('='), noted(p.a, 'a', t('cell.preactivation'))],
      `a-${gate.name}`,
    );
  if (gate.hn === undefined)
    return line(
      ...signed([
        input,
        bias(b, d === undefined ? 'bias' : 'bias_ih'),
        recurrent,
        ...(d === undefined ? [] : [bias(d, 'bias_hh')]),
      ]),
    );
  return line(
    ...signed([input, bias(b, 'bias_ih')]),
    sign('+'),
    group(
      noted(String(p.reset), 'reset', symbol('r'), { way: wayOf(context, 'r') }),
      sign('× ('),
      ...signed([recurrent, bias(d, 'bias_hh')]),
      sign(')'),
    ),
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

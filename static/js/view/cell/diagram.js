/**
 * A cell as a diagram: state flows along its line, gates are valves that are as open as they are full, all with one unit's
 * numbers.
 */
/** @import { Context } from './context.js' */
/** @import { Carried } from './numbers.js' */
/** @import { Part, Plan, Wire } from './plans.js' */
import { gateNamed } from '../../core/recurrent/unit.js';
import { gateAt } from '../../core/recurrent/run.js';
import { h, num, s } from '../dom.js';
import { t } from '../../i18n.js';
import { gateTitle, isValve } from './context.js';
import { carried } from './numbers.js';
import { PLANS, percent } from './plans.js';
import { unitStrip } from './strip.js';
import { symbol } from './symbols.js';
import { operand, wayOf } from './ways.js';

/** @param {Context} context */
export function diagram(context) {
  const plan = PLANS[context.run.cell];
  const numbers = carried(context);
  const bound = Math.max(1, ...Object.values(numbers).map(({ value }) => Math.abs(value)));
  return h(
    'div',
    {
      class: `diagram ${context.run.cell}`,
      role: 'group',
      'aria-label': t('cell.diagram', { cell: context.run.cell.toUpperCase(), unit: context.place.unit }),
    },
    [false, true].map((tall) =>
      s(
        'svg',
        {
          class: tall ? 'wires tall' : 'wires wide',
          viewBox: '0 0 100 100',
          preserveAspectRatio: 'none',
          'aria-hidden': 'true',
        },
        [...plan.wires]
          .sort((one, other) => rank(one) - rank(other))
          .map((wire) => wireOf(context, plan, wire, numbers, bound, tall)),
      ),
    ),
    plan.parts.map((part) => partOf(context, plan, part, numbers)),
  );
}

/** Inputs lie lowest, what turns valves next, states on top. @param {Wire} wire */
const rank = ({ carries }) => (carries === '' ? 0 : carries === 'gate' ? 1 : 2);

/**
 * @param {Context} context
 * @param {Plan} plan
 * @param {Wire} wire
 * @param {Record<string, Carried>} numbers
 * @param {number} bound
 * @param {boolean} tall
 */
function wireOf({ shown, active, scene: { colours } }, plan, { path, from, carries }, numbers, bound, tall) {
  const points = path.map((spot) => percent(plan, spot, tall).join(',')).join(' ');
  const reached = shown(from);
  const number = reached ? numbers[carries] : undefined;
  const kind = carries === '' ? 'input' : carries === 'gate' ? 'turn' : 'flow';
  const strong = number ? Math.min(1, Math.abs(number.value) / bound) : 0;
  const style = number
    ? {
        stroke: number.value === 0 ? 'var(--edge-line)' : colours.fill(Math.sign(number.value) * (0.7 + 0.3 * strong), 1),
        '--thick': (0.1 + 0.42 * strong).toFixed(3),
      }
    : {};
  return [
    s('polyline', { class: `wire ${kind}${reached ? '' : ' later'}`, points, style }),
    active === from && kind !== 'input' ? s('polyline', { class: 'runs', points }) : null,
  ];
}

/** @param {Context} context @param {Plan} plan @param {Part} part @param {Record<string, Carried>} numbers */
function partOf(context, plan, part, numbers) {
  const [x, y] = percent(plan, part.at, false);
  const [tallX, tallY] = percent(plan, part.tall ?? part.at, true);
  const reached = context.shown(part.from);
  const on = context.active === part.from;
  return h(
    'div',
    {
      class: `part-at ${part.kind}-at${part.set === 'beside' ? ' beside' : ''}${reached ? '' : ' later'}${on ? ' on' : ''}`,
      style: { '--x': `${x}%`, '--y': `${y}%`, '--tall-x': `${tallX}%`, '--tall-y': `${tallY}%` },
    },
    DRAW[part.kind](context, part, numbers, reached),
  );
}

/** @type {Record<Part['kind'], (context: Context, part: Part, numbers: Record<string, Carried>, reached: boolean) => any>} */
const DRAW = {
  valve,
  op: ({ opened }, { name }) => h('span', { class: 'op' }, name === 'tanh' && opened.unit ? '1:1' : name),
  chip,
  gate,
  word,
};

/**
 * As full as it is open.
 * @param {Context} context
 * @param {Part} part
 * @param {Record<string, Carried>} _numbers
 * @param {boolean} reached
 */
function valve({ opened }, { name }, _numbers, reached) {
  const other = name === '1 − z';
  const gate = gateNamed(opened, other ? 'z' : name);
  const kept = gate.complement ? 1 - gate.value : gate.value;
  const value = name === 'z' ? kept : other ? 1 - kept : gate.value;
  const sign = gate.complement && name === 'z' ? '1 − z' : gate.complement && other ? 'z' : name;
  return h(
    'span',
    { class: `valve${value > 0.5 ? ' full' : ''}`, style: { '--open': reached ? `${(100 * value).toFixed(1)}%` : '0%' } },
    '×',
    other || name === 'z' ? h('span', { class: 'valve-name' }, sign) : null,
  );
}

/**
 * The name and the number of what a wire carries; a state before is a way to the step that left it.
 * @param {Context} context
 * @param {Part} part
 * @param {Record<string, Carried>} numbers
 * @param {boolean} reached
 */
function chip(context, { name }, numbers, reached) {
  const { run, opened } = context;
  const found = numbers[name];
  const way = name.endsWith('_previous') ? wayOf(context, name) : null;
  return h(
    'span',
    { class: 'wire-chip' },
    nameOf(name === 'squashed' && opened.unit ? 'c' : name, run.cell, opened),
    reached && found ? operand(way, found.text, `on-wire-${name}`) : num('…', 'not-yet'),
  );
}

/** What a number on a wire is. @param {string} name @param {string} cell @param {Context['opened']} opened */
function nameOf(name, cell, opened) {
  const merged = Boolean(opened.merged);
  const renews = opened.gates.some((gate) => gate.complement); // z renews where it elsewhere keeps
  const times = (/** @type {any[]} */ ...parts) => h('span', { class: 'sym' }, parts);
  switch (name) {
    case 'kept':
      return cell === 'gru'
        ? times(...(renews ? ['(1−', symbol('z'), ')·'] : [symbol('z'), '·']), symbol('h_previous'))
        : times(symbol('f'), '·', symbol('c_previous'));
    case 'added':
      return cell === 'gru'
        ? times(...(renews ? [symbol('z'), '·'] : ['(1−', symbol('z'), ')·']), symbol('n'))
        : times(symbol('i'), '·', symbol('g'));
    case 'squashed':
      return times('tanh ', symbol('c'));
    case 'hn':
      return times(h('i', {}, 'W'), h('sub', {}, 'hn'), h('i', {}, 'h'), '+', h('i', {}, 'b'), h('sub', {}, 'hn'));
    case 'reset':
      return times(symbol('r'), '·(…)');
    case 'input':
      return times(h('i', {}, 'W'), h('sub', {}, 'ih'), symbol('x'), '+', h('i', {}, 'b'), h('sub', {}, merged ? '' : 'ih'));
    case 'recurrent':
      return times(
        h('i', {}, 'W'),
        h('sub', {}, 'hh'),
        symbol('h_previous'),
        merged ? '' : ['+', h('i', {}, 'b'), h('sub', {}, 'hh')],
      );
    default:
      return symbol(name);
  }
}

/** What comes in: the token, and the state of all units, a way to the step that left it. @param {Context} context @param {Part} part */
function word(context, { name }) {
  const way = name === 'x' ? null : wayOf(context, name);
  const all = t('cell.all_units');
  return h(
    'span',
    { class: 'wire-chip coming' },
    symbol(name),
    name === 'x'
      ? h('b', { class: 'token' }, context.word)
      : way
        ? h('button', { class: 'way quiet', title: way.title, 'data-way': way.to, onclick: way.go }, all)
        : h('span', { class: 'quiet' }, all),
  );
}

/**
 * A gate's box: its name opens its numbers, its strip chooses a unit.
 * @param {Context} context
 * @param {Part} part
 * @param {Record<string, Carried>} _numbers
 * @param {boolean} reached
 */
function gate(context, { name }, _numbers, reached) {
  const { scene, run, opened, printed, place } = context;
  const one = gateNamed(opened, name);
  const own = printed.gates[name];
  const title = gateTitle(context, name);
  const values = gateAt(run, name, place);
  const told = one.complement ? Float32Array.from(values, (value) => 1 - value) : values;
  return h(
    'section',
    { class: 'gate-box', 'data-gate': name },
    h(
      'button',
      {
        class: 'gate-open',
        onclick: () => scene.act.go({ view: 'gate', gate: name, step: null, play: false }),
        title: t('cell.open', { gate: title }),
        'data-keep': `open-${name}`,
      },
      h('span', { class: 'gate-title' }, title),
      symbol(name),
      reached ? num(own.value, 'gate-value') : num('…', 'not-yet'),
    ),
    unitStrip({
      values: told,
      unit: place.unit,
      opening: isValve(one),
      colours: scene.colours,
      label: t('cell.units', { gate: title }),
      keep: `units-${name}`,
      nameOf: (unit) => t('cell.unit', { unit }),
      choose: (unit) => scene.act.go({ unit }),
    }),
    h('p', { class: 'gate-sum' }, reached ? squashText(one, own, opened.rounded) : num('…', 'not-yet')),
  );
}

/**
 * sigma(a) = value, short.
 * @param {import('../../core/recurrent/unit.js').Gate} gate
 * @param {{a: string, value: string}} printed
 * @param {boolean} rounded
 */
function squashText(gate, printed, rounded) {
  if (gate.forced) return t('cell.forced');
  const parts =
    gate.squash === 'linear'
      ? [num(printed.a, 'a')]
      : gate.squash === 'relu'
        ? ['max(0, ', num(printed.a, 'a'), ')']
        : [h('span', { class: 'fn' }, FUNCTION[gate.squash]), '(', num(printed.a, 'a'), ')'];
  return [...parts, rounded && isValve(gate) ? ' ≈ ' : ' = ', num(printed.value, 'value')];
}

/** @type {Record<string, string>} */
export const FUNCTION = { sigmoid: 'σ', tanh: 'tanh', relu: 'max(0, ·)', linear: '' };

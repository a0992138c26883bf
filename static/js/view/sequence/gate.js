/** One unit of one gate as numbers: the products of the input and of the state before, the biases, the curve, and what becomes of it. */
/** @import { SequenceScene } from './scene.js' */
/** @import { Gate, Term } from '../../core/sequence/cells.js' */
import { printedContributions } from '../../core/arithmetic.js';
import { ORDER, SQUASH, UPDATES, printedGate, printedSquash } from '../../core/sequence/cells.js';
import { unitsAt } from '../../sequence-data.js';
import { t } from '../../i18n.js';
import { equation, sumLine } from '../arithmetic.js';
import { formula } from '../formula.js';
import { h, num, sign } from '../dom.js';
import { plot } from '../plot.js';
import { SYMBOLS, reached, sumEquation, updateCard } from './cell.js';

const LISTED = 6, REACH = 6;

/** @param {SequenceScene} scene @returns {HTMLElement[]} */
export function gateView(scene) {
  const { explanation, part, state, act } = scene;
  const gate = explanation?.extra.gates.find(({ name }) => name === state.gate) ?? explanation?.extra.gates[0];
  if (!explanation || !gate) return [];
  const shown = reached(scene);
  const tabs = h('div', { class: 'gate-tabs', role: 'group', 'aria-label': t('seq.gates') }, ORDER[part.cell].map((name) =>
    h('button', { class: 'plain', 'aria-pressed': String(name === gate.name), onclick: () => act.go({ gate: name, step: null }) }, `${SYMBOLS[name]} ${t(`seq.gate_${part.cell}_${name}`)}`)));
  const squashed = printedSquash(gate);
  return [
    h('div', { class: 'gate-top' }, tabs, formula(scene.formulas[`${part.cell}_${gate.name}`] ?? scene.formulas[part.cell] ?? '', t(`seq.gate_${part.cell}_${gate.name}`))),
    h('div', { class: 'gate-body' },
      h('div', { class: 'gate-terms' },
        products(t('seq.from_input'), gate.input, gate.input_sum, 'input', shown('terms')),
        products(t('seq.from_state'), gate.recurrent, gate.recurrent_sum, 'recurrent', shown('recurrent'))),
      h('div', { class: 'gate-rest' },
        h('section', { class: shown('biases') ? '' : 'later' }, h('h3', {}, t('seq.sum')), sumEquation(gate, printedGate(gate))),
        h('section', { class: `gate-curve${shown('squash') ? '' : ' later'}` }, curve(scene, gate),
          equation([num(SYMBOLS[gate.name], 'symbol'), sign('='), h('span', { class: 'fn' }, t(`seq.${gate.squash}`)), sign('('), num(squashed.operands[0], 'operand'), sign(') ='), num(squashed.result, 'result', { class: 'num result' })], `squash ${gate.squash} big`)),
        ...explanation.extra.update.filter(({ name }) => UPDATES[part.cell][name]).map((update) => updateCard(scene, update, shown('update'))))),
  ];
}

/** The largest products one by one, the others as one, and their sum. @param {string} name @param {Term[]} terms @param {number} total @param {string} role @param {boolean} shown */
function products(name, terms, total, role, shown) {
  const printed = printedContributions({ op: 'linear', node: role, index: [], terms: /** @type {any} */ (terms), groups: [], bias: null, result: total, extra: {} }, total, LISTED);
  const rows = printed.terms.map((term) => h('tr', { 'data-term': '' }, h('th', { scope: 'row' }, place(term.label)),
    h('td', {}, num(String(term.weight), 'weight')), h('td', {}, sign('×')), h('td', {}, num(term.value, 'value')), h('td', {}, sign('=')), h('td', {}, num(term.product, 'product'))));
  const addends = [{ text: printed.total, role: 'listed', note: t('seq.largest', { count: printed.terms.length }) }, ...(printed.others === null ? [] : [{ text: printed.others, role: 'others', note: t('seq.others', { count: terms.length - printed.terms.length }) }])];
  return h('section', { class: `gate-products${shown ? '' : ' later'}`, 'data-side': role }, h('h3', {}, name), h('table', { class: 'terms' }, h('tbody', {}, rows)), sumLine(addends, { text: printed.result }));
}

/** "dropout[3,17]" is x 17, "lstm[0,0,2,5]" is h 5. @param {string} label */
const place = (label) => {
  const index = (/\[(.*)\]/.exec(label)?.[1] ?? '').split(',');
  return `${index.length > 2 ? 'h' : 'x'}[${index.at(-1)}]`;
};

/** @param {SequenceScene} scene @param {Gate} gate */
function curve({ gates, state, t: at, part }, gate) {
  const squash = SQUASH[gate.squash], reach = Math.max(REACH, Math.abs(gate.preactivation) * 1.1);
  const points = /** @type {[number, number][]} */ (Array.from({ length: 121 }, (_, i) => { const x = -reach + (i * 2 * reach) / 120; return [x, squash(x)]; }));
  const values = gates?.gates[gate.name] ? Array.from(unitsAt(gates.gates[gate.name], state.layer, state.direction, at), (y) => inverse(gate.squash, y)).filter(Number.isFinite) : [gate.preactivation];
  return plot({ curve: points, point: [gate.preactivation, gate.value], values, names: ['a', `${SYMBOLS[gate.name]} = ${t(`seq.${gate.squash}`)}(a)`], label: t('seq.curve_of', { gate: t(`seq.gate_${part.cell}_${gate.name}`) }) });
}

/** Where on the curve the other units are. @param {string} squash @param {number} y */
const inverse = (squash, y) => (squash === 'sigmoid' ? Math.log(y / (1 - y)) : squash === 'tanh' ? Math.atanh(y) : y);

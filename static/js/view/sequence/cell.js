/** The cell at one step: its own diagram with the values of one unit on its wires, its gates opened in order, each with its equation. */
/** @import { SequenceScene } from './scene.js' */
/** @import { Gate } from '../../core/sequence/cells.js' */
import { ORDER, SQUASH, UPDATES, printedGate, printedSquash, printedUpdate } from '../../core/sequence/cells.js';
import { parse, significant } from '../../core/numbers.js';
import { unitsAt } from '../../sequence-data.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, s, sign } from '../dom.js';
import { visible } from './timeline.js';

/** Printed names of what an equation reads. @type {Record<string, string>} */
export const SYMBOLS = { c_previous: 'cₜ₋₁', h_previous: 'hₜ₋₁', c: 'cₜ', h: 'hₜ', f: 'fₜ', i: 'iₜ', g: 'gₜ', o: 'oₜ', r: 'rₜ', z: 'zₜ', n: 'nₜ' };

/** @param {SequenceScene} scene @returns {HTMLElement[]} */
export function cellView(scene) {
  const { explanation, part, state } = scene;
  if (!explanation) return [];
  const shown = reached(scene);
  const gates = ORDER[part.cell].map((name) => /** @type {Gate} */ (explanation.extra.gates.find((gate) => gate.name === name)));
  return [
    h('div', { class: 'cell-main' }, heading(scene), diagram(scene, shown), conventions(scene)),
    h('div', { class: 'cell-side' },
      ...gates.map((gate) => gateCard(scene, gate, shown(gate.name))),
      ...explanation.extra.update.filter(({ name }) => UPDATES[part.cell][name]).map((update) => updateCard(scene, update, shown(update.name === 'h' ? 'h' : update.name))),
      state.step === null ? null : h('p', { class: 'unseen' }, t('seq.step_shown'))),
  ];
}

/** Whether a part has been opened: everything is while no step is on. @param {SequenceScene} scene @returns {(id: string) => boolean} */
export const reached = ({ state, steps }) => (id) => state.step === null || steps.findIndex((step) => step.id === id) <= state.step;

/** @param {SequenceScene} scene */
function heading({ part, t: at, state, explanation }) {
  const token = part.tokens[at];
  return h('h2', {}, t('seq.cell_at', { cell: part.cell.toUpperCase(), t: at + 1, unit: state.unit }), ' ', h('strong', { class: 'now-token' }, token ? visible(token.text) : ''),
    h('span', { class: 'quiet' }, ` ${t('seq.error', { error: explanation ? explanation.error.toExponential(0) : '' })}`));
}

/** value = squash(input + recurrent + biases), as a button into the numbers. @param {SequenceScene} scene @param {Gate} gate @param {boolean} shown */
function gateCard(scene, gate, shown) {
  const sum = printedGate(gate), squashed = printedSquash(gate), { act, gates, part, state, t: at, colours } = scene;
  return h('section', { class: `gate-card${shown ? '' : ' later'}`, 'data-gate': gate.name },
    h('button', { class: 'gate-name', onclick: () => act.go({ view: 'gate', gate: gate.name, step: null, play: false }), title: t('seq.open_gate') }, h('strong', {}, SYMBOLS[gate.name]), h('span', {}, t(`seq.gate_${part.cell}_${gate.name}`))),
    sumEquation(gate, sum),
    equation([num(SYMBOLS[gate.name], 'symbol'), sign('='), h('span', { class: 'fn' }, t(`seq.${gate.squash}`)), sign('('), num(squashed.operands[0], 'operand'), sign(')'), sign('='), num(squashed.result, 'result', { class: 'num result' })], `squash ${gate.squash}`),
    gates && gates.gates[gate.name] ? strip(scene, unitsAt(gates.gates[gate.name], state.layer, state.direction, at), colours) : null);
}

/** @param {Gate} gate @param {{operands: string[], result: string}} sum */
export function sumEquation(gate, sum) {
  const [x, b, r, u, d] = sum.operands;
  const parts = gate.reset === undefined
    ? [...signed([[x, 'input'], [b, 'recurrent'], [r, 'bias_ih'], [u, 'bias_hh']])]
    : [...signed([[x, 'input'], [b, 'bias_ih']]), sign('+'), num(r, 'reset'), sign('× ('), ...signed([[u, 'recurrent'], [d, 'bias_hh']]), sign(')')];
  return equation([num('a', 'symbol'), sign('='), ...parts, sign('='), num(sum.result, 'sum')], gate.reset === undefined ? 'gate-sum' : 'gate-sum reset');
}

/** a + b - c with each sign once. @param {[string, string][]} addends */
const signed = (addends) => addends.flatMap(([text, role], i) => [i ? sign(parse(text) < 0 ? '−' : '+') : null,
  h('span', { class: 'addend' }, num(i && parse(text) < 0 ? text.replace(/^[−-]/, '') : text, role, { 'data-text': text }), h('span', { class: 'under' }, t(`seq.part_${role}`)))]).filter(Boolean);

/** @param {SequenceScene} scene @param {import('../../core/sequence/cells.js').Update} update @param {boolean} shown */
export function updateCard({ part, model }, update, shown) {
  const { names, operands, result } = printedUpdate(part.cell, update), [a, b, c, d] = operands;
  const body = part.cell === 'gru' ? [sign('(1 −'), num(a, names[0]), sign(') ×'), num(b, names[1]), sign('+'), num(a, names[0]), sign('×'), num(c, names[2])]
    : update.name === 'c' ? [num(a, names[0]), sign('×'), num(b, names[1]), sign('+'), num(c, names[2]), sign('×'), num(d, names[3])]
      : [num(a, names[0]), sign('×'), h('span', { class: 'fn' }, 'tanh'), sign('('), num(b, names[1]), sign(')')];
  const symbols = { gru: 'hₜ = (1 − zₜ) nₜ + zₜ hₜ₋₁', c: 'cₜ = fₜ cₜ₋₁ + iₜ gₜ', h: 'hₜ = oₜ tanh(cₜ)' };
  return h('section', { class: `update-card${shown ? '' : ' later'}`, 'data-update': update.name },
    h('h3', {}, symbols[part.cell === 'gru' ? 'gru' : /** @type {'c' | 'h'} */ (update.name)]),
    equation([num(SYMBOLS[update.name], 'symbol'), sign('='), ...body, sign('='), num(result, 'result', { class: 'num result' })], `update ${part.cell}-${update.name}`),
    model.state_unit !== 1 ? h('p', { class: 'quiet' }, t('seq.state_unit', { value: significant(update.value / model.state_unit, 7) })) : null);
}

/** All units of a gate at this step; a click chooses one. @param {SequenceScene} scene @param {Float32Array} values @param {import('../colors.js').Colours} colours */
function strip({ state, act }, values, colours) {
  return h('div', { class: 'unit-strip', role: 'group', 'aria-label': t('seq.units') }, Array.from(values, (value, unit) => h('button', {
    class: unit === state.unit ? 'on' : '', style: { background: colours.fill(value, 1) }, tabindex: -1, title: `${unit}: ${significant(value)}`, 'aria-label': `${t('seq.unit', { unit })} ${significant(value)}`, onclick: () => act.go({ unit }),
  })));
}

/** What books write otherwise, with the same result. @param {SequenceScene} scene */
function conventions({ part, explanation }) {
  const gate = explanation?.extra.gates[0], z = explanation?.extra.gates.find(({ name }) => name === 'z');
  const merged = gate ? gate.bias_ih + gate.bias_hh : 0;
  return h('details', { class: 'conventions' }, h('summary', {}, t('seq.conventions')), h('ul', {},
    h('li', {}, t('seq.convention_bias', { a: significant(gate?.bias_ih ?? 0), b: significant(gate?.bias_hh ?? 0), sum: significant(merged) })),
    part.cell === 'gru' && z ? h('li', {}, t('seq.convention_z', { z: significant(z.value, 4), other: significant(SQUASH.sigmoid(-z.preactivation), 4) })) : null,
    h('li', {}, t(`seq.convention_order_${part.cell}`))));
}

// The diagram: places on a board of 100 x 60, one for each cell.

/** @typedef {{id: string, x: number, y: number, text: string, kind: 'gate' | 'op' | 'state'}} Place */

/** @type {Record<string, {places: Place[], wires: [string, string, string][]}>} wires: d, the step that reveals it, the number on it */
const BOARDS = {
  lstm: {
    places: [
      { id: 'c_previous', x: 6, y: 10, text: 'cₜ₋₁', kind: 'state' }, { id: 'f×', x: 22, y: 10, text: '×', kind: 'op' }, { id: 'c+', x: 47, y: 10, text: '+', kind: 'op' }, { id: 'c', x: 94, y: 10, text: 'cₜ', kind: 'state' },
      { id: 'f', x: 22, y: 35, text: 'fₜ', kind: 'gate' }, { id: 'i', x: 39, y: 35, text: 'iₜ', kind: 'gate' }, { id: 'g', x: 55, y: 35, text: 'gₜ', kind: 'gate' }, { id: 'i×', x: 47, y: 22, text: '×', kind: 'op' },
      { id: 'o', x: 72, y: 35, text: 'oₜ', kind: 'gate' }, { id: 'th', x: 86, y: 18, text: 'tanh', kind: 'op' }, { id: 'o×', x: 86, y: 27, text: '×', kind: 'op' }, { id: 'h', x: 94, y: 52, text: 'hₜ', kind: 'state' },
      { id: 'h_previous', x: 6, y: 52, text: 'hₜ₋₁', kind: 'state' }, { id: 'x', x: 14, y: 60, text: 'xₜ', kind: 'state' },
    ],
    wires: [
      ['M6,10H20', 'in', ''], ['M24,10H45', 'f', ''], ['M49,10H94', 'c', ''], ['M22,32V12', 'f', ''], ['M39,32V22H45', 'i', ''], ['M55,32V22H49', 'g', ''], ['M47,20V12', 'c', ''],
      ['M86,10V16', 'h', ''], ['M86,20V25', 'h', ''], ['M72,32V27H84', 'o', ''], ['M86,29V52H94', 'h', ''],
      ['M6,52H72', 'in', ''], ['M14,60V52', 'in', ''], ['M22,52V38', 'in', ''], ['M39,52V38', 'in', ''], ['M55,52V38', 'in', ''], ['M72,52V38', 'in', ''],
    ],
  },
  gru: {
    places: [
      { id: 'h_previous', x: 6, y: 10, text: 'hₜ₋₁', kind: 'state' }, { id: 'z×', x: 46, y: 10, text: '×', kind: 'op' }, { id: 'h+', x: 82, y: 10, text: '+', kind: 'op' }, { id: 'h', x: 94, y: 10, text: 'hₜ', kind: 'state' },
      { id: 'r', x: 26, y: 36, text: 'rₜ', kind: 'gate' }, { id: 'z', x: 46, y: 36, text: 'zₜ', kind: 'gate' }, { id: 'n', x: 70, y: 36, text: 'nₜ', kind: 'gate' }, { id: 'n×', x: 82, y: 23, text: '×', kind: 'op' },
      { id: 'x', x: 16, y: 58, text: 'xₜ', kind: 'state' },
    ],
    wires: [
      ['M6,10H44', 'in', ''], ['M48,10H80', 'h', ''], ['M84,10H94', 'h', ''], ['M46,33V12', 'z', ''], ['M46,23H80', 'z', '1−z'], ['M70,33V27H82V25', 'n', ''], ['M82,21V12', 'h', ''],
      ['M10,10V50H70V39', 'in', ''], ['M16,58V50', 'in', ''], ['M26,50V39', 'in', ''], ['M46,50V39', 'in', ''], ['M30,36H66', 'r', '× r'],
    ],
  },
  rnn: {
    places: [
      { id: 'h_previous', x: 8, y: 20, text: 'hₜ₋₁', kind: 'state' }, { id: 'h', x: 50, y: 20, text: 'hₜ', kind: 'gate' }, { id: 'out', x: 92, y: 20, text: 'hₜ', kind: 'state' }, { id: 'x', x: 30, y: 48, text: 'xₜ', kind: 'state' },
    ],
    wires: [['M8,20H46', 'in', ''], ['M30,48V20', 'in', ''], ['M54,20H92', 'h', '']],
  },
};

/** @param {SequenceScene} scene @param {(id: string) => boolean} shown */
function diagram(scene, shown) {
  const { part, explanation, act, model } = scene, board = BOARDS[part.cell];
  const values = valuesOf(explanation), unit = model.state_unit ?? 1;
  const high = Math.max(...board.places.map(({ y }) => y)) + 8;
  const wires = s('svg', { viewBox: `0 0 100 ${high}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, board.wires.map(([d, step]) => s('path', { d, class: shown(step) ? 'live' : 'later-wire' })));
  const places = board.places.map(({ id, x, y, text, kind }) => {
    const value = values[id], here = kind === 'state' || kind === 'op' ? true : shown(id);
    const content = [h('span', { class: 'place-name' }, text), value === undefined ? null : h('span', { class: `num${here && shown(stepOf(id)) ? '' : ' later'}` }, significant(kind === 'state' ? value / unit : value))];
    const style = { left: `${x}%`, top: `${(100 * y) / high}%` };
    return kind === 'gate' ? h('button', { class: `place gate${shown(id) ? ' open' : ''}`, 'data-place': id, style, onclick: () => act.go({ view: 'gate', gate: id, step: null, play: false }), 'aria-label': `${t(`seq.gate_${part.cell}_${id}`)} ${value === undefined ? '' : significant(value)}` }, content)
      : h('span', { class: `place ${kind}`, style }, content);
  });
  return h('div', { class: `cell-board ${part.cell}`, role: 'group', 'aria-label': t('seq.diagram', { cell: part.cell.toUpperCase() }), style: { '--ratio': 100 / high } }, wires, places);
}

const stepOf = (/** @type {string} */ id) => (['c', 'h', 'f', 'i', 'g', 'o', 'r', 'z', 'n'].includes(id) ? id : id === 'out' ? 'h' : 'in');

/** @param {SequenceScene['explanation']} explanation @returns {Record<string, number>} */
function valuesOf(explanation) {
  if (!explanation) return {};
  const { gates, update, h_previous, c_previous } = explanation.extra;
  /** @type {Record<string, number>} */
  const values = { h_previous, ...(c_previous === null || c_previous === undefined ? {} : { c_previous }), ...Object.fromEntries(gates.map(({ name, value }) => [name, value])), ...Object.fromEntries(update.map(({ name, value }) => [name, value])) };
  return { ...values, out: values.h };
}

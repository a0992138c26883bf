/** A handful of ReLU neurons whose sum imitates a cubic: each bends once, together they follow the curve. */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
/** @import { Line } from './curve-plot.js' */
import { plainly } from '../../core/lab/curves.js';
import { short } from '../../core/lab/grids.js';
import { h, num } from '../dom.js';
import { COLOURS } from './curve-plot.js';
import { measured } from './curve-stage.js';

const LOW = -2;
const HIGH = 2;
const AT = [-2, -1, 0, 1, 2];
const relu = (/** @type {number} */ x) => Math.max(0, x);
const cubic = (/** @type {number} */ x) => x ** 3 + x ** 2 - x - 1;
/** v r(w x + b). @param {number[]} neuron @param {number} x */
const part = ([w, b, v], x) => v * relu(w * x + b);
/** @param {number[][]} neurons @param {number} x */
const total = (neurons, x) => neurons.reduce((sum, neuron) => sum + part(neuron, x), 0);

/** What comes out of every neuron at -2 .. 2. @param {Values} values @returns {number[][]} */
export const outputsOf = ({ n }) => AT.map((x) => n.map((/** @type {number[]} */ [w, b]) => relu(w * x + b)));

const print = (/** @type {number} */ value) => plainly(Math.abs(value) < 1e-9 ? 0 : value);
const plain = (/** @type {number} */ value) => short(Number(value.toPrecision(6)));

/** −5x − 7.7 @param {number[]} neuron */
const inner = ([w, b]) =>
  `${w === 1 ? '' : w === -1 ? '−' : plain(w)}x${b === 0 ? '' : ` ${b < 0 ? '−' : '+'} ${plain(Math.abs(b))}`}`;
/** + 2 r(x) @param {number[]} neuron */
const written = (neuron) =>
  `${neuron[2] < 0 ? '−' : '+'} ${Math.abs(neuron[2]) === 1 ? '' : `${plain(Math.abs(neuron[2]))} `}r(${inner(neuron)})`;

/** @param {LabScene} scene @param {number} steps */
const atOf = ({ state, step }, steps) =>
  step === null
    ? Math.min(HIGH, Math.max(LOW, state.values.at))
    : Number((LOW + ((HIGH - LOW) * step) / (steps - 1)).toFixed(6));

/** The corners of a neuron and the ends: a ReLU is straight between. @param {number[][]} neurons */
function corners(neurons) {
  const bends = neurons.map(([w, b]) => -b / w).filter((x) => x > LOW && x < HIGH);
  return [LOW, ...bends.sort((a, b) => a - b), HIGH];
}

/** @param {any} made @param {LabScene} scene @param {number} steps */
export function drawNeurons(made, scene, steps) {
  const { say } = scene;
  const neurons = scene.state.values.n;
  const at = atOf(scene, steps);
  const xs = corners(neurons);
  const smooth = Array.from({ length: 121 }, (_, i) => LOW + ((HIGH - LOW) * i) / 120);
  const of = (/** @type {(x: number) => number} */ f, places = xs) => [
    places.map((x) => /** @type {[number, number]} */ ([x, f(x)])),
  ];
  const colour = (/** @type {number} */ i) => 2 + (i % (COLOURS - 2));
  /** @type {Line[]} */
  const lines = [
    ...neurons.map((/** @type {number[]} */ neuron, /** @type {number} */ i) => ({
      label: written(neuron),
      colour: colour(i),
      kind: /** @type {'thin'} */ ('thin'),
      pieces: of((x) => part(neuron, x)),
    })),
    { label: say('cubic'), colour: 1, kind: 'dashed', pieces: of(cubic, smooth) },
    { label: say('sum'), colour: 0, kind: 'main', pieces: of((x) => total(neurons, x)) },
  ];
  const shown = lines.slice(-2).flatMap(({ pieces }) => pieces.flat().map(([, y]) => y));
  const y = total(neurons, at);
  made.plot.draw({
    ...measured(made.place),
    legend: [],
    xs: [LOW, HIGH],
    ys: [Math.min(...shown) - 0.6, Math.max(...shown) + 0.6],
    lines,
    zones: [],
    at,
    slope: null,
    step: 0.1,
    dots: [
      { y, colour: 0 },
      { y: cubic(at), colour: 1 },
      ...neurons.map((/** @type {number[]} */ neuron, /** @type {number} */ i) => ({ y: part(neuron, at), colour: colour(i) })),
    ],
    readout: [`x = ${print(at)}`, `${say('sum')} = ${print(y)}`, `${say('cubic')} = ${print(cubic(at))}`],
    label: say('point'),
    said: `x = ${print(at)}, ${say('sum')} ${print(y)}`,
  });
  const row = (/** @type {string} */ name, /** @type {number} */ series, /** @type {number} */ value, main = false) =>
    h(
      'tr',
      { class: `series-${series}${main ? ' main' : ''}` },
      h('td', {}, h('span', { class: 'curve-name' }, h('span', { class: 'curve-swatch' }), name)),
      h('td', { class: 'num', 'data-role': main ? 'sum' : 'part' }, print(value)),
    );
  made.x.put(at);
  made.table.replaceChildren(
    h(
      'table',
      { class: 'curve-table' },
      h('thead', {}, h('tr', {}, h('th', {}, say('neuron')), h('th', {}, say('gives')))),
      h(
        'tbody',
        {},
        neurons.map((/** @type {number[]} */ neuron, /** @type {number} */ i) =>
          row(written(neuron), colour(i), part(neuron, at)),
        ),
        row(say('sum'), 0, y, true),
        row('x³ + x² − x − 1', 1, cubic(at)),
      ),
    ),
  );
}

/** The sum at whole places, beside the cubic. @param {LabScene} scene @param {number} steps */
export function neuronsCard(scene, steps) {
  const { n } = scene.state.values;
  const at = atOf(scene, steps);
  const cells = (/** @type {(x: number) => number} */ f) => AT.map((x) => h('td', { class: 'num' }, print(f(x))));
  const sums = n.map((/** @type {number[]} */ neuron, /** @type {number} */ i) =>
    h('span', { class: 'term' }, part(neuron, at) < 0 ? '− ' : i ? '+ ' : '', num(print(Math.abs(part(neuron, at))), 'part')),
  );
  return h(
    'div',
    { class: 'lab-sums' },
    h(
      'div',
      { class: 'lab-terms' },
      h('span', { class: 'group-name' }, `x = ${print(at)}: `),
      ...sums,
      h('span', { class: 'term' }, '= ', num(print(total(n, at)), 'result', { class: 'num result' })),
    ),
    h(
      'table',
      { class: 'curve-table narrow' },
      h(
        'tbody',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, 'x'),
          cells((x) => x),
        ),
        h(
          'tr',
          { class: 'main' },
          h('th', { scope: 'row' }, scene.say('sum')),
          AT.map((_, i) =>
            h('td', { class: 'num', 'data-role': 'sums' }, print(scene.answer?.output?.[i]?.[0] ?? total(n, AT[i]))),
          ),
        ),
        h('tr', {}, h('th', { scope: 'row' }, scene.say('cubic')), cells(cubic)),
      ),
    ),
  );
}

/** @param {Values} values @returns {string} */
export const neuronsCode = ({ n }) => `import torch

neurons = torch.tensor([${n.map((/** @type {number[]} */ row) => `[${row.join(', ')}]`).join(', ')}], dtype=torch.float64)  # weight, bias, sign
x = torch.tensor([[${AT.join('.], [')}.]], dtype=torch.float64)

hidden = torch.relu(x * neurons[:, 0] + neurons[:, 1])
output = hidden @ neurons[:, 2:]
print(output, x**3 + x**2 - x - 1)
`;

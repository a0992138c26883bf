/**
 * Gates of one and of several neurons: weights and a threshold, the line they draw through the four corners, the table of
 * truth.
 */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
import { short } from '../../core/lab/grids.js';
import { h, num, s } from '../dom.js';

/** @typedef {{name: string, w: [number, number], theta: number}} Neuron */
/** free: its weights can be set; step: a neuron says 1 above its threshold, else it is a ReLU; the last neuron reads the ones before.
 * @typedef {{neurons: Neuron[], free?: boolean, relu?: boolean}} Gate */

const AND = { name: 'AND', w: /** @type {[number, number]} */ ([0.5, 0.5]), theta: 0.7 };
const OR = { ...AND, name: 'OR', theta: 0.2 };
const NAND = { name: 'NAND', w: /** @type {[number, number]} */ ([-0.5, -0.5]), theta: -0.7 };

/** @type {Record<string, Gate>} thresholds of the course; the last is Goodfellow's net, whose biases are minus the thresholds */
export const GATES = {
  and: { neurons: [AND], free: true },
  or: { neurons: [OR], free: true },
  nand: { neurons: [NAND], free: true },
  xor: { neurons: [NAND, OR, AND] },
  half: {
    neurons: [
      { name: 'h₁', w: [1, -1], theta: 0.5 },
      { name: 'h₂', w: [-1, 1], theta: 0.5 },
      { name: 'XOR', w: [1, 1], theta: 0.5 },
    ],
  },
  goodfellow: {
    neurons: [
      { name: 'h₁', w: [1, 1], theta: 0 },
      { name: 'h₂', w: [1, 1], theta: 1 },
      { name: 'y', w: [1, -2], theta: 0 },
    ],
    relu: true,
  },
};
export const INPUTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** The gate as it is set now. @param {Values} values @returns {Gate} */
export function gateOf({ gate, w1, w2, theta }) {
  const chosen = GATES[gate];
  return chosen.free ? { free: true, neurons: [{ name: chosen.neurons[0].name, w: [w1, w2], theta }] } : chosen;
}

const tidy = (/** @type {number} */ value) => Number(value.toPrecision(12));
const summed = (/** @type {Neuron} */ { w, theta }, /** @type {number[]} */ [a, b]) => tidy(w[0] * a + w[1] * b - theta);

/** Every row of the table of truth: sums less the threshold, and what each neuron says. @param {Values} values */
export function tableOf(values) {
  const { neurons, relu } = gateOf(values);
  const hidden = neurons.slice(0, -1);
  const last = neurons[neurons.length - 1];
  const says = (/** @type {number} */ sum) => (relu ? Math.max(0, sum) : sum > 0 ? 1 : 0);
  return INPUTS.map((inputs) => {
    const sums = hidden.map((neuron) => summed(neuron, inputs));
    const said = sums.map(says);
    const sum = summed(last, said.length ? said : inputs);
    return { inputs, sums: [...sums, sum], said: [...said, relu ? sum : says(sum)], output: relu ? sum : says(sum) };
  });
}

/** What the engine computes: the last neuron on what the others say. @param {Values} values */
export function gateAsked(values) {
  const table = tableOf(values);
  const { relu, neurons } = gateOf(values);
  if (relu)
    return {
      op: 'linear',
      body: { input: table.map(({ said }) => said.slice(0, -1)), weight: neurons[neurons.length - 1].w, steps: false },
    };
  return { op: 'step', body: { input: table.map(({ sums }) => sums[sums.length - 1]), steps: false } };
}

/** @param {Values} values @returns {string} */
export function gateCode(values) {
  const { neurons, relu } = gateOf(values);
  const last = neurons[neurons.length - 1];
  const hidden = neurons.slice(0, -1);
  const tensor = (/** @type {any} */ numbers) => `torch.tensor(${JSON.stringify(numbers)}, dtype=torch.float64)`;
  const f = relu ? 'torch.relu(sums)' : '(sums > 0).double()';
  const first = hidden.length
    ? `sums = x @ ${tensor(hidden.map(({ w }) => w))}.T - ${tensor(hidden.map(({ theta }) => theta))}\nx = ${f}\n`
    : '';
  return `import torch\n\nx = ${tensor(INPUTS)}\n${first}sums = x @ ${tensor(relu ? [last.w] : last.w)}${relu ? '.T' : ''} - ${last.theta}\noutput = ${relu ? 'sums' : f}\nprint(output)\n`;
}

/** @param {HTMLElement} place @param {LabScene} scene */
export function drawGate(place, scene) {
  const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const {
    state: { values },
    say,
  } = scene;
  const table = tableOf(values);
  const row = scene.step ?? 3;
  if (!place.children.length) place.append(h('div', { class: 'plot-place' }), h('div', { class: 'curve-side' }));
  place.className = 'curve-lab gate-lab';
  const [box, side] = /** @type {HTMLElement[]} */ ([...place.children]);
  const width = Math.max(280, box.clientWidth);
  const height = Math.max(200, box.clientHeight);
  const stacked = width < 34 * text;
  const share = stacked ? height / 2 : width * 0.56;
  const svg = s(
    'svg',
    {
      class: 'lab-plot gate',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': say('gate_picture'),
    },
    network(scene, table[row], { left: 0, top: 0, width: stacked ? width : share, height: stacked ? share : height, text }),
    corners(
      scene,
      table,
      row,
      stacked
        ? { left: 0, top: share, width, height: height - share, text }
        : { left: share, top: 0, width: width - share, height, text },
    ),
  );
  box.replaceChildren(svg);
  const { neurons } = gateOf(values);
  side.replaceChildren(
    h(
      'table',
      { class: 'curve-table truth' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['x₁', 'x₂', ...neurons.map(({ name }) => name)].map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h(
        'tbody',
        {},
        table.map(({ inputs, said }, i) =>
          h(
            'tr',
            { class: i === row ? 'chosen' : '', onclick: () => scene.go(i) },
            [...inputs, ...said].map((value, column) =>
              h(
                'td',
                {
                  class: `num${column === 1 + neurons.length ? ' result' : ''}`,
                  'data-role': column === 1 + neurons.length ? 'truth' : 'value',
                },
                short(value),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @typedef {{left: number, top: number, width: number, height: number, text: number}} Area */

/**
 * Inputs, neurons and the output as circles with the numbers of one row.
 * @param {LabScene} scene
 * @param {ReturnType<typeof tableOf>[0]} row
 * @param {Area} area
 */
function network(scene, row, { left, top, width, height, text }) {
  const { neurons } = gateOf(scene.state.values);
  const hidden = neurons.length - 1;
  const r = Math.min(2 * text, height / 8);
  const columns = hidden ? 3 : 2;
  const x = (/** @type {number} */ i) => left + r + text + ((width - 2 * r - 3 * text) * i) / (columns - 1);
  const up = top + height * 0.3;
  const down = top + height * 0.76;
  const spots = {
    inputs: [
      [x(0), up],
      [x(0), down],
    ],
    hidden: hidden
      ? [
          [x(1), up],
          [x(1), down],
        ]
      : [],
    out: [x(columns - 1), (up + down) / 2],
  };
  const from = hidden ? spots.hidden : spots.inputs;
  const last = neurons[hidden];
  const edges = [
    ...neurons
      .slice(0, -1)
      .flatMap((neuron, j) => neuron.w.map((w, i) => edge(spots.inputs[i], spots.hidden[j], w, r, text, i === j ? 0.5 : 0.26))),
    ...last.w.map((w, i) => edge(from[i], spots.out, w, r, text, 0.5)),
  ];
  const node = (
    /** @type {number[]} */ [cx, cy],
    /** @type {number} */ value,
    /** @type {string} */ name,
    /** @type {string} */ under,
  ) =>
    s(
      'g',
      { class: `neuron${value > 0 ? ' lit' : ''}` },
      s('circle', { cx, cy, r }),
      s('text', { x: cx, y: cy + 0.4 * text, 'font-size': text * 1.2, 'text-anchor': 'middle' }, short(value)),
      s(
        'text',
        {
          x: cx,
          y: cy > (up + down) / 2 ? cy + r + 1.2 * text : cy - r - 0.45 * text,
          'font-size': text,
          'text-anchor': 'middle',
        },
        under ? `${name} ${under}` : name,
      ),
    );
  const limit = (/** @type {number} */ theta) =>
    scene.state.values.gate === 'goodfellow' ? `(b = ${short(-theta || 0)})` : `> ${short(theta)}`;
  return s(
    'g',
    {},
    edges,
    spots.inputs.map((spot, i) => node(spot, row.inputs[i], i ? 'x₂' : 'x₁', '')),
    spots.hidden.map((spot, i) => node(spot, row.said[i], neurons[i].name, limit(neurons[i].theta))),
    node(spots.out, row.output, last.name, limit(last.theta)),
  );
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} w
 * @param {number} r
 * @param {number} text
 * @param {number} where
 */
function edge(from, to, w, r, text, where) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  const free = length - 2 * r;
  const x = from[0] + ux * (r + free * where);
  const y = from[1] + uy * (r + free * where);
  const wide = (short(w).length * 0.6 + 0.6) * text;
  return s(
    'g',
    { class: 'gate-edge' },
    s('path', { d: `M${from[0] + ux * r},${from[1] + uy * r}L${to[0] - ux * r},${to[1] - uy * r}` }),
    s('rect', { x: x - wide / 2, y: y - 0.7 * text, width: wide, height: 1.4 * text }),
    s('text', { x, y: y + 0.35 * text, 'font-size': text, 'text-anchor': 'middle' }, short(w)),
  );
}

/**
 * The plane of the two inputs: which corners give 1, and the line of every neuron that reads them.
 * @param {LabScene} scene
 * @param {ReturnType<typeof tableOf>} table
 * @param {number} row
 * @param {Area} area
 */
function corners(scene, table, row, { left, top, width, height, text }) {
  const side = Math.max(60, Math.min(width - 4 * text, height - 3.6 * text));
  const x0 = left + (width - side) / 2 + text;
  const y0 = top + (height - side) / 2 - 0.4 * text;
  const low = -0.5;
  const span = 2;
  const x = (/** @type {number} */ a) => x0 + (side * (a - low)) / span;
  const y = (/** @type {number} */ b) => y0 + side - (side * (b - low)) / span;
  const { neurons } = gateOf(scene.state.values);
  const reading = neurons.length > 1 ? neurons.slice(0, -1) : neurons;
  const clip = s('clipPath', { id: 'gate-plane' }, s('rect', { x: x0, y: y0, width: side, height: side }));
  return s(
    'g',
    { class: 'axes' },
    clip,
    s('rect', { class: 'plane-of', x: x0, y: y0, width: side, height: side }),
    s(
      'g',
      { 'clip-path': 'url(#gate-plane)' },
      reading.map((neuron, i) => border(neuron, i, x, y)),
    ),
    [0, 1].flatMap((tick) => [
      s('text', { x: x(tick), y: y0 + side + 1.2 * text, 'font-size': text * 0.94, 'text-anchor': 'middle' }, `${tick}`),
      s('text', { x: x0 - 0.4 * text, y: y(tick) + 0.35 * text, 'font-size': text * 0.94, 'text-anchor': 'end' }, `${tick}`),
    ]),
    s('text', { x: x0 + side, y: y0 + side + 1.2 * text, 'font-size': text, 'text-anchor': 'end' }, 'x₁'),
    s('text', { x: x0 - 0.4 * text, y: y0 + text, 'font-size': text, 'text-anchor': 'end' }, 'x₂'),
    table.map(({ inputs: [a, b], output }, i) =>
      s(
        'g',
        { class: `corner${output > 0.5 ? ' one' : ''}${i === row ? ' chosen' : ''}`, onclick: () => scene.go(i) },
        s('circle', { cx: x(a), cy: y(b), r: text * (i === row ? 1.05 : 0.8) }),
        s('text', { x: x(a), y: y(b) + 0.36 * text, 'font-size': text, 'text-anchor': 'middle' }, short(output)),
      ),
    ),
  );
}

/**
 * Where w₁x₁ + w₂x₂ is the threshold, and the side above it.
 * @param {Neuron} neuron
 * @param {number} i
 * @param {(a: number) => number} x
 * @param {(b: number) => number} y
 */
function border({ w: [a, b], theta }, i, x, y) {
  if (!a && !b) return null;
  const far = 6;
  const size = Math.hypot(a, b);
  const [nx, ny] = [a / size, b / size];
  const [px, py] = [(theta * a) / (size * size), (theta * b) / (size * size)];
  const at = (/** @type {number} */ along, /** @type {number} */ off) =>
    `${x(px - ny * along + nx * off)},${y(py + nx * along + ny * off)}`;
  return s(
    'g',
    { class: `border series-${i}` },
    s('path', { class: 'above', d: `M${at(-far, 0)}L${at(far, 0)}L${at(far, far)}L${at(-far, far)}Z` }),
    s('path', { class: 'graph', d: `M${at(-far, 0)}L${at(far, 0)}` }),
  );
}

/** Every neuron of one row written out. @param {LabScene} scene */
export function gateCard(scene) {
  const {
    state: { values },
    say,
  } = scene;
  const { neurons, relu } = gateOf(values);
  const row = tableOf(values)[scene.step ?? 3];
  const last = neurons.length - 1;
  const bracket = (/** @type {number} */ value) => (value < 0 ? `(${short(value)})` : short(value));
  return h(
    'div',
    { class: 'lab-sums' },
    neurons.map(({ name, w, theta }, i) => {
      const reads = i === last && last ? row.said.slice(0, -1) : row.inputs;
      const sum = tidy(row.sums[i] + theta);
      const products = w.map((weight, j) =>
        h(
          'span',
          { class: 'term' },
          j ? '+ ' : '',
          num(bracket(weight), 'weight'),
          h('span', { class: 'times' }, '×'),
          num(short(reads[j]), 'value'),
        ),
      );
      const end = relu
        ? [
            theta ? h('span', { class: 'term' }, theta > 0 ? '− ' : '+ ', num(short(Math.abs(theta)), 'bias')) : null,
            h('span', { class: 'term' }, '= ', num(short(row.sums[i]), 'sum')),
            i < last
              ? h('span', { class: 'term' }, '→ ReLU → ', num(short(row.said[i]), 'result', { class: 'num result' }))
              : null,
          ]
        : [
            h('span', { class: 'term' }, '= ', num(short(sum), 'sum')),
            h('span', { class: 'term' }, sum > theta ? '> ' : '≤ ', num(short(theta), 'threshold')),
            h('span', { class: 'term' }, '→ ', num(short(row.said[i]), 'result', { class: 'num result' })),
          ];
      return h(
        'div',
        { class: 'lab-terms' },
        h('span', { class: 'group-name' }, `${name}: `),
        ...products,
        ...end.filter((each) => each !== null),
      );
    }),
    h('p', { class: 'quiet' }, say(last ? 'gate_two' : 'gate_one')),
  );
}

/**
 * Where everything of a cell's diagram stands. A place is [along, lane]: along is how far time has got within the step, 0 to
 * 100;
 * lanes lie beside it. On a wide page time runs to the right, on a phone downwards.
 */

/**
 * @typedef {[number, string]} Spot
 * @typedef {object} Wire
 * @property {Spot[]} path
 * @property {string} from       the step that fills it
 * @property {string} carries    the name of its number, "" for all numbers at once, "gate" for what turns a valve
 *
 * @typedef {object} Part
 * @property {'valve' | 'op' | 'chip' | 'gate' | 'word'} kind
 * @property {Spot} at
 * @property {string} name      of a gate, a number or an operation
 * @property {string} from      the step that brings it
 * @property {'on' | 'beside'=} set   a chip on its wire or beside it
 * @property {Spot=} tall       where it stands on a phone, when not in the same place
 *
 * @typedef {{lanes: Record<string, [number, number]>, wires: Wire[], parts: Part[]}} Plan   lanes: wide, tall
 */

/** @type {Record<string, [number, number]>} */
const LANES = { line: [10, 16], valve: [37, 38], gate: [65, 72], x: [88, 96.5], h: [97, 99.5] };

/**
 * Both inputs of a column come up from below.
 * @param {number} along
 * @param {string} from
 * @param {string[]=} lanes
 * @returns {Wire[]}
 */
const taps = (along, from, lanes = ['x', 'h']) =>
  lanes.map((lane, i) => ({
    path: [
      [along + (lanes.length - 1) * (2 * i - 1), lane],
      [along + (lanes.length - 1) * (2 * i - 1), 'gate'],
    ],
    from,
    carries: '',
  }));

/** What comes in. @param {number} last   the last column that reads it @param {number=} lastH @returns {Plan} */
const inputs = (last, lastH = last) => ({
  lanes: {},
  wires: [
    {
      path: [
        [0, 'x'],
        [last, 'x'],
      ],
      from: 'in',
      carries: '',
    },
    {
      path: [
        [0, 'h'],
        [lastH, 'h'],
      ],
      from: 'in',
      carries: '',
    },
  ],
  parts: [
    { kind: 'word', at: [0, 'x'], tall: [1.2, 'x'], name: 'x', from: 'in' },
    { kind: 'word', at: [0, 'h'], tall: [4.6, 'h'], name: 'h_previous', from: 'in' },
  ],
});

/** @param {Plan} own @param {Plan} common @returns {Plan} */
const joined = (own, common) => ({
  lanes: { ...LANES, ...own.lanes },
  wires: [...common.wires, ...own.wires],
  parts: [...own.parts, ...common.parts],
});

const lstm = joined(
  {
    lanes: {},
    wires: [
      ...['f', 'i', 'g', 'o'].flatMap((gate, i) => taps([17, 33, 49, 81][i], gate)),
      {
        path: [
          [0, 'line'],
          [17, 'line'],
        ],
        from: 'in',
        carries: 'c_previous',
      },
      {
        path: [
          [17, 'gate'],
          [17, 'line'],
        ],
        from: 'f',
        carries: 'gate',
      },
      {
        path: [
          [17, 'line'],
          [49, 'line'],
        ],
        from: 'f',
        carries: 'kept',
      },
      {
        path: [
          [33, 'gate'],
          [33, 'valve'],
          [49, 'valve'],
        ],
        from: 'i',
        carries: 'gate',
      },
      {
        path: [
          [49, 'gate'],
          [49, 'valve'],
        ],
        from: 'g',
        carries: 'g',
      },
      {
        path: [
          [49, 'valve'],
          [49, 'line'],
        ],
        from: 'c',
        carries: 'added',
      },
      {
        path: [
          [49, 'line'],
          [100, 'line'],
        ],
        from: 'c',
        carries: 'c',
      },
      {
        path: [
          [81, 'gate'],
          [81, 'valve'],
        ],
        from: 'o',
        carries: 'gate',
      },
      {
        path: [
          [64, 'line'],
          [64, 'valve'],
          [81, 'valve'],
        ],
        from: 'h',
        carries: 'squashed',
      },
      {
        path: [
          [81, 'valve'],
          [100, 'valve'],
        ],
        from: 'h',
        carries: 'h',
      },
    ],
    parts: [
      { kind: 'gate', at: [17, 'gate'], name: 'f', from: 'f' },
      { kind: 'gate', at: [33, 'gate'], name: 'i', from: 'i' },
      { kind: 'gate', at: [49, 'gate'], name: 'g', from: 'g' },
      { kind: 'gate', at: [81, 'gate'], name: 'o', from: 'o' },
      { kind: 'valve', at: [17, 'line'], name: 'f', from: 'f' },
      { kind: 'valve', at: [49, 'valve'], name: 'i', from: 'i' },
      { kind: 'valve', at: [81, 'valve'], name: 'o', from: 'o' },
      { kind: 'op', at: [49, 'line'], name: '+', from: 'c' },
      { kind: 'op', at: [64, 'valve'], name: 'tanh', from: 'h' },
      { kind: 'chip', at: [6, 'line'], tall: [4, 'line'], name: 'c_previous', from: 'in' },
      { kind: 'chip', at: [33, 'line'], name: 'kept', from: 'f' },
      { kind: 'chip', at: [49, 'valve/line'], tall: [55.6, 'valve'], name: 'added', from: 'c', set: 'beside' },
      { kind: 'chip', at: [76, 'line'], tall: [60, 'line'], name: 'c', from: 'c' },
      { kind: 'chip', at: [72, 'valve'], name: 'squashed', from: 'h' },
      { kind: 'chip', at: [93.5, 'valve'], name: 'h', from: 'h' },
    ],
  },
  inputs(82),
);

const gru = joined(
  {
    lanes: { new: [30, 30], valve: [48, 43], gate: [71, 73] },
    wires: [
      ...taps(15, 'z'),
      ...taps(53, 'r'),
      ...taps(69, 'n', ['x']),
      {
        path: [
          [0, 'line'],
          [15, 'line'],
        ],
        from: 'in',
        carries: 'h_previous',
      },
      {
        path: [
          [30, 'h'],
          [30, 'valve'],
          [53, 'valve'],
        ],
        from: 'n',
        carries: 'hn',
      },
      {
        path: [
          [53, 'gate'],
          [53, 'valve'],
        ],
        from: 'r',
        carries: 'gate',
      },
      {
        path: [
          [53, 'valve'],
          [69, 'valve'],
          [69, 'gate'],
        ],
        from: 'n',
        carries: 'reset',
      },
      {
        path: [
          [15, 'gate'],
          [15, 'line'],
        ],
        from: 'z',
        carries: 'gate',
      },
      {
        path: [
          [15, 'new'],
          [75, 'new'],
        ],
        from: 'z',
        carries: 'gate',
      },
      {
        path: [
          [15, 'line'],
          [75, 'line'],
        ],
        from: 'z',
        carries: 'kept',
      },
      {
        path: [
          [75, 'gate'],
          [75, 'new'],
        ],
        from: 'n',
        carries: 'n',
      },
      {
        path: [
          [75, 'new'],
          [75, 'line'],
        ],
        from: 'h',
        carries: 'added',
      },
      {
        path: [
          [75, 'line'],
          [100, 'line'],
        ],
        from: 'h',
        carries: 'h',
      },
    ],
    parts: [
      { kind: 'gate', at: [15, 'gate'], name: 'z', from: 'z' },
      { kind: 'gate', at: [53, 'gate'], name: 'r', from: 'r' },
      { kind: 'gate', at: [71, 'gate'], name: 'n', from: 'n' },
      { kind: 'valve', at: [15, 'line'], name: 'z', from: 'z' },
      { kind: 'valve', at: [53, 'valve'], name: 'r', from: 'r' },
      { kind: 'valve', at: [75, 'new'], name: '1 − z', from: 'z' },
      { kind: 'op', at: [75, 'line'], name: '+', from: 'h' },
      { kind: 'chip', at: [6, 'line'], tall: [4, 'line'], name: 'h_previous', from: 'in' },
      { kind: 'chip', at: [45, 'line'], name: 'kept', from: 'z' },
      { kind: 'chip', at: [34, 'gate'], tall: [33, 'gate'], name: 'hn', from: 'n' },
      { kind: 'chip', at: [61.6, 'valve'], tall: [62, 'gate'], name: 'reset', from: 'n' },
      { kind: 'chip', at: [75, 'new/line'], tall: [80, 'new'], name: 'added', from: 'h', set: 'beside' },
      { kind: 'chip', at: [90, 'line'], name: 'h', from: 'h' },
    ],
  },
  inputs(69, 54),
);

const rnn = joined(
  {
    lanes: { line: [34, 20], gate: [34, 62], x: [86, 84], h: [34, 20] },
    wires: [
      {
        path: [
          [0, 'line'],
          [42, 'line'],
        ],
        from: 'in',
        carries: 'recurrent',
      },
      {
        path: [
          [10, 'x'],
          [42, 'x'],
          [42, 'line'],
        ],
        from: 'in',
        carries: 'input',
      },
      {
        path: [
          [42, 'line'],
          [84, 'line'],
        ],
        from: 'a',
        carries: 'a',
      },
      {
        path: [
          [84, 'line'],
          [100, 'line'],
        ],
        from: 'h',
        carries: 'h',
      },
    ],
    parts: [
      { kind: 'word', at: [0, 'line'], tall: [3, 'line'], name: 'h_previous', from: 'in' },
      { kind: 'word', at: [3, 'x'], tall: [10, 'x'], name: 'x', from: 'in' },
      { kind: 'chip', at: [25, 'line'], name: 'recurrent', from: 'in' },
      { kind: 'chip', at: [27, 'x'], name: 'input', from: 'in' },
      { kind: 'op', at: [42, 'line'], name: '+', from: 'a' },
      { kind: 'chip', at: [51, 'line'], tall: [52, 'line'], name: 'a', from: 'a' },
      { kind: 'gate', at: [70, 'gate'], name: 'h', from: 'h' },
      { kind: 'chip', at: [93, 'line'], name: 'h', from: 'h' },
    ],
  },
  { lanes: {}, wires: [], parts: [] },
);

/** @type {Record<string, Plan>} */
export const PLANS = { lstm, gru, rnn };

/**
 * A spot in percent of the drawing, wide and tall; "a/b" is half way between two lanes.
 * @param {Plan} plan
 * @param {Spot} spot
 * @param {boolean} tall
 * @returns {[number, number]} x, y
 */
export function percent(plan, [along, lane], tall) {
  const lanes = lane.split('/').map((name) => plan.lanes[name][tall ? 1 : 0]);
  const across = lanes.reduce((sum, one) => sum + one, 0) / lanes.length;
  return tall ? [across, along] : [along, across];
}

/** Reading a scene at one cell: the record, its operands, its arithmetic, and the maps around it. */
/** @import { Explanation, NodeRecord, Operands, Tensor } from '../core/types.js' */
/** @import { Scene } from './scene.js' */
import { OPS } from '../core/ops/index.js';
import { inside, plane, range, valueAt } from '../core/tensor.js';
import { indexOf } from '../core/viewstate.js';
import { explainedBy } from '../core/walk.js';
import { boundOf } from './colors.js';

/**
 * @typedef {object} Explained
 * @property {Scene} scene
 * @property {NodeRecord} record
 * @property {NodeRecord} source
 * @property {number[]} index
 * @property {Operands} operands
 * @property {Tensor} input
 * @property {Tensor} output
 * @property {number} result    the traced value
 * @property {Explanation} explanation
 * @property {number} channel   the input channel on the stage
 * @property {number} inputBound
 * @property {number} outputBound
 * @property {(id: string) => boolean} shown    whether the step with this id has been reached
 * @property {string | null} active             the id of the step that is on now
 */

/**
 * @type {WeakMap<Tensor, {at: string, explanation: Explanation}>} the last explanation of each output: a step changes none of
 *   it
 */
const known = new WeakMap();

/** @param {NodeRecord} record @param {number[]} index @param {Tensor} output @param {Scene['data']} data */
function explanationOf(record, index, output, data) {
  const last = known.get(output);
  const at = index.join();
  if (last?.at === at) return last.explanation;
  const explanation = explainedBy(data, record, index);
  known.set(output, { at, explanation });
  return explanation;
}

/** @param {Scene} scene @returns {Explained} */
export function explained(scene) {
  const { data, state } = scene;
  const record = /** @type {NodeRecord} */ (data.records.get(state.node ?? ''));
  const source = /** @type {NodeRecord} */ (data.records.get(record.inputs[0]) ?? record); // an input reads nothing but itself
  const index = indexOf(state, record);
  const operands = data.operands(record);
  const output = /** @type {Tensor} */ (data.values(record.name));
  const input = operands.inputs[0] ?? output;
  const at = scene.steps.findIndex((_, i) => i === state.step);
  const active = state.step === null ? null : (scene.steps[at]?.id ?? null);
  const shown = (/** @type {string} */ id) => state.step === null || scene.steps.findIndex((step) => step.id === id) <= at;
  return {
    scene,
    record,
    source,
    index,
    operands,
    input,
    output,
    result: valueAt(output, index),
    get explanation() {
      return explanationOf(record, index, output, data);
    },
    get channel() {
      return channelOf(this.explanation, active, state.channel);
    },
    inputBound: boundOf(...range(input.data)),
    outputBound: boundOf(...range(output.data)),
    shown,
    active,
  };
}

/** The number of a group's channel: "channel 3" -> 3. @param {{label: string}} group */
export const channelNumber = ({ label }) => Number(label.split(' ')[1] ?? 0);

/**
 * The input channel on the stage: the step's, else the one asked for, else the one whose sum counts most.
 * @param {Explanation} explanation @param {string | null} active @param {number | null} asked
 */
function channelOf({ groups }, active, asked) {
  const [kind, number] = (active ?? '').split(':');
  if (['cell', 'row', 'channel'].includes(kind)) return Number(number);
  if (asked !== null && groups.some((group) => channelNumber(group) === asked)) return asked;
  const most = groups.reduce((best, group) => (Math.abs(group.sum) > Math.abs(best.sum) ? group : best), groups[0]);
  return most ? channelNumber(most) : 0;
}

/**
 * The window of a cell as a mark over one input plane, cut to nothing.
 * @param {Explained} e
 * @returns {import('./heatmap.js').Mark}
 */
export function windowMark({ record, index, input }) {
  const { start, stop } = OPS[record.op].window(record, index, input.shape)[0];
  return { x: start[2], y: start[1], width: stop[2] - start[2], height: stop[1] - start[1], kind: 'window' };
}

/** @param {number[]} index @param {import('./heatmap.js').Mark['kind']=} kind @returns {import('./heatmap.js').Mark} */
export const cellMark = (index, kind = 'cell') => ({
  x: index[index.length - 1],
  y: index[index.length - 2],
  width: 1,
  height: 1,
  kind,
});

/**
 * The output cell whose window lies around an input cell: what a click on the input map means.
 * @param {Explained} e @param {number} y @param {number} x @returns {number[]}
 */
export function cellAround({ record, input, index }, y, x) {
  const window = (/** @type {number} */ row, /** @type {number} */ column) =>
    OPS[record.op].window(record, [index[0], row, column], input.shape)[0];
  const first = window(0, 0);
  const size = record.shape.slice(1);
  const stride = [
    size[0] > 1 ? window(1, 0).start[1] - first.start[1] : 1,
    size[1] > 1 ? window(0, 1).start[2] - first.start[2] : 1,
  ];
  const centre = [1, 2].map((d) => (first.start[d] + first.stop[d] - 1) / 2);
  const near = [y, x].map((i, d) => Math.min(Math.max(Math.round((i - centre[d]) / (stride[d] || 1)), 0), size[d] - 1));
  return [index[0], ...near];
}

export { inside, plane };

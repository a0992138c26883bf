/**
 * The run of a recurrent layer for the cell and number views: its weights and inputs once, then every unit and step is computed
 * here.
 */
/** @import { NodeRecord, Tensor } from './core/types.js' */
/** @import { Run } from './core/recurrent/run.js' */
/** @import { SequenceData } from './sequence-data.js' */
import { gatesOf, nodeValues, parameter } from './api.js';
import { fromPacked } from './core/tensor.js';
import { runOf } from './core/recurrent/run.js';

/** @type {WeakMap<SequenceData, Map<string, Run>>} */
const runs = new WeakMap();

/** The run, once it is here. @param {SequenceData} data @param {string} node */
export const knownRun = (data, node) => runs.get(data)?.get(node);

/** @param {SequenceData} data @param {string} node @param {{id: string, state_unit?: number | null}} model */
export async function loadRun(data, node, model) {
  const record = /** @type {NodeRecord} */ (data.records.get(node));
  const names = Object.entries(record.parameters);
  const [answer, x, ...params] = await Promise.all([
    gatesOf(data.trace.id, node),
    data.values(record.inputs[0]) ?? nodeValues(data.trace.id, record.inputs[0]),
    ...names.map(([, name]) => parameter(model.id, name)),
  ]);
  const named = Object.fromEntries(names.map(([role], i) => [role, /** @type {Tensor} */ (params[i])]));
  const { state_unit: unit = 1 } = model; // 1: states are kept as they are
  const run = runOf(unpacked(answer), record, /** @type {Tensor} */ (x), named, unit === 1 ? null : (unit ?? null));
  runs.set(data, (runs.get(data) ?? new Map()).set(node, run));
  return run;
}

/** @param {any} answer   of /gates, packed */
function unpacked(answer) {
  const all = (/** @type {Record<string, any>} */ named) =>
    Object.fromEntries(Object.entries(named).map(([name, one]) => [name, one && fromPacked(one)]));
  return {
    ...answer,
    gates: all(answer.gates),
    h: fromPacked(answer.h),
    c: answer.c && fromPacked(answer.c),
    initial: all(answer.initial),
  };
}

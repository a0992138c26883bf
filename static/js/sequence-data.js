/** The trace of a sequence on the screen: its tokens, its recurrent layers, and the gates that are fetched when looked at. */
/** @import { Tensor } from './core/types.js' */
/** @import { Section } from './core/sequence/state.js' */
import { gatesOf } from './api.js';
import { byName } from './core/graph.js';
import { fromPacked } from './core/tensor.js';

/**
 * @typedef {{text: string, known: boolean, note?: string}} Shown   one step's token
 * @typedef {Section & {tokens: Shown[], answers: Answer[] | null, role: 'read' | 'written'}} Part
 * @typedef {{label: string, probability: number, index?: number}} Choice   index: of the class or token
 * @typedef {{top?: Choice[], value?: number}} Answer
 * @typedef {{gates: Record<string, Tensor>, h: Tensor, c: Tensor | null, halfLife: Tensor | null, error: number}} GateData  
 *   tensors [layer, direction, step, unit]
 * @typedef {ReturnType<typeof createSequenceData>} SequenceData
 */

/** @param {any} trace   as the API answers it, with its overview */
export function createSequenceData(trace) {
  const records = byName(trace.nodes);
  /** @type {Map<string, GateData>} */
  const gates = new Map();
  const parts = partsOf(trace);
  return {
    trace,
    records,
    parts,
    /** @param {string} name @returns {Tensor | null} */
    values(name) {
      const entry = trace.overview[name];
      if (!entry) return null;
      return entry.derived_from ? this.values(entry.derived_from) : entry.dtype === 'float32' ? fromPacked(entry) : null;
    },
    /** @param {string} node */
    gates: (node) => gates.get(node),
    /** @param {string} node */
    async loadGates(node) {
      if (!gates.has(node)) gates.set(node, gateData(await gatesOf(trace.id, node)));
      return /** @type {GateData} */ (gates.get(node));
    },
  };
}

/** @param {any} answer @returns {GateData} */
function gateData(answer) {
  const gates = Object.fromEntries(
    Object.entries(answer.gates).map(([name, packed]) => [name, fromPacked(/** @type {any} */ (packed))]),
  );
  return { gates, h: fromPacked(answer.h), c: answer.c ? fromPacked(answer.c) : null, halfLife: null, error: answer.error };
}

/** The recurrent layers with what stands at each of their steps. @param {any} trace @returns {Part[]} */
function partsOf(trace) {
  /** @type {Section[]} */
  const layers = trace.recurrent ?? [];
  const read = readTokens(trace);
  const written = trace.output
    ? [{ text: '⟨', known: true, note: 'start' }, ...trace.output.tokens.slice(0, -1).map(token)]
    : null;
  return layers.map((section, place) => {
    const writes = written !== null && place === layers.length - 1;
    return {
      ...section,
      role: writes ? 'written' : 'read',
      tokens: (writes ? written : read).slice(0, section.steps),
      answers: writes || !written ? (trace.answers ?? null) : null,
    };
  });
}

/** @param {string} text @returns {Shown} */
const token = (text) => ({ text, known: true });

/** @param {any} trace @returns {Shown[]} */
function readTokens({ input }) {
  if (input.tokens) return input.tokens.map((/** @type {any} */ { text, known }) => ({ text, known }));
  return (input.values ?? []).map((/** @type {any} */ value) => token(Array.isArray(value) ? value.join(' ') : String(value)));
}

/**
 * One step of a [layer, direction, step, unit] tensor, all units.
 * @param {Tensor} tensor
 * @param {number} layer
 * @param {number} direction
 * @param {number} t
 */
export function unitsAt({ shape: [, directions, steps, units], data }, layer, direction, t) {
  const start = ((layer * directions + direction) * steps + t) * units;
  return data.subarray(start, start + units);
}

/** One unit over all steps. @param {Tensor} tensor @param {number} layer @param {number} direction @param {number} unit */
export function unitOver({ shape: [, directions, steps, units], data }, layer, direction, unit) {
  const start = (layer * directions + direction) * steps * units;
  return Float32Array.from({ length: steps }, (_, t) => data[start + t * units + unit]);
}

/** Units x steps, as a plane for a heat-map. @param {Tensor} tensor @param {number} layer @param {number} direction */
export function planeOf({ shape: [, directions, steps, units], data }, layer, direction) {
  const start = (layer * directions + direction) * steps * units;
  const turned = new Float32Array(units * steps);
  for (let t = 0; t < steps; t++) for (let u = 0; u < units; u++) turned[u * steps + t] = data[start + t * units + u];
  return { height: units, width: steps, data: turned };
}

/** What the cell's views read of a scene: the chosen unit at the chosen step, opened, printed, in the chosen conventions. */
/** @import { Run, Place } from '../../core/recurrent/run.js' */
/** @import { Gate, Opened } from '../../core/recurrent/unit.js' */
/** @import { PrintedCell } from '../../core/recurrent/print.js' */
/** @import { Colours } from '../colors.js' */
/** @import { Step } from '../../core/types.js' */
/** @import { Told } from '../../core/recurrent/conventions.js' */
import { inConventions } from '../../core/recurrent/conventions.js';
import { printedCell } from '../../core/recurrent/print.js';
import { asTold } from '../../core/recurrent/run.js';
import { open } from '../../core/recurrent/unit.js';
import { t } from '../../i18n.js';

/**
 * @typedef {object} CellScene
 * @property {Told & {view?: string, layer: number, direction: number, unit: number, gate: string | null, step: number | null, profile?: string | null}} state
 * @property {Run} run
 * @property {number} t        the step in view
 * @property {{tokens: {text: string}[]}} part
 * @property {Colours} colours
 * @property {Record<string, string>} formulas
 * @property {Step[]} steps
 * @property {{go: (change: any) => void, walk?: (source: import('../../core/types.js').Source) => void}} act
 * @property {import('../../sequence-data.js').SequenceData=} data   where the numbers that a cell weighs lead; none in the
 *   gallery
 *
 * @typedef {object} Context
 * @property {CellScene} scene
 * @property {Run} run
 * @property {Place} place
 * @property {Opened} opened
 * @property {PrintedCell} printed
 * @property {string} word                       what is read at this step
 * @property {string | null} active              the id of the step that is on now
 * @property {(id: string) => boolean} shown     whether the step with this id has been reached
 */

/** @type {WeakMap<Run, {key: string, opened: Opened}>} the last unit of each run: a step of the player changes none of it */
const known = new WeakMap();

/** @param {CellScene} scene @returns {Context} */
export function contextOf(scene) {
  const { state, steps } = scene;
  const run = asTold(scene.run, state);
  const place = { layer: state.layer, direction: state.direction, step: scene.t, unit: state.unit };
  const key = [...Object.values(place), state.biases, state.update].join();
  const last = known.get(run);
  const opened = last?.key === key ? last.opened : inConventions(open(run, place), state);
  known.set(run, { key, opened });
  const reached = (/** @type {string} */ id) => steps.findIndex((step) => step.id === id);
  return {
    scene,
    run,
    place,
    opened,
    printed: printedCell(opened),
    word: visible(scene.part.tokens[scene.t]?.text ?? ''),
    active: state.step === null ? null : (steps[state.step]?.id ?? null),
    shown: (id) => state.step === null || reached(id) <= state.step,
  };
}

/** A blank and a line break as a sign that can be seen. @param {string} text */
const visible = (text) => text.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥');

/** @param {Context} context @param {string} gate */
export const gateTitle = ({ run }, gate) => t(`seq.gate_${run.cell}_${gate}`);

/** A gate lets through a part of something, 0 to 1; a candidate is what it lets through. @param {Gate} gate */
export const isValve = (gate) => gate.squash === 'sigmoid';

/** What every view of a sequence is given to draw from; types only. */
/** @import { SequenceState } from '../../core/sequence/state.js' */
/** @import { Run } from '../../core/recurrent/run.js' */
/** @import { GateData, Part, SequenceData } from '../../sequence-data.js' */
/** @import { Colours } from '../colors.js' */

/**
 * @typedef {object} SequenceScene
 * @property {SequenceState} state
 * @property {SequenceData} data
 * @property {Part} part      the recurrent layer in view
 * @property {number} t       the step in view
 * @property {GateData | undefined} gates   of that layer, once they are here
 * @property {Run | undefined} run   of that layer with its weights, once the cell or its numbers were looked at
 * @property {Colours} colours
 * @property {any} model
 * @property {Record<string, string>} formulas
 * @property {{id: string, key: string, values: Record<string, any>}[]} steps
 * @property {SequenceActs} act
 *
 * @typedef {object} SequenceActs
 * @property {(change: Partial<SequenceState>) => void} go
 * @property {(action: string) => void} perform
 * @property {(source: import('../../core/types.js').Source) => void} walk    to an operand of what is in view
 * @property {(source: import('../../core/types.js').Source) => void} visit   to a number of the network
 * @property {(place: number) => void} back    to a place of the way that led here
 */

export {};

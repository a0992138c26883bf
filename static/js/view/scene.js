/** What every view is given to draw from; types only. */
/** @import { NodeRecord, Source, ViewState, Step } from '../core/types.js' */
/** @import { Axis } from '../core/sequence/axes.js' */
/** @import { Colours } from './colors.js' */
/** @import { Data } from '../data.js' */

/**
 * @typedef {object} Scene
 * @property {ViewState} state
 * @property {Data} data
 * @property {Colours} colours
 * @property {{id: string, title: string, classes: {key: string, title: string}[], preparation: string}} model
 * @property {Record<string, string>} formulas
 * @property {Step[]} steps
 * @property {string} title   the input's name
 * @property {Actions} act
 * @property {Names=} names   of a sequence network's steps, classes and tokens
 *
 * @typedef {object} Actions   what a view may ask for
 * @property {(node: string, unit: number) => void} openLayer
 * @property {(node: string, index: number[]) => void} openNumber
 * @property {() => void} enter   one level in
 * @property {(channel: number | null) => void} look   at one input channel of a number
 * @property {(unit: number) => void} choose   another unit of this layer
 *
 * @typedef {object} Names
 * @property {(record: NodeRecord) => Axis[]} axes
 * @property {(record: NodeRecord, axis: number, i: number) => string | null} part   what stands at a place of an axis: a step's
 *   token, a class
 * @property {(record: NodeRecord, axis: number, i: number) => string | null} short   the same without its number: a token, a
 *   class
 * @property {(record: NodeRecord, at: number) => string | null} token   of an input node's step
 * @property {(record: NodeRecord) => number} size   of the vocabulary that an input node's numbers point into
 * @property {(record: NodeRecord, at: number) => Source | null} chosen   where a written token was chosen
 * @property {(at: number, feature: number) => {value: number, mean: number, std: number} | null} scaled   a series' value
 *   before it was scaled
 */

export {};

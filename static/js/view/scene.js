/** What every view is given to draw from; types only. */
/** @import { ViewState, Step } from '../core/types.js' */
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
 *
 * @typedef {object} Actions   what a view may ask for
 * @property {(node: string, unit: number) => void} openLayer
 * @property {(node: string, index: number[]) => void} openNumber
 * @property {() => void} enter   one level in
 * @property {(channel: number | null) => void} look   at one input channel of a number
 * @property {(unit: number) => void} choose   another unit of this layer
 */

export {};

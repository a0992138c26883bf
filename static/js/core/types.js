/** Shapes of the data that travels through the page; types only, no code. */

/**
 * @typedef {number | number[] | boolean | string | null} Hyperparameter
 *
 * @typedef {object} NodeRecord   one recorded call of the network, batch left out
 * @property {string} name
 * @property {string} op
 * @property {string} module
 * @property {string[]} inputs
 * @property {number[]} shape
 * @property {Record<string, any>} hyperparameters
 * @property {Record<string, string>} parameters   role ("weight") -> the parameter's name
 * @property {{min: number, max: number, mean: number, std: number, zeros: number}} stats
 *
 * @typedef {{shape: number[], data: Float32Array}} Tensor
 * @typedef {{shape: number[], data: Float32Array, low: number, high: number}} Picture   values good for colours, not for
 *   arithmetic
 *
 * @typedef {{node: string, index: number[], part?: string}} Source   part: "c" of a recurrent node's cell state
 * @typedef {{label: string, weight: number | null, value: number, product: number, source: Source | null, weight_source?: Source | null}} Term
 *   weight_source: where the weight was read, when another node made it
 * @typedef {{label: string, start: number, stop: number, sum: number}} Group
 *
 * @typedef {object} Explanation   what made one number: the same structure as the API's
 * @property {string} op
 * @property {string} node
 * @property {number[]} index
 * @property {Term[]} terms
 * @property {Group[]} groups
 * @property {number | null} bias
 * @property {number} result
 * @property {Record<string, any>} extra
 *
 * @typedef {{node: string, start: number[], stop: number[], step: number[]}} Window   half open, may reach into padding
 *
 * @typedef {object} Operands   what an operation reads
 * @property {Tensor[]} inputs
 * @property {Record<string, Tensor>} params   role -> values
 * @property {number[]=} flattened   the shape that the input had before it was flattened
 *
 * @typedef {object} CoreOp
 * @property {(hyperparameters: Record<string, any>, shape: number[]) => number[]} outputShape
 * @property {(record: NodeRecord, index: number[], inputShape: number[]) => Window[]} window
 * @property {(record: NodeRecord, index: number[], operands: Operands) => Explanation} terms
 * @property {((record: NodeRecord, operands: Operands) => Tensor)=} apply   the whole output, where the page derives it itself
 *
 * @typedef {object} ViewState
 * @property {string | null} input      "sample:<id>" or "trace:<id>"
 * @property {string | null} node       null: the whole network
 * @property {number} unit              the channel, or the neuron of a vector
 * @property {number[] | null} at       null: the layer; else the cell [y, x] or [i]
 * @property {number | null} channel    the input channel looked at in a number; null: the step's, or the one that counts most
 * @property {number | null} step       null: everything is shown
 * @property {boolean} play
 * @property {string} lang
 * @property {string | null} profile    null: as the system prefers
 * @property {boolean} embed
 * @property {'unit' | 'layer' | 'global'} scale   what shares one range of colours in the network
 *
 * @typedef {'network' | 'layer' | 'number'} Level
 * @typedef {{id: string, key: string, values: Record<string, string | number>}} Step   id, caption key, and what the caption
 *   names
 *
 * @typedef {object} Prediction
 * @property {string} label
 * @property {number} index
 * @property {number} logit
 * @property {number} probability
 */

export {};

/** The table of operation views: those of core/ops, and those whose explanation the server gives. */
/** @import { Explained } from '../explained.js' */
import { adaptive_avg_pool2d } from './adaptive_avg_pool2d.js';
import { adaptive_max_pool2d } from './adaptive_max_pool2d.js';
import { add } from './add.js';
import { avg_pool2d } from './avg_pool2d.js';
import { batch_norm } from './batch_norm.js';
import { cat } from './cat.js';
import { conv2d } from './conv2d.js';
import { dropout } from './dropout.js';
import { embedding } from './embedding.js';
import { flatten } from './flatten.js';
import { gru } from './gru.js';
import { input } from './input.js';
import { linear } from './linear.js';
import { lstm } from './lstm.js';
import { matmul } from './matmul.js';
import { max_pool2d } from './max_pool2d.js';
import { relu } from './relu.js';
import { rnn } from './rnn.js';
import { select } from './select.js';
import { softmax } from './softmax.js';
import { tanh } from './tanh.js';
import { transpose } from './transpose.js';

/**
 * @typedef {object} OpView
 * @property {(e: Explained) => (Element | null)[]} card   the arithmetic of one number
 * @property {((e: Explained) => HTMLElement[])=} maps     maps of its own in place of the input map
 * @property {((e: Explained) => boolean)=} alone   whether the card says it all and needs no maps beside it
 * @property {((e: Explained) => {resting: string | null, show?: (cell: string | null) => any[]})=} pointing
 *   the cell that is lit when none is pointed at, and what the card's cell line says of a cell
 */

/** @type {Record<string, OpView>} */
export const OP_VIEWS = {
  adaptive_avg_pool2d,
  adaptive_max_pool2d,
  add,
  avg_pool2d,
  batch_norm,
  cat,
  conv2d,
  dropout,
  embedding,
  flatten,
  gru,
  input,
  linear,
  lstm,
  matmul,
  max_pool2d,
  relu,
  rnn,
  select,
  softmax,
  tanh,
  transpose,
};

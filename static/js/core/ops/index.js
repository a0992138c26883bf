/**
 * The table of operations that the page can compute itself; the same names as engine.ops.OPS. Of the others the server is
 * asked.
 */
/** @import { CoreOp } from '../types.js' */
import { adaptive_avg_pool2d } from './adaptive_avg_pool2d.js';
import { adaptive_max_pool2d } from './adaptive_max_pool2d.js';
import { avg_pool2d } from './avg_pool2d.js';
import { batch_norm } from './batch_norm.js';
import { conv2d } from './conv2d.js';
import { dropout } from './dropout.js';
import { flatten } from './flatten.js';
import { gru } from './gru.js';
import { input } from './input.js';
import { linear } from './linear.js';
import { lstm } from './lstm.js';
import { max_pool2d } from './max_pool2d.js';
import { relu } from './relu.js';
import { rnn } from './rnn.js';
import { softmax } from './softmax.js';

/** @type {Record<string, CoreOp>} */
export const OPS = {
  adaptive_avg_pool2d,
  adaptive_max_pool2d,
  avg_pool2d,
  batch_norm,
  conv2d,
  dropout,
  flatten,
  gru,
  input,
  linear,
  lstm,
  max_pool2d,
  relu,
  rnn,
  softmax,
};

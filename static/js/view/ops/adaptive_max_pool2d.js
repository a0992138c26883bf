/** adaptive_max_pool2d's card: as max pooling, its window chosen by the output size. */
/** @import { OpView } from './index.js' */
import { largestCard } from './max_pool2d.js';

/** @type {OpView} */
export const adaptive_max_pool2d = { card: largestCard };

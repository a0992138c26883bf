/** adaptive_avg_pool2d's card: as average pooling, its window chosen by the output size. */
/** @import { OpView } from './index.js' */
import { meanCard } from './avg_pool2d.js';

/** @type {OpView} */
export const adaptive_avg_pool2d = { card: meanCard };

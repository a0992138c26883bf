/** matmul's card: a row of the one times a column of the other, each factor the way to the node that made it. */
/** @import { OpView } from './index.js' */
import { sumCard } from '../products.js';

/** @type {OpView} */
export const matmul = { card: sumCard };

/** input's card: the number as it was given; the page shows inputs in the layer view and asks for no card. */
/** @import { OpView } from './index.js' */
import { significant } from '../../core/numbers.js';
import { equation } from '../arithmetic.js';
import { num } from '../dom.js';

/** @type {OpView} */
export const input = { card: (e) => [equation([num(significant(e.result), 'result')], 'big')] };

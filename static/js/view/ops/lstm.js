/** lstm's card: the update's lines with their numbers; its gates have views of their own. */
export { recurrentCard as lstm } from '../cell/card.js';

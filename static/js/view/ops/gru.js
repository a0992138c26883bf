/** gru's card: the update with its numbers; its gates have views of their own. */
export { recurrentCard as gru } from '../cell/card.js';

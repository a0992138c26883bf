/** A recurrent layer's element as a card: one unit at one step, its update in printed numbers. */
/** @import { OpView } from '../ops/index.js' */
/** @import { Context } from './context.js' */
import { placeOf, runHere } from '../../core/recurrent/op.js';
import { printedCell } from '../../core/recurrent/print.js';
import { open } from '../../core/recurrent/unit.js';
import { h } from '../dom.js';
import { gateEquations } from './equations.js';
import { updateEquation } from './update.js';

/** @type {OpView} */
export const recurrentCard = {
  alone: () => true,
  card({ record, operands, index, shown, active, scene }) {
    const run = runHere(record, operands);
    const place = placeOf(record, index);
    const opened = open(run, place);
    const context = /** @type {Context} */ (
      /** @type {unknown} */ ({ scene, run, place, opened, printed: printedCell(opened), word: '', active, shown })
    );
    const states = opened.update.map(({ name }) => updateEquation(context, name));
    return [
      h(
        'div',
        { class: 'cell-story' },
        opened.gates.map(({ name }) => gateEquations(context, name)),
        states,
      ),
    ];
  },
};

/**
 * What the places along each axis of a node of a sequence network are: steps read, steps written, classes of the answer, or
 * units.
 */
/** @import { NodeRecord } from '../types.js' */

/** @typedef {'read' | 'written' | 'class' | 'unit'} Axis */

/**
 * The axes of every node that has them, by following the numbers from the inputs on.
 * @param {NodeRecord[]} nodes   in the order of the run
 * @param {number} answers   how many classes or tokens an answer is chosen from; 0: none
 * @returns {Map<string, Axis[]>}   no entry: maps of a picture and vectors made from them
 */
export function axesOf(nodes, answers = 0) {
  /** @type {Map<string, Axis[]>} */
  const axes = new Map();
  for (const record of nodes) {
    const found =
      record.op === 'input'
        ? given(record)
        : followed(
            record,
            record.inputs.map((name) => axes.get(name)),
            answers,
          );
    if (found && found.length === record.shape.length) axes.set(record.name, found);
  }
  return axes;
}

/** Tokens (T,), or numbers (T, features). @param {NodeRecord} record @returns {Axis[] | undefined} */
function given({ name, shape }) {
  const steps = name === 'written' ? 'written' : 'read';
  return shape.length === 1 ? [steps] : shape.length === 2 ? [steps, 'unit'] : undefined;
}

/** @param {NodeRecord} record @param {(Axis[] | undefined)[]} sources @param {number} answers @returns {Axis[] | undefined} */
function followed({ op, shape }, [first, second], answers) {
  if (!first) return undefined;
  switch (op) {
    case 'embedding':
      return [...first, 'unit'];
    case 'rnn':
    case 'lstm':
    case 'gru':
      return [first[0], 'unit'];
    case 'linear':
      return [...first.slice(0, -1), answers > 1 && shape[shape.length - 1] === answers ? 'class' : 'unit'];
    case 'transpose':
      return [...first].reverse();
    case 'matmul':
      return second && [first[0], second[second.length - 1]];
    case 'select':
      return first.slice(first.length - shape.length);
    default:
      return first;
  }
}

/** Whether an axis is time. @param {Axis | undefined} axis */
export const isTime = (axis) => axis === 'read' || axis === 'written';

/**
 * The operations of a sequence network's run, number by number: exact values, explanations, and what its steps and classes are
 * called.
 */
/** @import { NodeRecord, Source, Step } from './core/types.js' */
/** @import { Axis } from './core/sequence/axes.js' */
/** @import { Network } from './core/sequence/places.js' */
/** @import { SequenceState } from './core/sequence/state.js' */
/** @import { SequenceData } from './sequence-data.js' */
/** @import { Scene, Names } from './view/scene.js' */
import { modelOf } from './api.js';
import { axesOf, isTime } from './core/sequence/axes.js';
import { cellOf, nodeOf } from './core/sequence/places.js';
import { numberSteps } from './core/steps.js';
import { explainedBy, nextBack } from './core/walk.js';
import { initialState } from './core/viewstate.js';
import { createData } from './data.js';
import { t } from './i18n.js';
import { visible } from './view/sequence/timeline.js';

/** @typedef {ReturnType<typeof make>} Numbers */

/** @type {WeakMap<SequenceData, Numbers>} */
const made = new WeakMap();

/** @param {SequenceData} data @param {any} model   as the page tells it @returns {Numbers} */
export function numbersOf(data, model) {
  const found = made.get(data) ?? make(data, model);
  made.set(data, found);
  return found;
}

/** @param {SequenceData} sequence @param {any} model */
function make(sequence, model) {
  const { trace, parts, records } = sequence;
  const exact = createData(trace);
  const words = /** @type {{read: string[], answers: string[]}} */ ({
    read: [],
    answers: model.classes.map((/** @type {any} */ one) => one.title),
  });
  let known = model.input.kind !== 'text' && model.classes.length > 0; // a vocabulary is asked for when its first number is opened
  /** @type {Network} */
  const network = { nodes: trace.nodes, records, sections: parts, axes: axesOf(trace.nodes, answersOf(trace.nodes)) };
  const names = namesOf(sequence, model, network.axes, words);

  /** The vocabularies, once. */
  async function learn() {
    const { vocabulary = [], output_vocabulary: written } = await modelOf(trace.model);
    words.read = vocabulary;
    if (!model.classes.length) words.answers = written ?? vocabulary;
    known = true;
  }

  return {
    exact,
    network,
    names,
    /** @param {SequenceState} state @returns {{record: NodeRecord, index: number[]}} */
    at: (state) => ({ record: nodeOf(state, network), index: cellOf(state, network) }),
    /** @param {NodeRecord} record @param {number[] | null} index */
    ready: (record, index) => known && exact.ready(record, index),
    /** @param {NodeRecord} record @param {number[] | null} index */
    load: (record, index) => Promise.all([exact.ensure(record, index), known ? null : learn()]),
    /** @param {SequenceState} state @returns {Step[]} */
    steps(state) {
      const { record, index } = this.at(state);
      return numberSteps(record, records.get(record.inputs[0]), index);
    },
    /**
     * Where Enter goes from a number; null at an input, or before the numbers are there.
     * @param {SequenceState} state
     * @returns {Source | null}
     */
    next(state) {
      const { record, index } = this.at(state);
      if (record.op === 'input' || !exact.ready(record, index)) return null;
      return nextBack(record, explainedBy(exact, record, index));
    },
  };
}

/** How many classes or tokens the last layer chooses from; 0 where it gives a number. @param {NodeRecord[]} nodes */
const answersOf = (nodes) =>
  nodes
    .filter(({ op }) => op === 'softmax')
    .map(({ shape }) => shape[shape.length - 1])
    .at(-1) ?? 0;

/**
 * @param {SequenceData} sequence
 * @param {any} model
 * @param {Map<string, Axis[]>} axes
 * @param {{read: string[], answers: string[]}} words
 * @returns {Names}
 */
function namesOf({ trace, parts }, model, axes, words) {
  const tokens = {
    read: parts[0]?.role === 'read' ? parts[0].tokens : [],
    written: parts.find(({ role }) => role === 'written')?.tokens ?? [],
  };
  const tokenAt = (/** @type {Axis} */ which, /** @type {number} */ i) =>
    isTime(which) ? tokens[/** @type {'read' | 'written'} */ (which)][i]?.text : undefined;
  return {
    axes: (record) => axes.get(record.name) ?? [],
    part(record, axis, i) {
      const kind = axes.get(record.name)?.[axis];
      if (!isTime(kind)) return this.short(record, axis, i);
      const token = tokenAt(/** @type {Axis} */ (kind), i);
      return token === undefined ? t('walk.step_number', { t: i + 1 }) : t('walk.step', { t: i + 1, token: visible(token) });
    },
    short(record, axis, i) {
      const kind = axes.get(record.name)?.[axis];
      const answers =
        kind === 'class' ||
        (record.shape.length === 1 && record.shape[0] === words.answers.length && kind !== 'read' && kind !== 'written');
      const word = answers ? words.answers[i] : kind && tokenAt(kind, i);
      return word === undefined ? null : visible(word);
    },
    token: (record, at) =>
      record.shape.length === 1 ? visible(tokens[record.name === 'written' ? 'written' : 'read'][at]?.text ?? '') : null,
    size: ({ name }) => (name === 'written' ? words.answers.length : words.read.length),
    chosen: (record, at) =>
      record.name === 'written' && at > 0
        ? { node: trace.nodes.at(-1).name, index: [at - 1, trace.answers[at - 1].top[0].index] }
        : null,
    scaled(at, feature) {
      const value = [trace.input.values?.[at]].flat()[feature];
      const { mean, std } = model.input;
      return value === undefined || mean === undefined || mean === null
        ? null
        : { value, mean: [mean].flat()[feature] ?? mean, std: [std].flat()[feature] ?? std };
    },
  };
}

/**
 * What the views of layers and numbers are drawn from: the same scene as a picture network's, at this state's place.
 * @param {SequenceState} state
 * @param {Numbers} numbers
 * @param {any} about   colours, model, formulas, steps and what may be asked for
 * @returns {Scene}
 */
export function numberScene(state, numbers, about) {
  const { record, index } = numbers.at(state);
  const single = index.length === 1;
  const view = {
    ...initialState(),
    node: record.name,
    unit: index[0],
    at: state.view === 'layer' ? null : single ? index : index.slice(1),
    channel: state.channel,
    step: state.step,
    play: state.play,
    profile: state.profile,
  };
  return { ...about, state: view, data: numbers.exact, names: numbers.names, title: t('ui.input') };
}

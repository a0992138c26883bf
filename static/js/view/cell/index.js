/** The views of a recurrent cell: its diagram at one step, and one unit of one of its gates as numbers. */
/** @import { CellScene, Context } from './context.js' */
import { CELLS } from '../../core/recurrent/cells.js';
import { gateAt, stateAt } from '../../core/recurrent/run.js';
import { operandOf } from '../../core/recurrent/sources.js';
import { gateNamed } from '../../core/recurrent/unit.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';
import { contextOf, gateTitle, isValve } from './context.js';
import { arithmetic, conventions } from './conventions.js';
import { diagram } from './diagram.js';
import { story, typeset } from './equations.js';
import { gateCard, rowText } from './gate.js';
import { unitStrip } from './strip.js';
import { symbol } from './symbols.js';

/**
 * The cell at one step: its diagram with the values of one unit, and the equations of what is opened.
 * @param {CellScene} scene
 * @returns {HTMLElement[]}
 */
export function cellView(scene) {
  const context = contextOf(scene);
  const { run, place } = context;
  return [
    h(
      'div',
      { class: 'cell-view', 'data-cell-view': run.cell, 'data-at': spelt(context) },
      h(
        'header',
        { class: 'cell-head' },
        h('h2', {}, t('cell.title', { cell: t(`cell.${run.cell}`) }), h('b', { class: 'token' }, context.word)),
        stateStrip(context),
        chooser(context),
        conventions(context),
        arithmetic(context),
      ),
      diagram(context),
      h('div', { class: 'cell-story', 'aria-live': 'polite', 'data-unit': place.unit }, story(context)),
    ),
  ];
}

/** One unit of one gate at one step. @param {CellScene} scene @returns {HTMLElement[]} */
export function gateView(scene) {
  const context = contextOf(scene);
  const { run } = context;
  const { told } = CELLS[run.cell];
  const name = told.includes(scene.state.gate ?? '') ? String(scene.state.gate) : told[0];
  return [
    h(
      'article',
      { class: 'gate-view card', 'data-gate-view': name, 'data-cell-view': run.cell, 'data-at': spelt(context) },
      h(
        'header',
        { class: 'cell-head' },
        tabs(context, name),
        chooser(context, name),
        h('span', { class: 'row-of quiet' }, rowText(context, name)),
        conventions(context),
        arithmetic(context),
        h('div', { class: 'gate-formula' }, typeset(context, run.cell === 'rnn' ? 'a' : name)),
      ),
      gateCard(context, name),
    ),
  ];
}

/** The number of the input that weighs most in the gate in view: where Enter goes. @param {CellScene} scene */
export function gateOperand(scene) {
  if (!scene.run) return null;
  const { run, place, opened } = contextOf(scene);
  const { told } = CELLS[run.cell];
  const name = told.includes(scene.state.gate ?? '') ? String(scene.state.gate) : told[0];
  const { input } = gateNamed(opened, name);
  const most = input.reduce((best, term, i) => (Math.abs(term.product) > Math.abs(input[best].product) ? i : best), 0);
  return operandOf(/** @type {any} */ (scene), run, place, 'input', most);
}

/** @param {Context} context */
const spelt = ({ place }) => [place.layer, place.direction, place.step, place.unit].join();

/** All gates of the cell, with this unit's values. @param {Context} context @param {string} name */
const tabs = (context, name) =>
  h(
    'div',
    { class: 'segments gate-tabs', role: 'group', 'aria-label': t('cell.gates') },
    CELLS[context.run.cell].told.map((gate) =>
      h(
        'button',
        {
          class: 'plain',
          'aria-pressed': String(gate === name),
          'data-keep': `tab-${gate}`,
          onclick: () => context.scene.act.go({ gate, step: null, play: false }),
        },
        h('span', { class: 'gate-title' }, gateTitle(context, gate)),
        symbol(gate),
      ),
    ),
  );

/** Unit by unit, and every unit of what is looked at as one strip. @param {Context} context @param {string=} gate */
function chooser(context, gate) {
  const { run, place, scene } = context;
  const { unit } = place;
  const to = (/** @type {number} */ wanted, /** @type {string} */ text) =>
    h(
      'button',
      {
        class: 'plain',
        disabled: wanted < 0 || wanted >= run.hidden,
        'aria-label': t('cell.unit', { unit: wanted }),
        'data-keep': `unit${text}`,
        onclick: () => scene.act.go({ unit: wanted }),
      },
      text,
    );
  const strip =
    gate && run.hidden > 1
      ? unitStrip({
          values: valuesOf(context, gate),
          unit,
          opening: isValve(gateNamed(context.opened, gate)),
          colours: scene.colours,
          label: t('cell.units', { gate: gateTitle(context, gate) }),
          keep: 'units',
          nameOf: (one) => t('cell.unit', { unit: one }),
          choose: (one) => scene.act.go({ unit: one }),
        })
      : null;
  return h(
    'div',
    { class: 'unit-chooser' },
    run.hidden > 1 ? to(unit - 1, '‹') : null,
    h('span', { class: 'unit-name' }, t('cell.unit_of', { unit, count: run.hidden })),
    run.hidden > 1 ? to(unit + 1, '›') : null,
    strip,
  );
}

/** @param {Context} context @param {string} gate */
function valuesOf({ run, place, opened }, gate) {
  const values = gateAt(run, gate, place);
  return gateNamed(opened, gate).complement ? Float32Array.from(values, (value) => 1 - value) : values;
}

/** The state that leaves the step, all units. @param {Context} context */
function stateStrip(context) {
  const { run, place, scene } = context;
  const state = run.c ? 'c' : 'h';
  if (run.hidden === 1 || run.cell === 'rnn') return null;
  return h(
    'div',
    { class: 'state-strip' },
    symbol(state),
    unitStrip({
      values: stateAt(run, state, place),
      unit: place.unit,
      opening: false,
      colours: scene.colours,
      label: t('cell.units', { gate: state }),
      keep: 'units-state',
      nameOf: (unit) => t('cell.unit', { unit }),
      choose: (unit) => scene.act.go({ unit }),
    }),
  );
}

/** A cell's operands as ways: to the number that was read, in the step before or below, or to the gate of this step that gave it. */
/** @import { Source } from '../../core/types.js' */
/** @import { Context } from './context.js' */
import { CELLS } from '../../core/recurrent/cells.js';
import { operandOf } from '../../core/recurrent/sources.js';
import { placeName, spelt } from '../../core/walk.js';
import { t } from '../../i18n.js';
import { h, num } from '../dom.js';
import { gateTitle } from './context.js';

/** @typedef {{to: string, title: string, go: () => void}} Way   to: the place as the address writes it, or the gate's name */

const BEFORE = ['c_previous', 'h_previous'];

/**
 * Where an operand of the update comes from: the state before from the same unit one step earlier (or from what the run began
 * with), a gate from its own numbers. Null for what the update itself makes, for zeros, and where nothing leads on.
 * @param {Context} context
 * @param {string} name   as the update calls it: c_previous, f
 * @returns {Way | null}
 */
export function wayOf(context, name) {
  const { scene, run, place } = context;
  if (BEFORE.includes(name)) return wayBack(context, operandOf(scene, run, place, 'recurrent', place.unit));
  const known = CELLS[run.cell].told.includes(name);
  const here = scene.state.view === 'gate' && scene.state.gate === name;
  if (!known || here || !scene.act.walk) return null;
  return {
    to: name,
    title: t('cell.open', { gate: gateTitle(context, name) }),
    go: () => scene.act.go({ view: 'gate', gate: name, step: null, play: false }),
  };
}

/**
 * The way to a number of the network.
 * @param {Context} context
 * @param {Source | null} source
 * @returns {Way | null}
 */
export function wayBack({ scene: { act } }, source) {
  const { walk } = act;
  if (!source || !walk) return null;
  return { to: spelt(source), title: t('walk.to', { place: placeName(source) }), go: () => walk(source) };
}

/**
 * A printed operand; a button where a way leads on.
 * @param {Way | null} way
 * @param {string} text
 * @param {string} role
 * @param {Record<string, any>=} more
 */
export function operand(way, text, role, more = {}) {
  if (!way) return num(text, role, more);
  return h(
    'button',
    {
      class: 'num way',
      'data-role': role,
      'data-way': way.to,
      'data-keep': `way-${role}-${way.to}`,
      title: way.title,
      'aria-label': `${text}, ${way.title}`,
      onclick: way.go,
      ...more,
    },
    text,
  );
}

/** What may be done to a lab: other numbers, another preset, a step. Nothing else changes its store. */
/** @import { Field, Lab, LabScene, LabState, Plane, Values } from './core/lab/types.js' */
/** @import { Preset } from './core/lab/state.js' */
import { changed, MOST } from './core/lab/grids.js';
import { pasted, placeOf } from './core/lab/planes.js';
import { presetValues } from './core/lab/state.js';
import { t } from './i18n.js';

/**
 * @typedef {object} Page
 * @property {Lab} lab
 * @property {Preset[]} presets
 * @property {string} lang
 * @property {() => {state: LabState, answered: {refused: boolean} | null}} get
 * @property {(changes: Record<string, any>) => void} put
 * @property {() => LabScene} scene
 */

/** @param {Page} page */
export function createActs({ lab, presets, lang, get, put, scene }) {
  const state = () => get().state;

  /** @param {Partial<LabState>} changes */
  const change = (changes) => put({ state: { ...state(), ...changes } });

  /** New numbers: the address gets a new entry, and the engine is asked. @param {Values} values */
  function setValues(values) {
    const wanted = { ...state().values, ...values };
    put({ state: { ...state(), values: lab.adapt?.(wanted, Object.keys(values)) ?? wanted }, problem: '', refused: '' });
  }

  /** What is pointed at gives way to the step. @param {number | null} step */
  const go = (step) => put({ state: { ...state(), step, play: false }, hover: null });

  const count = () => (get().answered?.refused === false ? lab.steps(scene()) : 0);

  return {
    change,
    setValues,
    go,
    count,
    /** @param {string} id */
    usePreset(id) {
      const preset = presets.find((each) => each.id === id);
      const { profile } = state();
      if (preset?.elsewhere) {
        location.assign(`/lab/${preset.elsewhere}?preset=${id}&lang=${lang}${profile ? `&profile=${profile}` : ''}`);
        return;
      }
      const view = preset?.view ?? lab.views?.[0] ?? '';
      const values = presetValues(lab, preset);
      put({ state: { ...state(), preset: id, values, view, step: null, play: false }, problem: '', refused: '', hover: null });
    },
    /** @param {number} by */
    advance(by) {
      const { step, play } = state();
      const steps = count();
      if (!steps) return;
      const next = step === null ? (by > 0 ? 0 : steps - 1) : step + by;
      if (next >= 0 && next < steps) put({ state: { ...state(), step: next }, hover: null });
      else go(play || next < 0 ? null : steps - 1);
    },
    ...grids({ lab, state, put, setValues }),
  };
}

/**
 * Changing single numbers and whole tables of a grid.
 * @param {{lab: Lab, state: () => LabState, put: (changes: Record<string, any>) => void, setValues: (values: Values) => void}} page
 */
function grids({ lab, state, put, setValues }) {
  const gridOf = (/** @type {Plane} */ plane) => state().values[plane.edits?.key ?? ''];
  return {
    /**
     * The number as it is set now, which may be ahead of what is drawn.
     * @param {Plane} plane
     * @param {number} index
     * @returns {number}
     */
    valueAt: (plane, index) => (placeOf(plane, index) ?? []).reduce((part, place) => part?.[place], gridOf(plane)) ?? 0,
    /** @param {Plane} plane @param {number} index @param {number} value */
    changeCell(plane, index, value) {
      const at = /** @type {number[]} */ (placeOf(plane, index));
      setValues({ [plane.edits?.key ?? '']: changed(gridOf(plane), at, value) });
    },
    /**
     * Into the grid from that cell on; a table pasted at its first cell makes the grid as large as itself.
     * @param {Plane} plane
     * @param {number} index
     * @param {number[][]} block
     */
    pasteBlock(plane, index, block) {
      const key = plane.edits?.key ?? '';
      const most = lab.fields.find((each) => each.key === key)?.most ?? MOST;
      const [rows, columns] = [block.length, block[0].length];
      if (rows > most || columns > most) put({ problem: t('lab.too_large', { rows, columns, most }) });
      else setValues({ [key]: pasted(gridOf(plane), plane, index, block) });
    },
  };
}

/** Whether a field's grid is on view with these numbers. @param {Field} field @param {LabState} state */
export const matters = ({ kind, hidden, when }, { values, view }) =>
  kind === 'grid' && !hidden && (when?.({ ...values, view }) ?? true);

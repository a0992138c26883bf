/** A lab's address: everything is in it, a changed number is an entry of the history that one can go back from. */
/** @import { Lab, LabState } from './core/lab/types.js' */
/** @import { Preset } from './core/lab/state.js' */
import { toAddress, toQuery } from './core/lab/state.js';

const ONE = 1500; // ms within which changes of the same thing are one change
const SOON = 120; // ms: steps come fast, and long addresses are slow

/** @param {Lab} lab @param {Preset[]} presets */
export function createAddress(lab, presets) {
  let lastKey = '';
  let lastAt = 0;
  let later = 0;
  const changes = () => history.state?.changes ?? 0; // how many can be taken back

  /** What has changed, but for the step. @param {LabState} state @param {LabState} before */
  const keyOf = (state, before) =>
    lab.fields
      .filter(({ key }) => state.values[key] !== before.values[key])
      .map(({ key }) => key)
      .join() +
    (state.view === before.view ? '' : ' view') +
    (state.preset === before.preset ? '' : ' preset');

  const of = (/** @type {LabState} */ state) => location.pathname + toAddress({ ...state, play: false }, lab, presets);

  return {
    of,
    /** Everything as one query, however long. @param {LabState} state */ queryOf: (state) =>
      toQuery({ ...state, play: false }, lab, presets),
    /**
     * A changed number is a new entry of the history, unless it is the same thing changing on; a step replaces.
     * @param {LabState} state
     * @param {LabState} before
     */
    write(state, before) {
      const key = keyOf(state, before);
      const going = key === '' || (key === lastKey && performance.now() - lastAt < ONE);
      clearTimeout(later);
      const address = of(state);
      if (address === location.pathname + location.search + location.hash) return;
      if (key) [lastKey, lastAt] = [key, performance.now()];
      if (!key) later = setTimeout(() => history.replaceState(history.state, '', address), SOON);
      else if (going) history.replaceState(history.state, '', address);
      else history.pushState({ changes: changes() + 1 }, '', address);
    },
    /** The browser went to another entry: nothing that waits may be written over it. */
    moved() {
      clearTimeout(later);
      lastKey = '';
    },
    /** Takes the last change back, if there is one. @returns {boolean} */
    undo() {
      if (!changes()) return false;
      history.back();
      return true;
    },
    redo: () => history.forward(),
  };
}

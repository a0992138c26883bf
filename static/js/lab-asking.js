/** Asking the engine: what a lab's numbers ask, one request at a time, and what comes back. */
/** @import { Asked, Lab, LabState, Values } from './core/lab/types.js' */
import { operate } from './api.js';
import { has, t } from './i18n.js';

/**
 * The last answer with the numbers that it belongs to: they are drawn until the next one comes. answer: null when there was
 * nothing to ask, or a refusal
 * @typedef {{key: string, values: Values, view: string, answer: any, refused: boolean}} Answered
 * @typedef {{answered: Answered, problem?: string}} Told
 */

const AGAIN = 3000; // ms until a server that was not there is asked again

/** What the engine refuses is said in its own words, which name the field and its range. @param {any} error @param {string} lang */
function sentence(error, lang) {
  const known = error.code !== 'malformed-operation' && has(`problems.${error.code}`);
  return error.text?.[lang] ?? (known ? t(`problems.${error.code}`) : error.message);
}

/**
 * @param {Lab} lab
 * @param {string} lang
 * @param {(told: Told) => void} tell
 */
export function createAsking(lab, lang, tell) {
  let asked = '';
  let flying = false;
  /** @type {Omit<Answered, 'answer' | 'refused'> & {request: Asked} | null} */
  let next = null;
  /** @type {{values: Values, view: string, request: Asked | null, key: string} | null} */
  let wish = null;

  /** What is to be asked now; worked out once for the same numbers, for pointing draws often. @param {{values: Values, view: string}} state */
  function wishOf({ values, view }) {
    if (wish?.values !== values || wish.view !== view) {
      const request = lab.ask(values, view);
      const plain = (/** @type {string} */ _, /** @type {any} */ value) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
      wish = { values, view, request, key: JSON.stringify(request, plain) };
    }
    return wish;
  }

  async function fly() {
    flying = true;
    while (next) {
      const { request, ...about } = next;
      next = null;
      try {
        const answer = await operate(request.op, request.body);
        tell({ answered: { ...about, answer, refused: false }, problem: '' });
      } catch (error) {
        const { code } = /** @type {any} */ (error);
        if (code === 'offline') setTimeout(() => retry({ ...about, request }), AGAIN);
        tell({ answered: { ...about, answer: null, refused: true }, problem: sentence(error, lang) });
      }
    }
    flying = false;
  }

  /** Unless something else has been asked since. @param {Answered | any} about */
  function retry(about) {
    if (asked !== about.key || next) return;
    next = about;
    if (!flying) fly();
  }

  return {
    wishOf,
    /**
     * Asks when what is asked has changed. One request is on its way at a time; while one drags, the latest numbers go next.
     * @param {LabState} state
     */
    ask(state) {
      const { values, view } = state;
      const { request, key } = wishOf(state);
      if (key === asked) return;
      asked = key;
      if (request) next = { key, values, view, request };
      else tell({ answered: { key, values, view, answer: null, refused: false } });
      if (!flying) fly();
    },
  };
}

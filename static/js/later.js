/**
 * What a page asks for while it draws: one request at a time for each thing, after a pause when it failed, and after a new run
 * when the server has let go of the trace.
 */
import { Problem } from './api.js';

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30_000; // ms: a class of 300 must not press a server that is busy

/**
 * @param {object} page
 * @param {(again: boolean) => void} page.redraw      something has come, or may be asked for again; `again`: it had failed
 *   before
 * @param {() => Promise<unknown>} page.renew         runs the input again, so that the server holds its trace
 * @param {(error: unknown) => void} page.failed
 * @returns {(key: string, load: () => Promise<unknown>) => void}
 */
export function createLater({ redraw, renew, failed }) {
  /** @type {Set<string>} on their way, or waiting for the next try */
  const asked = new Set();
  /** @type {Map<string, number>} failures in a row */
  const failures = new Map();
  return (key, load) => {
    if (asked.has(key)) return;
    asked.add(key);
    const done = () => {
      asked.delete(key);
      redraw(failures.delete(key));
    };
    load()
      .catch((error) => {
        if (error instanceof Problem && error.code === 'trace-expired') return renew().then(load);
        throw error;
      })
      .then(done, (error) => {
        const before = failures.get(key) ?? 0;
        failures.set(key, before + 1);
        setTimeout(
          () => {
            asked.delete(key);
            redraw(false);
          },
          Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** before),
        );
        failed(error);
      });
  };
}

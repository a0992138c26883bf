/** What goes in and what comes out at each step of a run: the columns of its pattern. */

/** @typedef {{reads: string | null, writes: string | null, role: 'cell' | 'encoder' | 'decoder'}} Column */

const MOST = 14;

/**
 * @param {any} trace   as the API answers it
 * @param {{task: string, classes: {key: string, title: string}[]}} model
 * @returns {Column[]}
 */
export function columnsOf(trace, model) {
  const title = (/** @type {string} */ key) => model.classes.find((entry) => entry.key === key)?.title ?? key;
  const tokens = (trace.input.tokens ?? []).map((/** @type {any} */ token) => token.text);
  const best = trace.predictions?.[0];
  if (model.task === 'caption') return written(trace).map((text, i) => ({ reads: i ? null : '▣', writes: text, role: 'cell' }));
  if (model.task === 'transduce') {
    const reads = tokens.slice(0, MOST).map((/** @type {string} */ text) => ({ reads: text, writes: null, role: 'encoder' }));
    return [...reads, ...written(trace).map((text) => ({ reads: null, writes: text, role: /** @type {const} */ ('decoder') }))];
  }
  if (model.task === 'tag')
    return tokens.slice(0, MOST).map((/** @type {string} */ text, /** @type {number} */ i) => ({
      reads: text,
      writes: title(trace.answers[i].top[0].label),
      role: 'cell',
    }));
  if (tokens.length)
    return tokens.slice(-MOST).map((/** @type {string} */ text, /** @type {number} */ i, /** @type {string[]} */ all) => ({
      reads: text,
      writes: i === all.length - 1 ? title(best.label) : null,
      role: 'cell',
    }));
  return [{ reads: '▣', writes: title(best.label), role: 'cell' }];
}

/** @param {any} trace @returns {string[]} */
const written = (trace) => trace.output.tokens.filter((/** @type {string} */ token) => !/^<.*>$/.test(token)).slice(0, MOST);

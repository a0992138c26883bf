/** The only fetch: traces, values and parameters from our own server, as typed arrays, with problems that have a code. */
/** @import { Tensor } from './core/types.js' */
import { fromPacked } from './core/tensor.js';

const BASE = new URL('../../api/v1/', import.meta.url);

/** A refusal by the server, or no answer at all (code "offline"). */
export class Problem extends Error {
  /** @param {string} code @param {string} detail */
  constructor(code, detail) {
    super(detail);
    this.code = code;
  }
}

/** @param {string} path @param {RequestInit=} options @returns {Promise<any>} */
async function request(path, options) {
  const response = await fetch(new URL(path, BASE), options).catch(() => null);
  if (!response) throw new Problem('offline', 'no answer');
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(answer?.code ?? 'other', answer?.detail ?? response.statusText);
  return answer;
}

/** Run the model on one input. @param {string} model @param {{image: Blob} | {sample: string}} input */
export function createTrace(model, input) {
  const form = new FormData();
  form.set('model', model);
  if ('image' in input) form.set('image', input.image, 'name' in input.image ? String(input.image.name) : 'picture.png');
  else form.set('sample', input.sample);
  return request('traces?include=overview', { method: 'POST', body: form });
}

/** @param {string} id */
export const getTrace = (id) => request(`traces/${encodeURIComponent(id)}?include=overview`);

/** @type {Map<string, Promise<Tensor>>} */
const kept = new Map();
const MOST_KEPT = 64;

/** @param {string} path @returns {Promise<Tensor>} */
function packed(path) {
  const found = kept.get(path);
  if (found) return found;
  const coming = request(path).then(fromPacked);
  coming.catch(() => kept.delete(path));
  kept.set(path, coming);
  if (kept.size > MOST_KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
  return coming;
}

/** All values of a node. @param {string} trace @param {string} node */
export const nodeValues = (trace, node) => packed(`traces/${encodeURIComponent(trace)}/nodes/${encodeURIComponent(node)}?format=packed`);

/** The arithmetic of one number as the server explains it. @param {string} trace @param {string} node @param {number[]} index */
export const explanation = (trace, node, index) => request(`traces/${encodeURIComponent(trace)}/nodes/${encodeURIComponent(node)}/explain?index=${index}`);

/** A kernel, matrix or bias. @param {string} model @param {string} name */
export const parameter = (model, name) => packed(`models/${encodeURIComponent(model)}/parameters/${encodeURIComponent(name)}?format=packed`);

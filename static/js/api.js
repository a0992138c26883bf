/** The only fetch: traces, values and parameters from our own server, as typed arrays, with problems that have a code. */
/** @import { Tensor } from './core/types.js' */
import { fromPacked } from './core/tensor.js';

const BASE = new URL('../../api/v1/', import.meta.url);

/** A refusal by the server, or no answer at all (code "offline"). */
export class Problem extends Error {
  /**
   * @param {string} code
   * @param {string} detail
   * @param {Record<string, string>=} text   the detail by language, where the server has it
   */
  constructor(code, detail, text) {
    super(detail);
    this.code = code;
    this.text = text;
  }
}

/** @param {string} path @param {RequestInit=} options @returns {Promise<any>} */
async function request(path, options) {
  const response = await fetch(new URL(path, BASE), options).catch(() => null);
  if (!response) throw new Problem('offline', 'no answer');
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(answer?.code ?? 'other', answer?.detail ?? response.statusText, answer?.text);
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
export const nodeValues = (trace, node) =>
  packed(`traces/${encodeURIComponent(trace)}/nodes/${encodeURIComponent(node)}?format=packed`);

/**
 * The arithmetic of one number as the server explains it.
 * @param {string} trace
 * @param {string} node
 * @param {number[]} index
 */
export const explanation = (trace, node, index) =>
  request(`traces/${encodeURIComponent(trace)}/nodes/${encodeURIComponent(node)}/explain?index=${index}`);

/** A kernel, matrix or bias. @param {string} model @param {string} name */
export const parameter = (model, name) =>
  packed(`models/${encodeURIComponent(model)}/parameters/${encodeURIComponent(name)}?format=packed`);

/** Run a sequence model on a text, a series or a sample; with gates or states forced where `interventions` says so.
 * @param {string} model
 * @param {{text: string} | {values: string} | {sample: string} | {image: Blob}} input
 * @param {object[]=} interventions
 * @param {string=} language
 */
export function createSequence(model, input, interventions, language) {
  const form = new FormData();
  form.set('model', model);
  for (const [name, value] of Object.entries(input)) form.set(name, value);
  if (interventions?.length) form.set('interventions', JSON.stringify(interventions));
  if (language) form.set('language', language);
  return request('traces?include=overview', { method: 'POST', body: form });
}

const nodePath = (/** @type {string} */ trace, /** @type {string} */ node) =>
  `traces/${encodeURIComponent(trace)}/nodes/${encodeURIComponent(node)}`;

/** @type {Map<string, Promise<any>>} */
const asked = new Map();

/** A JSON answer that does not change; asked for once. @param {string} path @returns {Promise<any>} */
function once(path) {
  const found = asked.get(path);
  if (found) return found;
  const coming = request(path);
  coming.catch(() => asked.delete(path));
  asked.set(path, coming);
  if (asked.size > 4 * MOST_KEPT) asked.delete(/** @type {string} */ (asked.keys().next().value));
  return coming;
}

/** What is known of a network, its vocabularies with it. @param {string} model */
export const modelOf = (model) => once(`models/${encodeURIComponent(model)}`);

/** Every gate and state of a recurrent layer. @param {string} trace @param {string} node */
export const gatesOf = (trace, node) => once(`${nodePath(trace, node)}/gates?format=packed`);

/** Which units go with which simple features. @param {string} trace @param {string} node */
export const correlationsOf = (trace, node) => once(`${nodePath(trace, node)}/correlations`);

/** Derivatives of one answer with respect to every state. @param {string} trace @param {number} target @param {number=} step */
export const gradientsOf = (trace, target, step) =>
  once(
    `traces/${encodeURIComponent(trace)}/gradients?target=${target}&format=packed${step === undefined ? '' : `&step=${step}`}`,
  );

/** What a network forecasts by itself, beside simple methods. @param {object} asked */
export const forecast = (asked) =>
  request('forecast', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) });

/** Characters as the network writes them. @param {object} wanted @param {AbortSignal} signal @returns {AsyncGenerator<any>} */
export async function* generate(wanted, signal) {
  const response = await fetch(new URL('generate', BASE), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
    signal,
  }).catch(() => null);
  if (!response) {
    if (signal.aborted) return;
    throw new Problem('offline', 'no answer');
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => null);
    throw new Problem(answer?.code ?? 'other', answer?.detail ?? '');
  }
  yield* events(/** @type {ReadableStream<Uint8Array>} */ (response.body), signal);
}

/**
 * The data of server-sent "token" events.
 * @param {ReadableStream<Uint8Array>} body
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<any>}
 */
async function* events(body, signal) {
  const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + /** @type {any} */ (value)).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      for (const block of blocks)
        if (/^event: ?token/m.test(block)) yield JSON.parse((/^data: ?(.*)$/m.exec(block) ?? ['', 'null'])[1]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    reader.cancel().catch(() => {});
  }
}

const NAMES = /** @type {Record<string, number>} */ ({ NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity });

/**
 * One operation on numbers of one's own; JSON has no NaN and no infinity, so they travel as words.
 * @param {string} op
 * @param {Record<string, any>} body
 * @returns {Promise<any>}
 */
export async function operate(op, body) {
  const text = JSON.stringify(body, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  const answer = await request(`ops/${encodeURIComponent(op)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  return revived(answer);
}

/** @param {any} value @returns {any} */
function revived(value) {
  if (typeof value === 'string') return value in NAMES ? NAMES[value] : value;
  if (Array.isArray(value)) return value.map(revived);
  if (value && typeof value === 'object') for (const key of Object.keys(value)) value[key] = revived(value[key]);
  return value;
}

/** The file of a painted sample. @param {string} id @returns {Promise<Blob>} */
export async function sampleFile(id) {
  const response = await fetch(new URL(`samples/${encodeURIComponent(id)}.png`, BASE)).catch(() => null);
  if (!response?.ok) throw new Problem('offline', 'no answer');
  return response.blob();
}

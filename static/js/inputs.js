/** What goes into the network: samples, files, drawings; kept for this browser so that an expired trace can be made again. */
import { createTrace, getTrace, Problem } from './api.js';
import { keep, kept } from './keeper.js';

export const traceName = (/** @type {any} */ trace) =>
  trace.input.sample ? `sample:${trace.input.sample}` : `trace:${trace.id}`;

/** @param {string} model */
export function createInputs(model) {
  /** @param {Blob} image */
  async function ofImage(image) {
    const trace = await createTrace(model, { image });
    await keep(trace.id, image);
    return trace;
  }

  /** The same input once more, after the server let go of its trace. @param {any} trace */
  async function again(trace) {
    if (trace.input.sample) return createTrace(model, { sample: trace.input.sample });
    const image = await kept(trace.id);
    if (!image) throw new Problem('trace-expired', 'not kept');
    return createTrace(model, { image });
  }

  return {
    ofImage,
    again,
    ofSample: (/** @type {string} */ sample) => createTrace(model, { sample }),
    /** A trace by its id; when the server no longer has it, from the picture that this browser kept. @param {string} id */
    async ofTrace(id) {
      try {
        return await getTrace(id);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'trace-expired') throw error;
        return again({ id, input: {} });
      }
    },
  };
}

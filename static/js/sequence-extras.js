/**
 * What the further views ask the server for: the other cells, correlations, changed runs, written text; kept while the input
 * stays.
 */
/** @import { SequenceScene } from './view/sequence/scene.js' */
import { correlationsOf, createSequence, forecast, generate, gatesOf, gradientsOf } from './api.js';
import { fromPacked } from './core/tensor.js';
import { createSequenceData } from './sequence-data.js';
import { titleOf } from './view/sequence/answers.js';

/**
 * @param {any} page
 * @param {ReturnType<typeof import('./later.js').createLater>} later
 * @param {() => void} redraw
 * @param {(error: unknown) => void} fail
 */
export function createExtras(page, later, redraw, fail) {
  /** @type {Map<string, any>} */
  const kept = new Map();
  /** Asked for once per key; null until it is there. @param {string} key @param {() => Promise<any>} ask */
  const once = (key, ask) => {
    if (!kept.has(key))
      later(key, async () => {
        kept.set(key, await ask());
      });
    return kept.get(key) ?? null;
  };
  let wish = { text: '', gate: '', value: 0, unit: false, of: '' };
  let other = /** @type {any} */ (null);
  let writing = { beginning: '', temperature: 0.8, top: 0, seed: 1, length: 300, of: '' };
  const written = { text: '', top: /** @type {any[]} */ ([]), running: false };
  const horizon = { horizon: 60 };
  let abort = new AbortController();
  let scene = /** @type {SequenceScene | null} */ (null);

  return {
    failed: /** @type {string[]} */ ([]),
    written,
    /** The three cells on this input. @param {SequenceScene} now */
    compared(now) {
      return once(`compare ${now.data.trace.id}`, () =>
        Promise.all(page.variants.map((/** @type {any} */ model) => compared(model, now))),
      );
    },
    /** @param {SequenceScene} now */
    correlations: (now) =>
      once(
        `units ${now.data.trace.id} ${now.part.node}`,
        async () => (await correlationsOf(now.data.trace.id, now.part.node)).units,
      ),
    /** @param {SequenceScene} now */
    wish(now) {
      scene = now;
      if (wish.of !== now.data.trace.id) {
        wish = { ...wish, text: now.data.trace.input.text ?? '', of: now.data.trace.id };
        other = null;
      }
      return wish;
    },
    /** @param {SequenceScene} _now */
    other: (_now) => other,
    whatIf: {
      change: (/** @type {object} */ changes) => {
        wish = { ...wish, ...changes };
      },
      run: () => {
        if (scene)
          changed(scene, wish).then((data) => {
            other = data;
            redraw();
          }, fail);
      },
    },
    /** @param {SequenceScene} now */
    writing(now) {
      scene = now;
      if (writing.of !== now.data.trace.id)
        writing = { ...writing, beginning: now.data.trace.input.text ?? '', of: now.data.trace.id };
      return writing;
    },
    horizon,
    /** @param {SequenceScene} now */
    ahead(now) {
      scene = now;
      return once(`ahead ${now.data.trace.id} ${horizon.horizon}`, () =>
        forecast({ model: page.model.id, values: now.data.trace.input.values, horizon: horizon.horizon }),
      );
    },
    free: {
      change: (/** @type {object} */ changes) => {
        Object.assign(horizon, changes);
      },
      run: () => redraw(),
    },
    write: {
      change: (/** @type {object} */ changes) => {
        writing = { ...writing, ...changes };
      },
      stop: () => abort.abort(),
      async start() {
        abort = new AbortController();
        Object.assign(written, { text: '', top: [], running: true });
        redraw();
        try {
          const { beginning, temperature, top, seed, length } = writing;
          for await (const token of generate(
            { model: page.model.id, text: beginning, temperature, top_k: top || null, seed, length },
            abort.signal,
          )) {
            written.text += token.token;
            written.top = token.top.map((/** @type {[string, number]} */ [label, probability]) => ({ label, probability }));
            redraw();
          }
        } catch (error) {
          fail(error);
        }
        written.running = false;
        redraw();
      },
    },
  };
}

/** One cell's run: states, gradient norms, half-lives, its answer. @param {any} model @param {SequenceScene} scene */
async function compared(model, { data, part, model: mine }) {
  const { input } = data.trace;
  const given = input.sample
    ? { sample: input.sample }
    : input.text !== undefined
      ? { text: input.text }
      : { values: JSON.stringify(input.values) };
  const trace = model.id === data.trace.model ? data.trace : await createSequence(model.id, given);
  const section = trace.recurrent[0];
  const best = trace.predictions?.[0] ?? trace.answers?.at(-1)?.top?.[0];
  const [gates, gradients] = await Promise.all([
    gatesOf(trace.id, section.node),
    gradientsOf(trace.id, best?.index ?? 0, trace.answers ? part.steps - 1 : undefined),
  ]);
  const through = gradients.recurrent[section.node];
  const label = best ? titleOf(best.label, mine) : '';
  return {
    model,
    node: section.node,
    states: fromPacked(gates.h),
    norms: flat(through.norms.h).slice(0, section.steps),
    halfLives: flat(gates.half_life),
    answer: best ? { label, probability: best.probability } : null,
  };
}

/** Numbers of a packed array or of nested lists. @param {any} values @returns {number[]} */
function flat(values) {
  if (Array.isArray(values)) return values.flat(9).map((value) => (value === null ? Infinity : Number(value)));
  if (values.dtype === 'float64')
    return Array.from(new Float64Array(Uint8Array.from(atob(values.data), (c) => c.charCodeAt(0)).buffer));
  return Array.from(fromPacked(values).data);
}

/**
 * The run that was wished for.
 * @param {SequenceScene} scene
 * @param {{text: string, gate: string, value: number, unit: boolean}} wish
 */
async function changed({ data, part, state }, wish) {
  const { input } = data.trace;
  const units = wish.unit ? { units: [state.unit] } : {};
  const place = { node: part.node, layer: state.layer, direction: state.direction, value: wish.value, ...units };
  const force =
    wish.gate === ''
      ? []
      : [wish.gate === 'state' ? { ...place, state: part.cell === 'lstm' ? 'c' : 'h' } : { ...place, gate: wish.gate }];
  const given =
    input.text !== undefined
      ? { text: wish.text || input.text }
      : input.sample
        ? { sample: input.sample }
        : { values: JSON.stringify(input.values) };
  return createSequenceData(await createSequence(data.trace.model, given, force));
}

/**
 * The derivative as a difference quotient: the secant that turns into the tangent as its step shrinks, under a lens too, and
 * the error beside it.
 */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
import { CURVES, plainly, sampled, settingsOf } from '../../core/lab/curves.js';
import { brief, ENDS, LEAST, MOST, nextStep, stepsOf, stepText } from '../../core/lab/difference.js';
import { derivedOf, polynomialAt, writtenPolynomial } from '../../core/lab/polynomial.js';
import { h, s } from '../dom.js';
import { coefficientBoxes } from './coefficients.js';
import { curvePlot } from './curve-plot.js';
import { measured, placeBox } from './curve-stage.js';
import { errorPlot } from './difference-errors.js';
import { numberBox } from './number-box.js';

/** @typedef {import('./curve-plot.js').Scale} Scale */
/**
 * @typedef {{f: (x: number) => number, d: (x: number) => number, name: string, pieces: (low: number, high: number) => [number, number][][]}} Of
 *     the function that is looked at
 */

/** @param {Values} values @param {LabScene['say']} say @returns {Of} */
export function functionOf(values, say) {
  if (values.of === 'polynomial') {
    const { coefficients } = values;
    const f = (/** @type {number} */ x) => polynomialAt(coefficients, x);
    const pieces = (/** @type {number} */ low, /** @type {number} */ high) => [
      Array.from({ length: 241 }, (_, i) => {
        const x = low + ((high - low) * i) / 240;
        return /** @type {[number, number]} */ ([x, f(x)]);
      }),
    ];
    return { f, d: (x) => polynomialAt(derivedOf(coefficients), x), name: writtenPolynomial(coefficients), pieces };
  }
  const settings = settingsOf(values.curve, values);
  const { f, d } = CURVES[values.curve];
  return {
    f: (x) => f(x, settings),
    d: (x) => d(x, settings),
    name: say(`curve_${values.curve}`),
    pieces: (low, high) => sampled(values.curve, 'f', settings, low, high),
  };
}

/** Which of the steps is shown: the player's, else the chosen one. @param {Values} values @param {number | null} step */
export function stepOf({ h: [chosen] }, step) {
  const all = stepsOf(chosen);
  const at = step === null ? all.indexOf(chosen) : Math.min(step, all.length - 1);
  return { all, at, h: all[at] };
}

/**
 * Both ends and the quotient, as that precision has them; seen: the function as it comes out of it.
 * @param {Of} of
 * @param {Values} values
 * @param {number} h
 */
function quotientOf({ f }, { at, scheme, dtype }, h) {
  const round = dtype === 'float32' ? Math.fround : (/** @type {number} */ value) => value;
  const seen = (/** @type {number} */ x) => round(f(round(x)));
  const places = ENDS[scheme].map((end) => round(round(at) + (end === 'ahead' ? round(h) : end === 'behind' ? -round(h) : 0)));
  const values = places.map(seen);
  return { places, values, seen, quotient: (values[0] - values[1]) / ((scheme === 'central' ? 2 : 1) * round(h)) };
}

/** What the engine says of the step that is shown; null while its answer is on the way. @param {LabScene} scene */
function answered({ state, values, answer, step }) {
  if (values !== state.values || !answer?.derivative) return null;
  const { at } = stepOf(values, step);
  return { quotient: answer.output[at], slope: answer.derivative[at], error: answer.error[at] };
}

/** The place is made once; `scene()` is what is drawn at that time. @param {() => LabScene} scene */
export function differenceStage(scene) {
  const { say } = scene();
  const set = (/** @type {Values} */ changes) => {
    scene().go(null);
    scene().set(changes);
  };
  const now = () => {
    const { state, step } = scene();
    return stepOf(state.values, step).h;
  };
  const setStep = (/** @type {number} */ h) => set({ h: [h] });
  const plot = curvePlot((at) => set({ at }));
  const errors = errorPlot({
    place: (power) => setStep(nextStep(10 ** power, 0)),
    nudge: (by) => setStep(nextStep(now(), by)),
  });
  const x = placeBox((at) => set({ at }));
  const by = (/** @type {number} */ factor) => (/** @type {number} */ value) => Number((value * factor).toPrecision(12));
  const step = numberBox({
    label: 'h',
    name: 'h',
    least: LEAST,
    most: MOST,
    set: setStep,
    print: (value) => (value >= 1e-6 ? stepText(value) : String(value)),
    nudges: [
      { sign: '÷10', of: by(0.1) },
      { sign: '÷2', of: by(0.5) },
      { sign: '×2', of: by(2) },
      { sign: '×10', of: by(10) },
    ],
  });
  const boxes = coefficientBoxes((coefficients) => set({ coefficients }), {
    more: say('power_more'),
    less: say('power_less'),
    of: (power) => say('coefficient_of', { power }),
  });
  const place = h('div', { class: 'plot-place' }, plot.root);
  const frame = h('div', { class: 'error-place' }, errors.root);
  const side = h(
    'div',
    { class: 'curve-side difference-side' },
    h('div', { class: 'boxes' }, x.root, step.root),
    boxes.root,
    h('p', { class: 'error-title quiet' }, say('error_title')),
    frame,
  );
  return {
    root: h('div', { class: 'curve-lab' }, place, side),
    draw: (/** @type {LabScene} */ drawn) => draw({ plot, place, frame, errors, x, step, boxes }, drawn),
  };
}

/** @param {any} made @param {LabScene} scene */
function draw(made, scene) {
  const {
    say,
    state: { values },
  } = scene;
  const { at, span } = values;
  const of = functionOf(values, say);
  const { h: step } = stepOf(values, scene.step);
  made.x.put(at);
  made.step.put(step);
  made.boxes.root.hidden = values.of !== 'polynomial';
  made.boxes.draw(values.coefficients);
  const found = quotientOf(of, values, step);
  const told = answered(scene);
  const quotient = told?.quotient ?? found.quotient;
  const slope = told?.slope ?? of.d(at);
  const y = of.f(at);
  const xs = /** @type {[number, number]} */ ([Math.min(-span, at - 1), Math.max(span, at + 1)]);
  const pieces = of.pieces(...xs);
  const ys = heights(pieces, [y, ...found.values], span);
  const slopes = [
    { label: `${say('secant')} ${plainly(quotient, 6)}`, colour: 1 },
    { label: `${say('tangent')} ${plainly(slope, 6)}`, colour: 2 },
  ];
  made.plot.draw({
    ...measured(made.place),
    xs,
    ys,
    lines: [{ label: of.name, colour: 0, kind: 'main', pieces }],
    zones: [],
    at,
    dots: [{ y, colour: 0 }],
    slope: null,
    step: 0.1,
    readout: [of.name, `x = ${plainly(at)}`, `h = ${stepText(step)}`],
    legend: slopes,
    label: say('point'),
    said: say('point_difference', {
      x: plainly(at),
      h: stepText(step),
      quotient: plainly(quotient, 6),
      slope: plainly(slope, 6),
    }),
    extra: (/** @type {Scale} */ x, /** @type {Scale} */ y) =>
      secant({ at, height: of.f(at), slope, step, run: values.scheme === 'central' ? '2h' : 'h', ...found }, x, y, xs, ys),
  });
  const table = scene.answer?.errors;
  const box = measured(made.frame);
  if (!table) return;
  const row = (/** @type {string} */ dtype, /** @type {number} */ colour) => ({
    label: dtype,
    colour,
    main: values.dtype === dtype,
    errors: table[dtype][values.scheme],
  });
  made.errors.draw({
    ...box,
    height: Math.max(120, made.frame.clientHeight),
    steps: table.h,
    rows: [row('float64', 0), row('float32', 3)],
    h: step,
    error: told && Number.isFinite(told.error) ? told.error : null,
    label: say('error_plot'),
    said: say('error_at', { h: stepText(step), error: told ? brief(told.error) : '' }),
    sides: [say('side_rounding'), say('side_truncation')],
  });
}

/**
 * Heights that hold both ends with room around them, but not all of a steep curve.
 * @param {[number, number][][]} pieces
 * @param {number[]} ends
 * @param {number} span
 * @returns {[number, number]}
 */
function heights(pieces, ends, span) {
  const all = pieces
    .flat()
    .map(([, y]) => y)
    .filter(Number.isFinite);
  const near = ends.filter(Number.isFinite);
  const low = Math.max(Math.min(0, ...all), Math.min(0, ...near) - span);
  const high = Math.min(Math.max(...all), Math.max(...near) + span);
  const air = 0.06 * Math.max(high - low, 1);
  return [low - 2 * air, Math.max(high, low + 1) + air];
}

/**
 * The secant through both ends, the tangent, the triangle of run and rise; where it is too small to be seen, all of it under a
 * lens.
 * @param {any} what
 * @param {Scale} x
 * @param {Scale} y
 * @param {[number, number]} xs
 * @param {[number, number]} ys
 */
function secant(what, x, y, xs, ys) {
  const { places, values, slope, at, height, run } = what;
  const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const wide = Math.abs(x(places[0]) - x(places[1]));
  const frame = { left: x(xs[0]), top: y(ys[1]), width: x(xs[1]) - x(xs[0]), height: y(ys[0]) - y(ys[1]) };
  const inside = s(
    'g',
    { 'clip-path': 'url(#difference-frame)' },
    lines(places, values, at, height, slope, x, y, xs),
    triangle(places, values, x, y, text, wide > 2.4 * text ? run : ''),
  );
  return [
    s(
      'clipPath',
      { id: 'difference-frame' },
      s('rect', { x: frame.left, y: frame.top, width: frame.width, height: frame.height }),
    ),
    inside,
    ...(wide < 3 * text ? [lens(what, x, y, frame, text)] : []),
  ];
}

/**
 * @param {number[]} places
 * @param {number[]} values
 * @param {number} at
 * @param {number} height
 * @param {number} slope
 * @param {Scale} x
 * @param {Scale} y
 * @param {[number, number]} ends
 */
function lines(places, values, at, height, slope, x, y, ends) {
  const through = (/** @type {number} */ px, /** @type {number} */ py, /** @type {number} */ rise) =>
    `M${ends.map((end) => `${x(end)},${y(py + rise * (end - px))}`).join('L')}`;
  const chord = (values[0] - values[1]) / (places[0] - places[1]);
  return [
    s('path', { class: 'graph dashed series-2', d: through(at, height, slope) }),
    places[0] === places[1] ? null : s('path', { class: 'graph secant series-1', d: through(places[0], values[0], chord) }),
    places.map((place, i) => s('circle', { class: 'dot series-1', cx: x(place), cy: y(values[i]), r: 5 })),
  ];
}

/**
 * Run and rise.
 * @param {number[]} places
 * @param {number[]} values
 * @param {Scale} x
 * @param {Scale} y
 * @param {number} text
 * @param {string} named   the run's name; '': there is no room for it
 */
function triangle(places, values, x, y, text, named) {
  const [right, left] = places.map(x);
  const [top, foot] = values.map(y);
  const word = (
    /** @type {number} */ px,
    /** @type {number} */ py,
    /** @type {string} */ label,
    /** @type {string} */ anchor,
  ) => s('text', { class: 'leg-name', x: px, y: py, 'font-size': text, 'text-anchor': anchor }, label);
  return s(
    'g',
    { class: 'legs' },
    s('path', { d: `M${left},${foot}H${right}V${top}` }),
    named
      ? word(left + (right - left) * (named === 'h' ? 0.5 : 0.28), foot + (top <= foot ? 1.1 : -0.4) * text, named, 'middle')
      : null,
    named && Math.abs(top - foot) > 1.6 * text ? word(right + 0.4 * text, (top + foot) / 2 + 0.35 * text, 'Δf', 'start') : null,
  );
}

/**
 * The corner where a lens hides the least of the curve and of its tangent; the words have the first one.
 * @param {any} what
 * @param {Scale} x
 * @param {Scale} y
 * @param {{left: number, top: number, width: number, height: number}} frame
 * @param {number} width
 * @param {number} height
 * @param {number} text
 */
function emptiest({ seen, at, value, slope }, x, y, frame, width, height, text) {
  const air = 0.5 * text;
  const sides = [frame.left + frame.width - width - air, frame.left + 1.6 * air];
  const levels = [frame.top + frame.height - height - air, frame.top + air];
  const corners = [
    [sides[0], levels[0]],
    [sides[0], levels[1]],
    [sides[1], levels[0]],
    [sides[1], frame.top + 9 * text],
  ].map(([left, top]) => ({ left, top }));
  const places = Array.from({ length: 60 }, (_, i) => x.invert(frame.left + (frame.width * i) / 59));
  const seenAt = places.flatMap((place) => [seen(place), value + slope * (place - at)].map((level) => [x(place), y(level)]));
  const hidden = (/** @type {{left: number, top: number}} */ { left, top }) =>
    seenAt.filter(([px, py]) => px > left - air && px < left + width + air && py > top - air && py < top + height + air).length;
  return corners.reduce((best, corner) => (hidden(corner) < hidden(best) ? corner : best));
}

/**
 * The curve around x, so much larger that the step fills half of the lens: it looks straight, until rounding shows as stairs.
 * @param {any} what
 * @param {Scale} x
 * @param {Scale} y
 * @param {{left: number, top: number, width: number, height: number}} frame
 * @param {number} text
 */
function lens({ seen, at, height: value, places, values, slope, step, run }, x, y, frame, text) {
  const width = Math.min(frame.width * 0.4, 17 * text);
  const height = Math.min(frame.height * 0.45, 11 * text);
  const middle = (places[0] + places[1]) / 2;
  const half = Math.max(step, Math.abs(at) * 2e-16) * (places[0] - places[1] > 1.5 * step ? 2 : 1.1);
  const { left, top } = emptiest({ seen, at, value, slope }, x, y, frame, width, height, text);
  const centre = (values[0] + values[1]) / 2;
  const reach = Math.max(Math.abs(values[0] - values[1]), Math.abs(slope) * half, Math.abs(centre) * 4e-16, 1e-300) * 1.25;
  const lx = (/** @type {number} */ px) => left + width / 2 + ((px - middle) / half) * (width / 2);
  const ly = (/** @type {number} */ py) => top + height / 2 - ((py - centre) / reach) * (height / 2);
  const curve = Array.from({ length: 481 }, (__, i) => {
    const px = middle + half * (i / 240 - 1);
    return `${lx(px)},${ly(seen(px))}`;
  }).join('L');
  const scale = (lx(half) - lx(0)) / (x(half) - x(0));
  return s(
    'g',
    { class: 'lens' },
    s('clipPath', { id: 'difference-lens' }, s('rect', { x: left, y: top, width, height })),
    s('rect', { class: 'lens-ground', x: left, y: top, width, height }),
    s(
      'g',
      { 'clip-path': 'url(#difference-lens)' },
      s('path', { class: 'graph main series-0', d: `M${curve}` }),
      lines(places, values, at, value, slope, /** @type {any} */ (lx), /** @type {any} */ (ly), [middle - half, middle + half]),
      triangle(places, values, /** @type {any} */ (lx), /** @type {any} */ (ly), text, width > 9 * text ? run : ''),
    ),
    s(
      'text',
      {
        class: 'lens-name',
        x: left + width - 0.4 * text,
        y: top + height - 0.5 * text,
        'font-size': text,
        'text-anchor': 'end',
      },
      `× ${brief(Number(scale.toPrecision(2)))}`,
    ),
  );
}

/**
 * Three panels on one axis: the signal with the response turned round at t, their product as an area, and the output as t
 * moves.
 */
/** @import { LabScene } from '../../core/lab/types.js' */
import { END, RESPONSES, SIGNALS, WIDTHS, cutInto, finest, strips, timeOf } from '../../core/lab/continuous.js';
import { short } from '../../core/lab/grids.js';
import { s } from '../dom.js';

const FINE = 640; // points of a curve
const SHARES = [0.4, 0.26, 0.34];

/** @typedef {{top: number, height: number, level: (value: number) => number}} Panel */
/** @typedef {ReturnType<typeof laidOut>} Layout */

/**
 * @param {number} top
 * @param {number} height
 * @param {number} words   px that the names at its top need
 * @param {number[]} values
 * @returns {Panel}
 */
function panel(top, height, words, values) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const room = height * 0.94 - words;
  return { top, height, level: (value) => top + words + ((high - value) / (high - low || 1)) * room };
}

/**
 * The axis, the panels, and what is drawn in them.
 * @param {HTMLElement} place
 * @param {LabScene} scene
 */
function laidOut({ clientWidth: width, clientHeight: height }, { values, answer }) {
  const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const { f, g } = strips(values);
  const whole = (/** @type {(time: number) => number} */ of) =>
    Array.from({ length: FINE + 1 }, (_, i) => of((END * i) / FINE));
  const signal = whole(SIGNALS[values.signal]);
  const response = whole((time) => RESPONSES[values.response](time, values.width));
  const left = 0.6 * text;
  const right = width - 0.8 * text;
  const bottom = height - 1.5 * text;
  const from = -Math.min(2, values.width * 1.5);
  const across = (/** @type {number} */ time) => left + ((time - from) / (END - from)) * (right - left);
  const tops = SHARES.map((_, i) => SHARES.slice(0, i).reduce((a, b) => a + b, 0) * bottom);
  const higher = (0.85 * Math.max(...signal)) / Math.max(...response); // each curve in its own unit, both to be seen
  const products = signal.flatMap((value) => [value * Math.max(...response), value * Math.min(...response)]);
  const smooth = values.strip === WIDTHS[WIDTHS.length - 1] ? null : finest(values);
  const panels = [
    panel(tops[0], SHARES[0] * bottom, 2.6 * text, [...signal, ...response.map((value) => value * higher)]),
    panel(tops[1], SHARES[1] * bottom, 1.5 * text, products),
    panel(tops[2], SHARES[2] * bottom, 1.5 * text, [...answer.output, ...(smooth ?? [])]),
  ];
  return { text, f, g, left, right, bottom, width, height, from, across, higher, panels, smooth };
}

/**
 * @param {(time: number) => number} of
 * @param {Layout} layout
 * @param {Panel} where
 * @param {number} from
 * @param {number} to
 */
const line = (of, { across }, { level }, from, to) =>
  Array.from({ length: FINE + 1 }, (_, i) => from + ((to - from) * i) / FINE)
    .map((time, i) => `${i ? 'L' : 'M'}${across(time).toFixed(1)} ${level(of(time)).toFixed(1)}`)
    .join('');

/** From zero on through one point at the end of every strip. @param {number[]} output @param {number} step @param {Layout} layout */
const joined = (output, step, { across, panels: [, , { level }] }) =>
  `M${across(0)} ${level(0)}${output.map((value, i) => `L${across((i + 1) * step).toFixed(1)} ${level(value).toFixed(1)}`).join('')}`;

/** What comes in, the response turned round at t, and their product with its strips. @param {LabScene} scene @param {number} n @param {Layout} layout */
function meeting({ values }, n, layout) {
  const { f, g, across, higher, panels } = layout;
  const { step } = cutInto(values);
  const t = timeOf(n, values);
  const signal = SIGNALS[values.signal];
  const response = (/** @type {number} */ time) => RESPONSES[values.response](time, values.width);
  const { level } = panels[1];
  const product = Array.from({ length: n + 1 }, (_, i) => f[i] * g[n - i]);
  return [
    product.map((value, i) =>
      value
        ? s('rect', {
            class: `strip${value < 0 ? ' below' : ''}`,
            x: across(i * step),
            y: Math.min(level(0), level(value)),
            width: across(step) - across(0),
            height: Math.abs(level(value) - level(0)),
          })
        : null,
    ),
    s('path', { class: 'curve product', d: line((time) => signal(time) * response(t - time), layout, panels[1], 0, t) }),
    s('path', { class: 'curve signal', d: line(signal, layout, panels[0], 0, END) }),
    s('path', {
      class: 'curve response',
      d: line((time) => higher * response(t - time), layout, panels[0], layout.from, END),
    }),
  ];
}

/** What has come out so far; beside strips that are wide, what narrow ones give. @param {LabScene} scene @param {number} n @param {Layout} layout */
function outcome({ values, answer, step }, n, layout) {
  const { across, panels, smooth, text } = layout;
  const { step: wide, count } = cutInto(values);
  const shown = step === null ? count : n + 1;
  return [
    smooth ? s('path', { class: 'curve finest', d: joined(smooth, END / smooth.length, layout) }) : null,
    s('path', { class: 'curve output', d: joined(answer.output.slice(0, shown), wide, layout) }),
    s('circle', { class: 'point', cx: across(timeOf(n, values)), cy: panels[2].level(answer.output[n]), r: 0.34 * text }),
  ];
}

/** Names of the panels. @param {LabScene} scene @param {number} n @param {Layout} layout */
function namesOf({ answer, say }, n, { left, text, panels }) {
  const name = (/** @type {Panel} */ { top }, /** @type {string} */ kind, /** @type {string} */ words, lines = 1) =>
    s(
      'text',
      { class: `curve-name ${kind}`, x: left + 0.2 * text, y: top + (1.15 * lines - 0.2) * text, 'font-size': text },
      words,
    );
  return [
    name(panels[0], 'signal', say('curve_signal')),
    name(panels[0], 'response', say('curve_response'), 2.1),
    name(panels[1], 'product', say('curve_product')),
    name(panels[2], 'output', say('curve_output', { value: short(Number(answer.output[n].toPrecision(3))) })),
  ];
}

/** The axis of time, with t. @param {number} t @param {Layout} layout */
function ticks(t, { left, right, across, height, text }) {
  const here = across(t);
  const low = height - 0.7 * text;
  return [
    Array.from({ length: END + 1 }, (_, time) =>
      Math.abs(across(time) - here) < 3.4 * text
        ? null
        : s('text', { class: 'tick', x: across(time), y: low, 'font-size': 0.9 * text }, String(time)),
    ),
    s(
      'text',
      { class: 'tick now-name', x: Math.min(right - text, Math.max(left + text, here)), y: low, 'font-size': text },
      `t = ${t}`,
    ),
  ];
}

/** Where one drags, t goes. @param {HTMLElement} place @param {LabScene} scene @param {Layout} layout */
function draggable(place, { values, go }, { left, right, from }) {
  const { step, count } = cutInto(values);
  const drag = (/** @type {PointerEvent} */ { buttons, clientX }) => {
    if (!(buttons & 1)) return;
    const share = (clientX - place.getBoundingClientRect().left - left) / (right - left);
    go(Math.max(0, Math.min(count - 1, Math.round((share * (END - from) + from) / step) - 1)));
  };
  place.onpointerdown = place.onpointermove = /** @type {any} */ (drag);
}

/** @param {HTMLElement} place @param {LabScene} scene @param {number} n   the strip that is reached */
export function curves(place, scene, n) {
  const layout = laidOut(place, scene);
  const { width, height, left, right, bottom, across, panels } = layout;
  const t = timeOf(n, scene.values);
  const label = scene.say('curves_label', { t });
  const svg = s(
    'svg',
    { class: 'lab-curves', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    panels.map(({ level, top, height: tall }) => [
      s('line', { class: 'zero', x1: left, x2: right, y1: level(0), y2: level(0) }),
      s('line', { class: 'rule', x1: left, x2: right, y1: top + tall, y2: top + tall }),
    ]),
    s('line', { class: 'now', x1: across(t), x2: across(t), y1: 0, y2: bottom }),
    meeting(scene, n, layout),
    outcome(scene, n, layout),
    namesOf(scene, n, layout),
    ticks(t, layout),
  );
  draggable(place, scene, layout);
  place.replaceChildren(svg);
}

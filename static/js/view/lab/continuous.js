/**
 * Three panels on one axis: the signal with the response turned round at t, their product as an area, and the output as t
 * moves.
 */
/** @import { LabScene } from '../../core/lab/types.js' */
import { END, RESPONSES, SIGNALS, STEP, STRIPS, strips, timeOf } from '../../core/lab/continuous.js';
import { short } from '../../core/lab/grids.js';
import { s } from '../dom.js';

const FINE = 640; // points of a curve
const SHARES = [0.4, 0.26, 0.34];

/** @typedef {{top: number, height: number, level: (value: number) => number}} Panel */

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
 * @param {(time: number) => number} of
 * @param {(time: number) => number} across
 * @param {Panel} where
 * @param {number} from
 * @param {number} to
 */
const line = (of, across, { level }, from, to) =>
  Array.from({ length: FINE + 1 }, (_, i) => from + ((to - from) * i) / FINE)
    .map((time, i) => `${i ? 'L' : 'M'}${across(time).toFixed(1)} ${level(of(time)).toFixed(1)}`)
    .join('');

/** @param {HTMLElement} place @param {LabScene} scene @param {number} n   the strip that is reached */
export function curves(place, scene, n) {
  const { clientWidth: width, clientHeight: height } = place;
  const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const { values, answer, say, step } = scene;
  const { f, g } = strips(values);
  const t = timeOf(n);
  const signal = SIGNALS[values.signal];
  const response = (/** @type {number} */ time) => RESPONSES[values.response](time, values.width);
  const left = 0.6 * text;
  const right = width - 0.8 * text;
  const bottom = height - 1.5 * text;
  const from = -Math.min(2, values.width * 1.5);
  const across = (/** @type {number} */ time) => left + ((time - from) / (END - from)) * (right - left);
  const product = Array.from({ length: n + 1 }, (_, i) => f[i] * g[n - i]);
  const tops = SHARES.map((_, i) => SHARES.slice(0, i).reduce((a, b) => a + b, 0) * bottom);
  const higher = (0.85 * Math.max(...f)) / Math.max(...g); // each curve in its own unit, both to be seen
  const most = f.flatMap((value) => [value * Math.max(...g), value * Math.min(...g)]);
  const panels = [
    panel(tops[0], SHARES[0] * bottom, 2.6 * text, [...f, ...g.map((value) => value * higher)]),
    panel(tops[1], SHARES[1] * bottom, 1.5 * text, most),
    panel(tops[2], SHARES[2] * bottom, 1.5 * text, answer.output),
  ];
  const shown = step === null ? STRIPS : n + 1;
  const output = answer.output.slice(0, shown);
  const here = across(t);
  const name = (/** @type {Panel} */ { top }, /** @type {string} */ kind, /** @type {string} */ words, lines = 1) =>
    s(
      'text',
      {
        class: `curve-name ${kind}`,
        x: left + 0.2 * text,
        y: top + (0.4 + 1.15 * lines) * text - 0.6 * text,
        'font-size': text,
      },
      words,
    );
  const svg = s(
    'svg',
    {
      class: 'lab-curves',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': say('curves_label', { t }),
    },
    panels.map(({ level, top, height: tall }) => [
      s('line', { class: 'zero', x1: left, x2: right, y1: level(0), y2: level(0) }),
      s('line', { class: 'rule', x1: left, x2: right, y1: top + tall, y2: top + tall }),
    ]),
    product.map((value, i) =>
      value
        ? s('rect', {
            class: `strip${value < 0 ? ' below' : ''}`,
            x: across(i * STEP),
            y: Math.min(panels[1].level(0), panels[1].level(value)),
            width: across(STEP) - across(0),
            height: Math.abs(panels[1].level(value) - panels[1].level(0)),
          })
        : null,
    ),
    s('line', { class: 'now', x1: here, x2: here, y1: 0, y2: bottom }),
    s('path', { class: 'curve signal', d: line(signal, across, panels[0], 0, END) }),
    s('path', { class: 'curve response', d: line((time) => higher * response(t - time), across, panels[0], from, END) }),
    s('path', {
      class: 'curve output',
      d: `M${across(0)} ${panels[2].level(0)}${output.map((/** @type {number} */ value, /** @type {number} */ i) => `L${across(timeOf(i)).toFixed(1)} ${panels[2].level(value).toFixed(1)}`).join('')}`,
    }),
    s('circle', { class: 'point', cx: here, cy: panels[2].level(answer.output[n]), r: 0.34 * text }),
    name(panels[0], 'signal', say('curve_signal')),
    name(panels[0], 'response', say('curve_response'), 2.1),
    name(panels[1], 'product', say('curve_product')),
    name(panels[2], 'output', say('curve_output', { value: short(Number(answer.output[n].toPrecision(3))) })),
    Array.from({ length: END + 1 }, (_, time) =>
      Math.abs(across(time) - here) < 3.4 * text
        ? null
        : s('text', { class: 'tick', x: across(time), y: height - 0.7 * text, 'font-size': 0.9 * text }, String(time)),
    ),
    s(
      'text',
      {
        class: 'tick now-name',
        x: Math.min(right - text, Math.max(left + text, here)),
        y: height - 0.7 * text,
        'font-size': text,
      },
      `t = ${t}`,
    ),
  );
  const drag = (/** @type {PointerEvent} */ event) => {
    if (event.buttons & 1)
      scene.go(
        Math.max(
          0,
          Math.min(
            STRIPS - 1,
            Math.round(
              (((event.clientX - place.getBoundingClientRect().left - left) / (right - left)) * (END - from) + from) / STEP,
            ) - 1,
          ),
        ),
      );
  };
  place.onpointerdown = place.onpointermove = /** @type {any} */ (drag);
  place.replaceChildren(svg);
}

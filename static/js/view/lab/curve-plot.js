/** Curves on axes with a point that moves along them: by mouse, finger and arrow keys. One SVG, which is also what is exported. */
import { line, scaleLinear } from 'd3';
import { plainly } from '../../core/lab/curves.js';
import { s } from '../dom.js';

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {number} colour                  0 .. 7: of the series
 * @property {[number, number][][]} pieces    between jumps
 * @property {'main' | 'thin' | 'dashed'} kind
 *
 * @typedef {{colour: number, places: [number, number, number][]}} Band   x and the two ends there
 *
 * @typedef {object} Plot
 * @property {number} width
 * @property {number} height
 * @property {number} text                    px
 * @property {[number, number]} xs
 * @property {[number, number]} ys
 * @property {Line[]} lines
 * @property {Band[]=} bands               behind the lines
 * @property {{from: number, to: number, kind: string, label: string, brief: string}[]} zones   brief: where there is no room
 *   for the label
 * @property {number} at
 * @property {{y: number, colour: number}[]} dots    on the curves above `at`
 * @property {number | null} slope            of the tangent through the first dot; null: none
 * @property {string[]} readout               lines in a corner
 * @property {'left' | 'middle' | 'right'=} corner   where at the top there is room for them; left
 * @property {{label: string, colour: number}[]} legend   the other curves, named under them
 * @property {string} label
 * @property {string} said                    of the point, read aloud
 * @property {number} step                    of the arrow keys
 * @property {((x: Scale, y: Scale) => any[])=} extra   what else is drawn over the lines
 */

export const COLOURS = 8;

/** @param {(x: number) => void} move   the point is wanted at x */
export function curvePlot(move) {
  const under = s('g', {});
  const over = s('g', { class: 'plot-over' });
  const handle = s(
    'g',
    { class: 'plot-handle', tabindex: 0, role: 'slider' },
    s('circle', { r: 24, class: 'plot-reach' }),
    s('circle', { r: 9 }),
  );
  const root = s('svg', { class: 'lab-plot' }, under, over, handle);
  /** @type {Plot | null} */
  let plot = null;
  let x = scaleLinear();
  let y = scaleLinear();
  const bounded = (/** @type {number} */ value) => (plot ? Math.min(plot.xs[1], Math.max(plot.xs[0], value)) : value);
  const rounded = (/** @type {number} */ value) => Number(bounded(value).toFixed(2));
  let dragging = false;
  const follow = (/** @type {PointerEvent} */ event) =>
    move(rounded(x.invert(event.clientX - root.getBoundingClientRect().left)));
  root.addEventListener('pointerdown', (event) => {
    dragging = true;
    root.setPointerCapture(/** @type {PointerEvent} */ (event).pointerId);
    follow(/** @type {PointerEvent} */ (event));
    handle.focus({ preventScroll: true });
    event.preventDefault();
  });
  root.addEventListener('pointermove', (event) => {
    if (dragging) follow(/** @type {PointerEvent} */ (event));
  });
  for (const end of ['pointerup', 'pointercancel'])
    root.addEventListener(end, () => {
      dragging = false;
    });
  handle.addEventListener('keydown', (event) => {
    const { key, shiftKey } = /** @type {KeyboardEvent} */ (event);
    const [low, high] = plot?.xs ?? [0, 0];
    const by = (plot?.step ?? 0.1) * (shiftKey ? 10 : 1);
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
    if (!way && key !== 'Home' && key !== 'End') return;
    event.preventDefault();
    event.stopPropagation();
    move(rounded(way ? (plot?.at ?? 0) + way * by : key === 'Home' ? low : high));
  });

  return {
    root,
    /** @param {Plot} next */
    draw(next) {
      plot = next;
      const { width, height, text, xs, ys, at, dots } = next;
      const left = 3.2 * text;
      const foot = 1.7 * text;
      const right = 0.6 * text;
      x = scaleLinear()
        .domain(xs)
        .range([left, width - right]);
      y = scaleLinear()
        .domain(ys)
        .range([height - foot, 0.7 * text]);
      root.setAttribute('viewBox', `0 0 ${width} ${height}`);
      root.setAttribute('width', String(width));
      root.setAttribute('height', String(height));
      under.replaceChildren(
        ...zonesOf(next, x, y),
        grid(next, x, y),
        ...(next.bands ?? []).map((each) => band(each, x, y, ys)),
        ...next.lines.map((each) => curve(each, x, y, ys)),
      );
      over.replaceChildren(...(next.extra?.(x, y) ?? []), ...tangent(next, x, y), ...marks(next, x, y), readout(next, x));
      handle.setAttribute('transform', `translate(${x(at)},${y(clamp(dots[0]?.y ?? 0, ys))})`);
      handle.setAttribute('class', `plot-handle series-${dots[0]?.colour ?? 0}`);
      for (const [name, value] of Object.entries({
        label: next.label,
        valuemin: xs[0],
        valuemax: xs[1],
        valuenow: at,
        valuetext: next.said,
      }))
        handle.setAttribute(`aria-${name}`, String(value));
    },
  };
}

/** @typedef {import('d3').ScaleLinear<number, number>} Scale */
/** @param {number} value @param {[number, number]} range */
const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));

/** @param {Plot} plot @param {Scale} x @param {Scale} y */
function zonesOf({ zones, ys, text }, x, y) {
  return zones.map(({ from, to, kind, label, brief }) => {
    const wide = x(to) - x(from);
    const fits = [label, brief].find((each) => wide > (each.length * (each.charCodeAt(0) > 0x2e80 ? 1 : 0.56) + 1) * text);
    return s(
      'g',
      { class: `zone ${kind}` },
      s('rect', { x: x(from), y: y(ys[1]), width: wide, height: y(ys[0]) - y(ys[1]) }),
      fits
        ? s('text', { x: x(from) + wide / 2, y: y(ys[0]) - 0.5 * text, 'font-size': text, 'text-anchor': 'middle' }, fits)
        : null,
    );
  });
}

/** @param {Plot} plot @param {Scale} x @param {Scale} y */
function grid({ xs, ys, width, height, text }, x, y) {
  const size = text * 0.94;
  const across = x.ticks(Math.max(3, Math.floor(width / (6 * text))));
  const up = y.ticks(Math.max(3, Math.floor(height / (3.4 * text))));
  return s(
    'g',
    { class: 'axes' },
    s('path', {
      class: 'grid',
      d:
        across.map((tick) => `M${x(tick)},${y(ys[0])}V${y(ys[1])}`).join('') +
        up.map((tick) => `M${x(xs[0])},${y(tick)}H${x(xs[1])}`).join(''),
    }),
    s('path', {
      class: 'zero',
      d:
        (xs[0] <= 0 && xs[1] >= 0 ? `M${x(0)},${y(ys[0])}V${y(ys[1])}` : '') +
        (ys[0] <= 0 && ys[1] >= 0 ? `M${x(xs[0])},${y(0)}H${x(xs[1])}` : ''),
    }),
    across.map((tick) =>
      s('text', { x: x(tick), y: y(ys[0]) + 1.15 * size, 'font-size': size, 'text-anchor': 'middle' }, plainly(tick)),
    ),
    up.map((tick) =>
      s('text', { x: x(xs[0]) - 0.4 * size, y: y(tick) + 0.35 * size, 'font-size': size, 'text-anchor': 'end' }, plainly(tick)),
    ),
  );
}

/** @param {Band} each @param {Scale} x @param {Scale} y @param {[number, number]} ys */
function band({ colour, places }, x, y, ys) {
  const edge = (/** @type {1 | 2} */ side) => places.map((place) => `${x(place[0])},${y(clamp(place[side], ys))}`);
  return s('path', { class: `band series-${colour}`, d: `M${[...edge(1), ...edge(2).reverse()].join('L')}Z` });
}

/** Cut where it leaves the picture. @param {Line} each @param {Scale} x @param {Scale} y @param {[number, number]} ys */
function curve({ kind, colour, pieces, label }, x, y, ys) {
  const air = (ys[1] - ys[0]) * 0.02;
  const seen = (/** @type {[number, number]} */ [, value]) => value >= ys[0] - air && value <= ys[1] + air;
  const path = pieces
    .map(
      (piece) =>
        line(
          (d) => x(d[0]),
          (d) => y(d[1]),
        ).defined(/** @type {any} */ (seen))(piece) ?? '',
    )
    .join('');
  return s('path', { class: `graph ${kind} series-${colour}`, d: path }, s('title', {}, label));
}

/** @param {Plot} plot @param {Scale} x @param {Scale} y */
function tangent({ slope, at, dots, xs, ys }, x, y) {
  if (slope === null || !dots.length || !Number.isFinite(dots[0].y)) return [];
  const half = (xs[1] - xs[0]) * 0.16;
  const ends = [-half, half].map((by) => {
    let run = by;
    const rise = slope * run;
    const room = (rise > 0 ? ys[1] : ys[0]) - dots[0].y;
    if (Math.abs(rise) > Math.abs(room)) run *= room / rise;
    return [clamp(at + run, xs), dots[0].y + slope * (clamp(at + run, xs) - at)];
  });
  return [s('path', { class: 'tangent', d: `M${x(ends[0][0])},${y(ends[0][1])}L${x(ends[1][0])},${y(ends[1][1])}` })];
}

/** @param {Plot} plot @param {Scale} x @param {Scale} y */
function marks({ at, dots, ys }, x, y) {
  const seen = dots.filter((dot) => dot.y >= ys[0] && dot.y <= ys[1]);
  return [
    s('path', { class: 'drop', d: `M${x(at)},${y(ys[0])}V${y(ys[1])}` }),
    ...seen
      .slice(dots[0] === seen[0] ? 1 : 0)
      .map((dot) => s('circle', { class: `dot series-${dot.colour}`, cx: x(at), cy: y(dot.y), r: 6 })),
  ];
}

/** @param {Plot} plot @param {Scale} x */
function readout({ readout: lines, legend, text, corner = 'left' }, x) {
  const wide =
    Math.max(
      ...[...lines, ...legend.map(({ label }) => label)].map((each) =>
        [...each].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.62), 0),
      ),
    ) *
      text +
    text;
  const [low, high] = x.range();
  const spare = high - low - wide - text;
  const left = low + spare * { left: 0, middle: 0.5, right: 1 }[corner];
  return s(
    'g',
    { class: 'readout' },
    s('rect', {
      x: left + 0.5 * text,
      y: 0.9 * text,
      width: wide,
      height: ((lines.length + legend.length) * 1.4 + 0.5) * text,
      rx: 5,
    }),
    lines.map((each, i) =>
      s('text', { x: left + text, y: (2.05 + 1.4 * i) * text, 'font-size': text, 'font-weight': i ? 400 : 700 }, each),
    ),
    legend.map(({ label, colour }, i) =>
      s(
        'text',
        {
          class: `named series-${colour}`,
          x: left + text,
          y: (2.05 + 1.4 * (i + lines.length)) * text,
          'font-size': text,
          'font-weight': 700,
        },
        label,
      ),
    ),
  );
}

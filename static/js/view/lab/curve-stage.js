/** The plot of chosen activations beside the table of their numbers and the list to choose from. */
/** @import { LabScene } from '../../core/lab/types.js' */
import { CURVES, NAMES, plainly, sampled, settingsOf, TAUGHT, zonesOf } from '../../core/lab/curves.js';
import { h } from '../dom.js';
import { COLOURS, curvePlot } from './curve-plot.js';
import { numberBox } from './number-box.js';

/** What every own drawing of a lab is: a place for its SVG, and something beside it. @param {(x: number) => void} move */
export function plotWithSide(move) {
  const plot = curvePlot(move);
  const place = h('div', { class: 'plot-place' }, plot.root);
  const x = placeBox(move);
  const table = h('div', {});
  const side = h('div', { class: 'curve-side' }, x.root, table);
  return {
    root: h('div', { class: 'curve-lab' }, place, side),
    plot,
    place,
    side,
    x,
    table,
    choices: h('div', { class: 'curve-choices', role: 'group' }),
    more: /** @type {HTMLElement | null} */ (null),
  };
}

const tidy = (/** @type {number} */ value) => Number(value.toPrecision(10));

/** Where the point is, to be typed. @param {(x: number) => void} move */
export const placeBox = (move) =>
  numberBox({
    label: 'x',
    name: 'x',
    least: -12,
    most: 12,
    set: move,
    print: (value) => String(tidy(value)),
    nudges: [
      { sign: '−', of: (value) => tidy(value - 0.5) },
      { sign: '+', of: (value) => tidy(value + 0.5) },
    ],
  });

/** Of the text, and of a place, in px. @param {HTMLElement} place */
export const measured = (place) => ({
  width: Math.max(200, place.clientWidth),
  height: Math.max(160, place.clientHeight),
  text: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
});

/**
 * The shown curves, the chosen one first; what an address says beside is left out.
 * @param {Record<string, any>} values
 * @returns {string[]}
 */
export const shownCurves = ({ curve, over }) =>
  [
    curve,
    ...over
      .map((/** @type {number} */ i) => NAMES[i])
      .filter(
        (/** @type {string} */ name, /** @type {number} */ i, /** @type {string[]} */ all) =>
          name && name !== curve && all.indexOf(name) === i,
      ),
  ].slice(0, COLOURS);

/** Where the point is: the player's step, else what was set. @param {LabScene} scene @param {number} steps */
export const pointOf = ({ state, step }, steps) =>
  step === null ? state.values.at : Number((-state.values.span + (2 * state.values.span * step) / (steps - 1)).toFixed(6));

/**
 * The heights that hold all lines, no taller than the axis is wide.
 * @param {import('./curve-plot.js').Line[]} lines
 * @param {number} span
 * @returns {[number, number]}
 */
export function heights(lines, span) {
  const all = lines.flatMap(({ pieces }) => pieces.flat().map(([, y]) => y)).filter(Number.isFinite);
  const low = Math.max(-span, Math.min(0, ...all));
  const high = Math.min(span, Math.max(0, ...all));
  const air = 0.06 * Math.max(high - low, 1);
  return [low - 2 * air, Math.max(high, low + 1) + air];
}

/**
 * Where chance may put a curve in training.
 * @param {string} name
 * @param {Record<string, any>} settings
 * @param {number} span
 * @param {number} colour
 * @returns {import('./curve-plot.js').Band[]}
 */
function bandOf(name, settings, span, colour) {
  const { band } = CURVES[name];
  return band ? [{ colour, places: [-span, 0, span].map((x) => [x, ...band(x, settings)]) }] : [];
}

/** The curves and, where they are wanted, their derivatives; the main one lies on top. @param {LabScene} scene @param {string[]} names */
function linesOf({ state: { values }, say }, names) {
  const { span, derivatives } = values;
  const settings = (/** @type {string} */ name) => settingsOf(name, values);
  const title = (/** @type {string} */ name) => say(`curve_${name}`);
  return names
    .flatMap((name, colour) => [
      ...(derivatives
        ? [
            {
              label: say('slope_of', { name: title(name) }),
              colour,
              kind: /** @type {'dashed'} */ ('dashed'),
              pieces: sampled(name, 'd', settings(name), -span, span),
            },
          ]
        : []),
      {
        label: title(name),
        colour,
        kind: /** @type {'main'} */ ('main'),
        pieces: sampled(name, 'f', settings(name), -span, span),
      },
    ])
    .reverse();
}

/** Value and slope of every curve at the point. @param {LabScene} scene @param {string[]} names @param {number} at */
function tableOf({ state: { values }, say, set }, names, at) {
  const settings = (/** @type {string} */ name) => settingsOf(name, values);
  const title = (/** @type {string} */ name) => say(`curve_${name}`);
  const print = plainly;
  const rows = names.map((name, colour) =>
    h(
      'tr',
      { class: `series-${colour}${colour ? '' : ' main'}` },
      h(
        'td',
        {},
        h(
          'button',
          { class: 'curve-name', onclick: () => set(swapped(values, name)), title: say('make_main') },
          h('span', { class: 'curve-swatch' }),
          title(name),
        ),
      ),
      h('td', { class: 'num', 'data-curve': name, 'data-role': 'value' }, print(CURVES[name].f(at, settings(name)))),
      h('td', { class: 'num', 'data-curve': name, 'data-role': 'slope' }, print(CURVES[name].d(at, settings(name)))),
      h(
        'td',
        {},
        colour
          ? h(
              'button',
              {
                class: 'drop-curve',
                'aria-label': say('remove', { name: title(name) }),
                onclick: () => set(toggled(values, name)),
              },
              '×',
            )
          : null,
      ),
    ),
  );
  return h(
    'table',
    { class: 'curve-table' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, say('curve')),
        h('th', { scope: 'col' }, 'y'),
        h('th', { scope: 'col' }, say('slope')),
        h('td', {}),
      ),
    ),
    h('tbody', {}, rows),
  );
}

/** A button for every curve there is. @param {LabScene} scene @param {string[]} names   those that are shown */
function choicesOf({ state, say, set, go }, names) {
  const { values } = state;
  const title = (/** @type {string} */ name) => say(`curve_${name}`);
  return TAUGHT.map((name) => {
    const place = names.indexOf(name);
    return h(
      'button',
      {
        class: `plain${place >= 0 ? ` series-${place}` : ''}`,
        'data-choice': name,
        'aria-pressed': String(place >= 0),
        disabled: place === 0,
        onclick: () => {
          go(state.step);
          set(toggled(values, name));
        },
      },
      title(name),
    );
  });
}

/** @param {ReturnType<typeof plotWithSide>} made @param {LabScene} scene @param {number} steps */
export function drawCurves(made, scene, steps) {
  const { say } = scene;
  const values = scene.state.values;
  const { span, curve, zones } = values;
  const at = pointOf(scene, steps);
  const names = shownCurves(values);
  const settings = (/** @type {string} */ name) => settingsOf(name, values);
  const title = (/** @type {string} */ name) => say(`curve_${name}`);
  const lines = linesOf(scene, names);
  const y = CURVES[curve].f(at, settings(curve));
  const slope = CURVES[curve].d(at, settings(curve));
  const print = plainly;
  const shaded = zones
    ? zonesOf(curve, settings(curve), -span, span).map((zone) => ({
        ...zone,
        label: say(`zone_${zone.kind}`),
        brief: say(`zone_${zone.kind}_brief`),
      }))
    : [];
  const place = measured(made.place);
  made.plot.draw({
    ...place,
    legend:
      place.width > 34 * place.text && (names.length + 4) * 2.8 * place.text < place.height
        ? names.slice(1).map((name, i) => ({ label: title(name), colour: i + 1 }))
        : [],
    xs: [-span, span],
    ys: heights(lines, span),
    lines,
    bands: names.flatMap((name, colour) => bandOf(name, settings(name), span, colour)),
    zones: shaded,
    at,
    slope,
    step: span / 60,
    dots: names.map((name, colour) => ({ y: CURVES[name].f(at, settings(name)), colour })),
    readout: [title(curve), `x = ${print(at)}`, `y = ${print(y)}`, `${say('slope')} = ${print(slope)}`],
    label: say('point'),
    said: say('point_at', { x: print(at), y: print(y), slope: print(slope) }),
  });
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.getAttribute('data-choice');
  made.more ??= h(
    'details',
    { class: 'curve-more', open: document.documentElement.dataset.profile !== 'projector' },
    h('summary', {}, say('lay_over')),
    made.choices,
  );
  made.x.put(at);
  made.table.replaceChildren(tableOf(scene, names, at));
  if (made.more.parentElement !== made.side) made.side.append(made.more);
  made.choices.replaceChildren(...choicesOf(scene, names));
  if (focused)
    /** @type {HTMLElement | null} */ (made.side.querySelector(`[data-choice="${focused}"]`))?.focus({ preventScroll: true });
}

/** Laid over the others, or no longer. @param {Record<string, any>} values @param {string} name */
function toggled(values, name) {
  const index = NAMES.indexOf(name);
  const now = shownCurves(values)
    .slice(1)
    .map((each) => NAMES.indexOf(each));
  const next = now.includes(index) ? now.filter((each) => each !== index) : [...now, index].slice(-COLOURS + 1);
  return { over: next.length ? next : [-1] };
}

/** The chosen curve and one of the others change places. @param {Record<string, any>} values @param {string} name */
function swapped(values, name) {
  const over = shownCurves(values)
    .slice(1)
    .map((each) => NAMES.indexOf(each === name ? values.curve : each));
  return { curve: name, over: over.length ? over : [-1] };
}

/**
 * Rows of bars side by side: one row for each class, one column for each quantity; the bars of one column can be dragged, and
 * their numbers typed. One SVG.
 */
import { scaleLinear } from 'd3';
import { h, s } from '../dom.js';
import { barField } from './bar-field.js';

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {number[]} values
 * @property {string[]} texts
 * @property {[number, number]} domain       zero is in it
 * @property {number} series
 * @property {number} share                  of the width
 * @property {boolean=} drag
 * @property {boolean=} later                not reached yet: no bars, no numbers
 *
 * @typedef {object} Bars
 * @property {number} width
 * @property {number} height
 * @property {number} text                   px
 * @property {string[]} names                of the rows
 * @property {string} heading                over the names
 * @property {Column[]} columns
 * @property {number | null} row             the one looked at
 * @property {{title: string, values: number[], texts: string[], label: (i: number) => string} | null} targets   what is right,
 *   to be chosen
 * @property {boolean} narrow                 no room: numbers stand on their bars
 * @property {number[]} weights               of the rows: where there is no room for all numbers, the heaviest have theirs
 * @property {number} step                   of the arrow keys
 * @property {(i: number) => string} said    of a bar that can be dragged, read aloud
 */

/**
 * put: a number that was typed, as it is.
 * @typedef {{move: (i: number, value: number) => void, put: (i: number, value: number) => void, pick: (i: number) => void, target: (i: number) => void, wrong: (text: string) => void}} Hooks
 */

/** @param {Hooks} hooks */
export function barRows(hooks) {
  const under = s('g', {});
  const handles = s('g', {});
  const svg = s('svg', { class: 'lab-plot lab-bars' }, under, handles);
  const root = h('div', { class: 'plot-place whole' }, svg);
  /** @type {Bars | null} */
  let bars = null;
  let x = scaleLinear();
  let dragged = -1;
  const step = () => bars?.step ?? 0.1;
  const tidy = (/** @type {number} */ value) => Number((Math.round(value / step()) * step()).toPrecision(10));

  /** @param {PointerEvent} event */
  function follow(event) {
    const domain = x.domain();
    const at = x.invert(event.clientX - svg.getBoundingClientRect().left);
    hooks.move(dragged, tidy(Math.min(domain[1], Math.max(domain[0], at))));
  }

  const dragging = () => bars?.columns.find(({ drag }) => drag);
  const value = (/** @type {number} */ i) => dragging()?.values[i] ?? 0;
  const handleOf = (/** @type {number} */ i) => /** @type {HTMLElement | undefined} */ (handles.children[i]);
  const field = barField(root, {
    value,
    step,
    put: hooks.put,
    wrong: hooks.wrong,
    count: () => handles.children.length,
    focus: (i) => handleOf(i)?.focus({ preventScroll: true }),
    box: (i) => under.querySelector(`[data-edit="${i}"] rect`)?.getBoundingClientRect() ?? null,
  });

  /** @param {number} i @param {string} key @param {boolean} far @returns {boolean} whether the key meant something here */
  function pressed(i, key, far) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const next = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (way) hooks.move(i, Number((value(i) + way * step() * (far ? 10 : 1)).toPrecision(10)));
    else if (next) handleOf(i + next)?.focus({ preventScroll: true });
    else if (key === 'Enter' || key === 'F2') field.open(i, null);
    else if (/^[\d.,\-−]$/.test(key)) field.open(i, key);
    else return false;
    return true;
  }

  /** The part of a row that takes the pointer and the keys. @param {number} i */
  function handle(i) {
    const group = s(
      'g',
      { class: 'bar-handle', tabindex: 0, role: 'slider', 'data-bar': i },
      s('rect', { class: 'bar-reach' }),
      s('circle', { r: 9 }),
    );
    group.addEventListener('pointerdown', (event) => {
      dragged = i;
      group.setPointerCapture(/** @type {PointerEvent} */ (event).pointerId);
      follow(/** @type {PointerEvent} */ (event));
      group.focus({ preventScroll: true });
      event.preventDefault();
    });
    group.addEventListener('pointermove', (event) => {
      if (dragged === i) follow(/** @type {PointerEvent} */ (event));
    });
    for (const end of ['pointerup', 'pointercancel'])
      group.addEventListener(end, () => {
        dragged = -1;
      });
    group.addEventListener('keydown', (event) => {
      const { key, shiftKey, ctrlKey, metaKey, altKey } = /** @type {KeyboardEvent} */ (event);
      if (ctrlKey || metaKey || altKey || !pressed(i, key, shiftKey)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    return group;
  }

  return {
    root,
    /** @param {number} value */
    tidy,
    /** @param {Bars} given   the axis of a bar that is being dragged stays as it was */
    draw(given) {
      const keep = dragged >= 0 && bars ? bars.columns.find(({ drag }) => drag)?.domain : null;
      const next = keep
        ? {
            ...given,
            step: bars?.step ?? given.step,
            columns: given.columns.map((column) => (column.drag ? { ...column, domain: keep } : column)),
          }
        : given;
      bars = next;
      const { width, height, text, names, columns } = next;
      const tall = Math.min(13 * text, (height - 2.2 * text) / names.length);
      const told = numbered(next, tall);
      const places = placesOf(next, tall < LINE * text);
      for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height }))
        svg.setAttribute(name, String(value));
      while (handles.children.length > names.length) handles.lastChild?.remove();
      while (handles.children.length < names.length) handles.append(handle(handles.children.length));
      const top = 2 * text;
      const size = sizeOf(next, tall);
      under.replaceChildren(
        heads(next, places),
        ...names.map((_, i) =>
          row(
            next,
            places,
            i,
            { y: top + i * tall, tall, size, told: told.has(i) },
            { ...hooks, edit: (at) => field.open(at, null) },
          ),
        ),
      );
      columns.forEach((column, c) => {
        if (!column.drag) return;
        x = scaleLinear().domain(column.domain).range(places[c].bar);
        names.forEach((name, i) => {
          const group = handles.children[i];
          const y = top + (i + 0.5) * tall;
          const [reach, knob] = group.children;
          const value = Number.isFinite(column.values[i])
            ? Math.min(column.domain[1], Math.max(column.domain[0], column.values[i]))
            : column.domain[1];
          for (const [key, at] of Object.entries({
            x: places[c].bar[0] - 12,
            y: y - tall / 2,
            width: places[c].bar[1] - places[c].bar[0] + 24,
            height: tall,
          }))
            reach.setAttribute(key, String(at));
          knob.setAttribute('cx', String(x(value)));
          knob.setAttribute('cy', String(y));
          knob.setAttribute('r', String(Math.max(Math.min(9, tall * 0.42), Math.min(0.55 * text, tall * 0.3))));
          group.setAttribute('class', `bar-handle series-${column.series}`);
          for (const [key, said] of Object.entries({
            label: `${column.title} ${name}`,
            valuemin: column.domain[0],
            valuemax: column.domain[1],
            valuenow: column.values[i],
            valuetext: next.said(i),
          }))
            group.setAttribute(`aria-${key}`, String(said));
        });
      });
    },
  };
}

/** @typedef {{left: number, bar: [number, number], end: number}} Place */

const LINE = 1.15; // heights of the words: rows that are lower have no room for a number each

/** Height of the numbers. @param {Bars} bars @param {number} tall   of a row */
function sizeOf({ narrow, text }, tall) {
  if (tall < LINE * text) return 0.94 * text;
  return narrow ? Math.min(0.94 * text, tall * 0.62) : Math.min(1.6 * text, Math.max(text, tall * 0.26), tall * 0.7);
}

/**
 * The rows whose numbers are printed: all of them, or the one looked at and the heaviest that do not touch each other.
 * @param {Bars} bars
 * @param {number} tall   of a row
 * @returns {Set<number>}
 */
function numbered({ names, row: chosen, weights, text }, tall) {
  const all = names.map((_, i) => i);
  if (tall >= LINE * text) return new Set(all);
  const first = all.sort((a, b) => Number(b === chosen) - Number(a === chosen) || weights[b] - weights[a] || a - b);
  /** @type {number[]} */
  const kept = [];
  for (const i of first) if (kept.every((other) => Math.abs(other - i) * tall >= LINE * text)) kept.push(i);
  return new Set(kept);
}

/**
 * Where the columns are: bars, then room for their longest number.
 * @param {Bars} bars
 * @param {boolean} low   rows are lower than a number
 * @returns {Place[]}
 */
function placesOf({ width, height, text, names, columns, targets, heading, narrow }, low) {
  const large = narrow || low ? 0.94 : Math.min(1.6, Math.max(1, ((height / text - 2.2) / names.length) * 0.26));
  const longest = (/** @type {string[]} */ texts) =>
    Math.max(...texts.map((each) => [...each].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.6), 0))) * text;
  const first =
    Math.max(longest(names), longest([heading])) +
    0.9 * text +
    (targets ? longest([targets.title, ...targets.texts]) + 1.2 * text : 0);
  const all = columns.reduce((sum, { share }) => sum + share, 0);
  const room = width - first - 0.4 * text;
  let at = first;
  return columns.map((column) => {
    const wide = (room * column.share) / all;
    const number = narrow && !column.drag ? 0 : longest(column.texts.length ? column.texts : ['']) * large + 0.7 * text;
    const place = /** @type {Place} */ ({
      left: at,
      bar: [at + 14, Math.max(at + 40, at + wide - number - 16)],
      end: at + wide - 0.5 * text,
    });
    at += wide;
    return place;
  });
}

/** @param {Bars} bars @param {Place[]} places */
function heads({ columns, text, heading, targets, names }, places) {
  const wide =
    Math.max(...[...names, heading].map((name) => [...name].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.6), 0))) *
    text;
  return s(
    'g',
    { class: 'axes' },
    s('text', { x: 0, y: 1.1 * text, 'font-size': text }, heading),
    targets ? s('text', { x: wide + 0.9 * text, y: 1.1 * text, 'font-size': text }, targets.title) : null,
    columns.map((column, c) =>
      s('text', { class: column.later ? 'later' : '', x: places[c].bar[0], y: 1.1 * text, 'font-size': text }, column.title),
    ),
  );
}

/**
 * @param {Bars} bars
 * @param {Place[]} places
 * @param {number} i
 * @param {{y: number, tall: number, size: number, told: boolean}} line   told: with its numbers
 * @param {{pick: (i: number) => void, target: (i: number) => void, edit: (i: number) => void}} hooks
 */
function row(
  { names, columns, row: chosen, targets, text, heading, width, narrow },
  places,
  i,
  { y, tall, size, told },
  hooks,
) {
  const middle = y + tall / 2;
  const down = 0.36 * size;
  const high = i === chosen && told ? Math.max(tall - 2, 1.3 * size) : tall - Math.min(2, tall * 0.2);
  const wide =
    Math.max(...[...names, heading].map((name) => [...name].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.6), 0))) *
    text;
  const bars = columns.flatMap((column, c) => {
    if (column.later) return [];
    const x = scaleLinear().domain(column.domain).range(places[c].bar).clamp(true);
    const value = column.values[i];
    const zero = x(0);
    const end = Number.isFinite(value) ? x(value) : value < 0 ? places[c].bar[0] : zero;
    const thick = Math.min(tall * 0.56, 2.6 * text);
    return [
      s('path', { class: 'zero', d: `M${zero},${y}V${y + tall}` }),
      s('rect', {
        class: `bar${narrow && !column.drag ? ' behind' : ''} series-${column.series}`,
        x: Math.min(zero, end),
        y: middle - thick / 2,
        width: Math.abs(end - zero),
        height: thick,
      }),
      column.drag && told ? editable(column.texts[i], i, { x: places[c].end, y: middle, size, tall, text }, hooks.edit) : null,
      told
        ? s(
            'text',
            {
              class: 'bar-number',
              x: places[c].end,
              y: middle + down,
              'font-size': size,
              'text-anchor': 'end',
              'data-column': c,
              'data-row': i,
            },
            column.texts[i],
          )
        : null,
    ];
  });
  const target = targets
    ? s(
        'g',
        {
          class: `bar-target${targets.values[i] > 0 ? ' on' : ''}`,
          role: 'button',
          tabindex: 0,
          'aria-pressed': String(targets.values[i] > 0),
          'aria-label': targets.label(i),
          'data-target': i,
          onclick: () => hooks.target(i),
          onkeydown: (/** @type {KeyboardEvent} */ event) => {
            if (event.key === 'Enter' || event.key === ' ') {
              event.preventDefault();
              event.stopPropagation();
              hooks.target(i);
            }
          },
        },
        s('rect', { class: 'bar-reach', x: wide + 0.6 * text, y, width: 2.4 * text, height: tall }),
        s('circle', { cx: wide + 1.5 * text, cy: middle, r: Math.min(0.62 * text, tall * 0.36) }),
        told ? s('text', { x: wide + 2.4 * text, y: middle + down, 'font-size': size }, targets.texts[i]) : null,
      )
    : null;
  return s(
    'g',
    { class: `bar-row${i === chosen ? ' chosen' : ''}` },
    s('rect', {
      class: 'bar-ground',
      x: 0,
      y: middle - high / 2,
      width,
      height: high,
      onclick: () => hooks.pick(i),
    }),
    told ? s('text', { x: 0.3 * text, y: middle + down, 'font-size': size }, names[i]) : null,
    target,
    bars,
  );
}

/**
 * What is pressed to type the number that stands there.
 * @param {string} text
 * @param {number} i
 * @param {{x: number, y: number, size: number, tall: number, text: number}} place
 * @param {(i: number) => void} edit
 */
function editable(text, i, { x, y, size, tall, text: least }, edit) {
  const wide = Math.max((0.6 * text.length + 0.7) * size, 2.4 * least);
  const high = Math.max(1.1 * size, Math.min(tall - 4, Math.max(1.7 * size, 2.2 * least)));
  return s(
    'g',
    { class: 'bar-edit', 'data-edit': i, onclick: () => edit(i) },
    s('rect', { x: x - wide + 0.35 * size, y: y - high / 2, width: wide, height: high, rx: 4 }),
  );
}

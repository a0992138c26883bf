/** Max-unpooling: maxima go back to the places that were remembered, or to the corners of their windows; channel by channel. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { countOf, flat, shapeOf, short } from '../../core/lab/grids.js';
import { kept } from '../../core/lab/kept.js';
import { planesOf } from '../../core/lab/reading.js';
import { h } from '../dom.js';
import { channels, named, pointed, stillPlane } from './spread.js';

const PALE = 1e9; // places are no values: their colours stay pale

/** Row and column of an index. @param {number} index @param {number} columns @returns {[number, number]} */
const split = (index, columns) => [Math.floor(index / columns), index % columns];

/** The places of the maxima, one list per channel. @param {any} answer @returns {number[][]} */
const placesOf = (answer) => planesOf(answer.indices).map(flat);

/**
 * Which pooled value is looked at: pointed at itself or where it stood, else the step's.
 * @param {LabScene} scene
 * @returns {{channel: number, index: number}}
 */
function pooledAt(scene) {
  const { step, answer } = scene;
  const each = countOf(planesOf(answer.pooled)[0]);
  const middle = pointed(scene, 'pooled') ?? pointed(scene, 'indices');
  if (middle) return middle;
  const whole = pointed(scene, 'y') ?? pointed(scene, 'p');
  const index = whole ? placesOf(answer)[whole.channel].lastIndexOf(whole.index) : -1;
  if (whole && index >= 0) return { channel: whole.channel, index };
  const wanted = Math.min(step ?? 0, countOf(answer.pooled) - 1);
  return { channel: Math.floor(wanted / each), index: wanted % each };
}

/**
 * The cells of a pooled value's window, as indices into the picture.
 * @param {LabScene} scene
 * @param {number} index
 */
function windowOf({ values, answer }, index) {
  const [row, column] = split(index, shapeOf(planesOf(answer.pooled))[2]);
  const wide = shapeOf(values.p)[2];
  const side = values.window;
  return Array.from({ length: side * side }, (_, i) => (row * side + Math.floor(i / side)) * wide + column * side + (i % side));
}

/**
 * How many maxima of a channel have been put back.
 * @param {LabScene} scene
 * @param {number} channel
 */
function doneIn({ answer, step }, channel) {
  const each = countOf(planesOf(answer.pooled)[0]);
  return step === null ? each : Math.max(0, Math.min(each, step + 1 - channel * each));
}

/** The picture, its window and the maxima that were found. @param {LabScene} scene @param {number} channel @returns {Plane} */
function picturePlane(scene, channel) {
  const { values, say, answer } = scene;
  const at = pooledAt(scene);
  const own = at.channel === channel;
  const places = placesOf(answer)[channel];
  const found = values.places === 'remembered' ? places.slice(0, doneIn(scene, channel)) : [];
  const winner = own ? places[at.index] : -1;
  return stillPlane(scene, `p.${channel}`, named(say('picture'), channel, values.p.length), values.p[channel], values.p, {
    edits: { key: 'p', at: [channel] },
    over: [
      ['window', own ? windowOf(scene, at.index) : []],
      ['won', found.filter((place) => place !== winner)],
      ['winner', found.filter((place) => place === winner)],
    ],
  });
}

/** The maxima, or their places. @param {LabScene} scene @param {number} channel @param {'pooled' | 'indices'} what @returns {Plane} */
function middlePlane(scene, channel, what) {
  const { values, say, answer, step } = scene;
  const at = pooledAt(scene);
  const grids = planesOf(answer[what]);
  const each = countOf(grids[0]);
  const word = say(what === 'indices' && values.places === 'corner' ? 'corners' : what);
  return stillPlane(scene, `${what}.${channel}`, named(word, channel, grids.length), grids[channel], grids, {
    ...(what === 'indices' ? { bound: PALE } : {}),
    pick: (i) => scene.go(channel * each + i),
    over: at.channel === channel ? [['here', [at.index]]] : [],
    ...(step === null ? {} : { later: doneIn(scene, channel) }),
  });
}

/** What comes back, as far as the step goes. @param {LabScene} scene @param {number} channel @returns {Plane} */
function resultPlane(scene, channel) {
  const { say, answer, step } = scene;
  const at = pooledAt(scene);
  const own = at.channel === channel;
  const output = planesOf(answer.output);
  const places = placesOf(answer)[channel];
  const done = step === null ? Infinity : doneIn(scene, channel);
  const last = kept(answer, `back.${channel}`, () => ({ done: -1, still: {} }));
  if (last.done !== done) {
    const seen = new Set(places.slice(0, done));
    last.done = done;
    last.still = { mark: (/** @type {number} */ i) => (step === null || seen.has(i) ? '' : 'later') };
  }
  const winner = places[at.index];
  return {
    ...stillPlane(scene, `y.${channel}`, named(say('output'), channel, output.length), output[channel], output),
    ...last.still,
    still: last.still,
    over: own
      ? [
          ['window', windowOf(scene, at.index).filter((i) => i !== winner)],
          ['here', [winner]],
        ]
      : [],
  };
}

/** Picture, maxima with their places, and the maxima put back. @param {LabScene} scene @returns {Piece[]} */
export function unpoolFigure(scene) {
  const { values, say } = scene;
  const { channel } = pooledAt(scene);
  const all = Array.from(values.p, (_, each) => each);
  const [pool, unpool] = [say('sign_pool'), say('sign_unpool')];
  const arrow = (/** @type {string} */ word) => /** @type {Piece} */ ({ kind: 'words', lines: [word, '⟶'] });
  const down = (/** @type {string} */ word) => /** @type {Piece} */ ({ kind: 'words', lines: [`${word} ↓`] });
  const row = (/** @type {Piece[]} */ ...items) => /** @type {Piece} */ ({ kind: 'row', items });
  const together = (/** @type {'row' | 'column'} */ way, /** @type {string} */ key, /** @type {Plane[]} */ planes) =>
    channels(way, key, planes, channel);
  const planes = {
    picture: all.map((each) => picturePlane(scene, each)),
    pooled: all.map((each) => middlePlane(scene, each, 'pooled')),
    indices: all.map((each) => middlePlane(scene, each, 'indices')),
    output: all.map((each) => resultPlane(scene, each)),
  };
  /** @param {'row' | 'column'} way */
  const parts = (way) => ({
    picture: together(way, 'p', planes.picture),
    pooled: together(way, 'pooled', planes.pooled),
    indices: together(way, 'indices', planes.indices),
    output: together(way, 'y', planes.output),
  });
  const beside = parts('row');
  const above = parts('column');
  const middle = /** @type {Piece} */ ({ kind: all.length > 1 ? 'row' : 'column', items: [above.pooled, above.indices] });
  return [
    { kind: 'row', gap: 1.4, items: [above.picture, arrow(pool), middle, arrow(unpool), above.output] },
    {
      kind: 'column',
      items: [row(beside.picture, arrow(pool), beside.pooled), row(beside.indices, arrow(unpool), beside.output)],
    },
    { kind: 'column', items: [beside.picture, down(pool), row(beside.pooled, beside.indices), down(unpool), beside.output] },
  ];
}

/** Where the value goes, and how many are lost. @param {LabScene} scene @returns {HTMLElement[]} */
export function unpoolCard(scene) {
  const { values, say, answer } = scene;
  const { channel, index } = pooledAt(scene);
  const wide = shapeOf(values.p)[2];
  const place = placesOf(answer)[channel][index];
  const [row, column] = split(place, wide);
  const value = short(flat(planesOf(answer.pooled)[channel])[index]);
  const where = { value, index: place, row: row + 1, column: column + 1, wide, top: row };
  const output = flat(answer.output);
  const lost = flat(values.p).filter((number, i) => number !== 0 && !Object.is(output[i], number)).length;
  return [
    values.p.length > 1 ? h('p', { class: 'quiet' }, say('channel', { channel })) : null,
    h('p', {}, say(values.places === 'remembered' ? 'goes_back' : 'goes_corner', where)),
    h('p', { class: 'quiet' }, say('lost', { lost, count: flat(values.p).length })),
  ].filter((part) => part !== null);
}

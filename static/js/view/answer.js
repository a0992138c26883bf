/** The answer of the overview: probabilities as bars with the names of the classes. */
/** @import { Layout } from '../core/layout.js' */
/** @import { Scene } from './scene.js' */
import { select } from 'd3';
import { fixed } from '../core/numbers.js';

/**
 * Room for the longest class name beside its share, and the height of its letters.
 * @param {Element} like   set in the same font
 * @param {{title: string}[]} classes
 */
export function answerSize(like, classes) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  const style = getComputedStyle(like);
  context.font = `700 ${style.fontSize} ${style.fontFamily}`;
  return {
    width:
      Math.max(...classes.map(({ title }) => context.measureText(title).width)) + context.measureText('  100.0 %').width + 8,
    height: parseFloat(style.fontSize),
  };
}

/** The probabilities as bars with the classes' names. @param {SVGElement} svg @param {Layout} placed @param {Scene} scene */
export function drawAnswer(svg, placed, { data, model }) {
  const column = placed.columns.find(({ kind }) => kind === 'bars');
  if (!column) return;
  const values = Array.from(data.pictures.get(column.name)?.data ?? []);
  const best = values.indexOf(Math.max(...values));
  const rows = column.units.map((box, i) => ({ box, i, p: values[i], title: model.classes[i]?.title ?? String(i) }));
  const groups = select(svg)
    .selectAll('g.answer')
    .data(rows)
    .join((/** @type {any} */ enter) => {
      const group = enter.append('g').attr('class', 'answer');
      group.append('rect').attr('class', 'track');
      group.append('rect').attr('class', 'fill');
      group.append('text').attr('class', 'class');
      group.append('text').attr('class', 'share');
      return group;
    });
  const thick = Math.max(6, Math.min(rows[0].box.height / 6, 22));
  const mid = (/** @type {any} */ d) => d.box.y + d.box.height / 2;
  groups.classed('best', (/** @type {any} */ d) => d.i === best);
  const bar = (/** @type {string} */ name, /** @type {(d: any) => number} */ width) =>
    groups
      .select(name)
      .attr('x', (/** @type {any} */ d) => d.box.x + 4)
      .attr('y', (/** @type {any} */ d) => mid(d) + 2)
      .attr('height', thick)
      .attr('rx', thick / 2)
      .attr('width', width);
  bar('.track', (d) => d.box.width - 8);
  bar('.fill', (d) => Math.max(1, (d.box.width - 8) * d.p));
  groups
    .select('.class')
    .attr('x', (/** @type {any} */ d) => d.box.x + 4)
    .attr('y', (/** @type {any} */ d) => mid(d) - 4)
    .text((/** @type {any} */ d) => d.title);
  groups
    .select('.share')
    .attr('x', (/** @type {any} */ d) => d.box.x + d.box.width - 4)
    .attr('y', (/** @type {any} */ d) => mid(d) - 4)
    .text((/** @type {any} */ d) => percent(d.p));
}

/** @param {number} p */
const percent = (p) => (p >= 0.0005 ? `${fixed(100 * p, 1)} %` : p === 0 ? '0 %' : '< 0.1 %');

/**
 * The whole network over time: every recurrent layer as a timeline, attention between them, and what is known at the step in
 * view.
 */
/** @import { SequenceScene, SequenceActs } from './scene.js' */
/** @import { Timeline } from './timeline.js' */
import { t } from '../../i18n.js';
import { boundOf } from '../colors.js';
import { canvasOf } from '../heatmap.js';
import { h } from '../dom.js';
import { nowPanel } from './answers.js';
import { timeline, visible } from './timeline.js';

/** @param {SequenceActs} act */
export function networkView(act) {
  const body = h('div', { class: 'timelines' });
  const panel = h('div', { class: 'now-place' });
  const fold = h('button', { class: 'plain fold-button', onclick: () => act.perform('fold') });
  const root = h('div', { class: 'sequence-network', hidden: true }, h('div', { class: 'timelines-frame' }, fold, body), panel);
  /** @type {Timeline[]} */
  let lines = [];
  let drawn = '';
  let looks = /** @type {HTMLElement | null} */ (null);
  let writing = false;
  return {
    root,
    /** @param {SequenceScene} scene */
    draw(scene) {
      const { data, state, colours, part, t: at } = scene;
      const ready = data.parts.every(({ node }) => data.gates(node));
      if (!ready) {
        Promise.all(data.parts.map(({ node }) => data.loadGates(node))).then(() => act.go({}));
        return;
      }
      const key = [data.trace.id, colours.ground, state.layer, state.direction].join();
      if (key !== drawn) {
        lines = data.parts.map((each) => timeline(scene, each, /** @type {any} */ (data.gates(each.node))));
        const shown = attention(scene);
        body.replaceChildren(...lines.flatMap(({ root: one }, i) => (i === 1 && shown ? [shown, one] : [one])));
        looks = shown;
        if (data.parts.length === 0) body.replaceChildren(h('p', {}, t('seq.nothing')));
      }
      drawn = key;
      fold.textContent = t(state.fold ? 'seq.unfold' : 'seq.fold');
      fold.setAttribute('aria-pressed', String(state.fold));
      lines.forEach((line, i) => line.point(data.parts[i] === part ? at : null, state.unit, state.fold));
      panel.replaceChildren(nowPanel(scene));
      const writes = data.parts.length > 1 && part === data.parts[1];
      looks?.querySelectorAll('.attention-rows span').forEach((row, i) => row.classList.toggle('now', writes && i === at));
      if (writes && !writing) looks?.scrollIntoView({ block: 'nearest' }); // by a clicker, too, one sees where each character looked
      writing = writes;
    },
  };
}

/**
 * Which of the encoder's steps each written character looked at: a softmax of decoder steps x encoder steps.
 * @param {SequenceScene} scene
 */
function attention({ data, colours, act }) {
  const [reader, writer] = data.parts;
  if (!writer) return null;
  const weighing = new Set([...data.records.values()].filter(({ op }) => op === 'matmul').flatMap(({ inputs }) => inputs)); // an answer's softmax may have the same shape
  const record = [...data.records.values()].find(
    ({ name, op, shape }) =>
      op === 'softmax' && weighing.has(name) && shape.length === 2 && shape[0] === writer.steps && shape[1] === reader.steps,
  );
  const values = record && data.values(record.name);
  if (!record || !values) return null;
  const canvas = canvasOf({ height: writer.steps, width: reader.steps, data: values.data }, boundOf(0, 1), colours);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', t('seq.attention'));
  canvas.addEventListener('click', (event) => {
    const box = canvas.getBoundingClientRect();
    const at = (/** @type {number} */ offset, /** @type {number} */ size, /** @type {number} */ count) =>
      Math.min(count - 1, Math.max(0, Math.floor((offset / size) * count)));
    act.visit({
      node: record.name,
      index: [at(event.clientY - box.top, box.height, writer.steps), at(event.clientX - box.left, box.width, reader.steps)],
    });
  });
  return h(
    'section',
    { class: 'attention' },
    h('h2', { class: 'tl-title' }, h('span', {}, record.name), h('span', { class: 'quiet' }, t('seq.attention'))),
    h(
      'div',
      { class: 'attention-grid', style: { '--columns': reader.steps, '--rows': writer.steps } },
      h(
        'div',
        { class: 'attention-rows', 'aria-hidden': 'true' },
        (data.trace.output?.tokens ?? []).map((/** @type {string} */ token) => h('span', {}, visible(token))),
      ),
      canvas,
      h(
        'div',
        { class: 'attention-columns', 'aria-hidden': 'true' },
        reader.tokens.map(({ text }) => h('span', {}, visible(text))),
      ),
    ),
  );
}

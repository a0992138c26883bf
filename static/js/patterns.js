/** The five patterns of input and output, each drawn as it is unrolled and running on a model of ours. */
import { createSequence, createTrace } from './api.js';
import { t, useCatalogue } from './i18n.js';
import { createPlayer } from './player.js';
import { columnsOf } from './core/sequence/patterns.js';
import { board } from './view/sequence/pattern.js';

const page = JSON.parse(document.getElementById('page')?.textContent || 'null');
useCatalogue(page.texts);
const chinese = document.documentElement.lang.startsWith('zh');

/** Which model shows which pattern. @type {[string, string][]} */
const SHOWN = [
  ['one-to-one', 'lenet5'],
  ['one-to-many', 'caption-lstm'],
  ['many-to-one', chinese ? 'sentiment-zh-lstm' : 'sentiment-en-lstm'],
  ['many-to-many', 'tagger-en-lstm'],
  ['many-to-many-delayed', 'dates-attention'],
];

const place = /** @type {HTMLElement} */ (document.getElementById('patterns'));
/** @type {ReturnType<typeof board>[]} */
const boards = [];
let beat = 0;
const player = createPlayer(() => {
  beat += 1;
  boards.forEach((each) => each.show(beat));
});

for (const [pattern, id] of SHOWN) {
  const model = page.models.find((/** @type {any} */ entry) => entry.id === id);
  const sample = model?.samples[0];
  if (!sample) continue;
  const made = board(pattern, model, sample, chinese ? 'zh' : 'en');
  boards.push(made);
  place.append(made.root);
  const coming =
    model.family === 'cnn'
      ? createTrace(id, { sample: sample.id })
      : createSequence(id, { sample: sample.id }, [], model.task === 'caption' ? 'en' : undefined);
  coming.then(
    (trace) => made.fill(columnsOf(trace, model)),
    () => made.fail(t('problems.offline')),
  );
}

const button = /** @type {HTMLElement} */ (document.getElementById('run'));
let running = !matchMedia('(prefers-reduced-motion: reduce)').matches;
const draw = () => {
  player.run(running);
  button.textContent = t(running ? 'ui.pause' : 'ui.play');
};
button.addEventListener('click', () => {
  running = !running;
  draw();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' && event.key !== 'PageDown' && event.key !== 'PageUp') return;
  if (/** @type {HTMLElement} */ (event.target).closest('button, a')) return;
  event.preventDefault();
  running = false;
  beat = Math.max(0, beat + (event.key === 'PageUp' ? -1 : 1));
  boards.forEach((each) => each.show(beat));
  draw();
});
if (!running) {
  beat = 99;
  boards.forEach((each) => each.show(beat));
}
player.speed(1.3);
draw();

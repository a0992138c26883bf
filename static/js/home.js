/** The home page: its live figure, walked by the player from a network to one number. */
/** @import { Explanation } from './core/types.js' */
import { createTrace, explanation, parameter } from './api.js';
import { cellsAround, framesOf, liveliest } from './core/miniature.js';
import { createData } from './data.js';
import { t, useCatalogue } from './i18n.js';
import { createPlayer } from './player.js';
import { coloursOf } from './view/colors.js';
import { drawMiniature } from './view/miniature.js';

const page = JSON.parse(document.getElementById('page')?.textContent ?? 'null');
const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
useCatalogue(page.texts);

/** @type {Map<string, Explanation>} */
const explained = new Map();
let at = 0;
let playing = false;

/** A real trace, and what its walk needs beside it. */
async function begin() {
  const data = createData(await createTrace(page.model.id, { sample: page.sample }));
  const record = data.nodes.find(({ op }) => op === 'conv2d');
  const picture = record && data.pictures.get(record.name);
  if (!record || !picture) return;
  const unit = liveliest(picture);
  const cells = cellsAround(picture, unit);
  const frames = framesOf(record, data.nodes[0].shape[0], cells);
  const shown = {
    data,
    record,
    unit,
    model: page.model,
    colours: coloursOf(),
    weight: await parameter(page.model.id, record.parameters.weight),
    explain: (/** @type {number[]} */ index) => explained.get(index.join()),
  };
  const draw = () => show(shown, frames);
  for (const index of cells) {
    explanation(data.trace.id, record.name, index).then(
      (one) => {
        explained.set(index.join(), one);
        if (frames[at].stage === 'number') draw();
      },
      () => {},
    );
  }
  const player = createPlayer(() => {
    at = (at + 1) % frames.length;
    draw();
  });
  const play = (/** @type {boolean} */ on) => {
    playing = on;
    player.run(on);
    find('mini-play').textContent = on ? '❚❚' : '►';
    find('mini-play').setAttribute('aria-label', t(on ? 'ui.pause' : 'ui.play'));
  };
  player.speed(0.62);
  find('mini').hidden = false;
  for (const button of document.querySelectorAll('[data-stage-button]')) {
    button.addEventListener('click', () => {
      at = frames.findLastIndex(
        ({ stage, part }, i) =>
          stage === button.getAttribute('data-stage-button') &&
          (stage !== 'number' || i === frames.findIndex((one) => one.stage === 'number')) &&
          part >= 0,
      );
      play(false);
      draw();
    });
  }
  find('mini-play').addEventListener('click', () => play(!playing));
  addEventListener('resize', draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    shown.colours = coloursOf();
    draw();
  });
  document.addEventListener('visibilitychange', () => player.run(playing && !document.hidden));
  draw();
  performance.mark('miniature-drawn');
  play(!matchMedia('(prefers-reduced-motion: reduce)').matches);
}

/** @param {any} shown @param {import('./core/miniature.js').Frame[]} frames */
function show(shown, frames) {
  const frame = frames[at];
  const [unit, y, x] = frame.index;
  drawMiniature(find('mini-stage'), shown, frame);
  find('mini-words').textContent = t(`home.${frame.stage}`, { node: shown.record.name, unit, y, x });
  const query = {
    network: '',
    layer: `&node=${shown.record.name}&unit=${unit}`,
    number: `&node=${shown.record.name}&unit=${unit}&at=${y},${x}`,
  }[frame.stage];
  find('mini-open').setAttribute('href', `/cnn/${page.model.id}?lang=${page.language}&input=sample:${page.sample}${query}`);
  for (const button of document.querySelectorAll('[data-stage-button]'))
    button.setAttribute('aria-pressed', String(button.getAttribute('data-stage-button') === frame.stage));
}

if (page.model)
  begin().catch(() => {
    find('mini').hidden = true;
  });

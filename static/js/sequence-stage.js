/** The stage of a sequence network: the run over time, a layer, a number, a cell, and the further views, drawn at each change. */
/** @import { NodeRecord, Tensor } from './core/types.js' */
/** @import { SequenceState } from './core/sequence/state.js' */
/** @import { SequenceData } from './sequence-data.js' */
/** @import { Scene } from './view/scene.js' */
/** @import { SequenceScene, SequenceActs } from './view/sequence/scene.js' */
import { range } from './core/tensor.js';
import { t } from './i18n.js';
import { find } from './page.js';
import { numbersOf, numberScene } from './sequence-numbers.js';
import { loadRun } from './sequence-run.js';
import { cellView, gateView } from './view/cell/index.js';
import { boundOf } from './view/colors.js';
import { keepFocus } from './view/focus.js';
import { keepInSight } from './view/in-sight.js';
import { layerView } from './view/layer.js';
import { legend } from './view/legend.js';
import { matrixLayer } from './view/matrix-layer.js';
import { numberView, wide } from './view/number.js';
import { compareView } from './view/sequence/compare.js';
import { freeRunView, readView, writeView } from './view/sequence/more.js';
import { networkView } from './view/sequence/network.js';
import { whatIfView } from './view/sequence/what-if.js';

/** What is typed in these views stays as it is while they run; only their second part is drawn anew. */
const ANSWERING = /** @type {Record<string, {fields: string, answer: string}>} */ ({
  write: { fields: 'textarea, input', answer: '.written' },
  whatif: { fields: 'textarea', answer: '.both-runs' },
});

/**
 * @param {{model: any, formulas: Record<string, string>}} page
 * @param {SequenceActs} acts
 * @param {Scene['act']} inside   what views of numbers may ask for
 * @param {ReturnType<typeof import('./later.js').createLater>} later
 * @param {ReturnType<typeof import('./sequence-extras.js').createExtras>} extras
 */
export function createStage({ model, formulas }, acts, inside, later, extras) {
  const stage = find('stage');
  const scenes = find('scene');
  const network = networkView(acts);
  const drawLegends = legends(model.state_unit ?? 1);
  stage.prepend(network.root);

  /** @type {Record<string, (scene: SequenceScene) => HTMLElement[]>} */
  const views = {
    cell: (scene) => cellView(/** @type {any} */ (scene)),
    gate: (scene) => gateView(/** @type {any} */ (scene)),
    compare: (scene) => compareView(scene, extras.compared(scene), extras.failed),
    read: (scene) => readView(scene, extras.correlations(scene)),
    whatif: (scene) => whatIfView(scene, extras.wish(scene), extras.other(scene), extras.whatIf),
    write: (scene) =>
      model.task === 'forecast'
        ? freeRunView(scene, extras.horizon, extras.ahead(scene), extras.free)
        : writeView(scene, extras.writing(scene), extras.written, extras.write),
  };

  /** What was asked for is here: its place in the page. @param {string} view */
  function show(view) {
    stage.ariaBusy = 'false';
    stage.dataset.level = view;
    network.root.hidden = view !== 'network';
    scenes.hidden = view === 'network';
  }

  /** @param {SequenceScene} scene @param {boolean} renewed   whether the run is another one than before */
  function drawNetwork(scene, renewed) {
    show('network');
    drawLegends(scene);
    network.draw(scene);
    keepInSight(scenes, 'network', false);
    if (renewed) performance.mark('overview-drawn', { detail: scene.data.trace.id });
  }

  /**
   * A layer's numbers, or one of them with its arithmetic, as in the explorer of pictures.
   * @param {SequenceScene} scene
   * @param {boolean} stepped
   */
  function drawNumber(scene, stepped) {
    const { state, data, colours } = scene;
    const numbers = numbersOf(data, model);
    const { record, index } = numbers.at(state);
    const level = state.view;
    const wanted = level === 'number' ? index : null;
    if (!numbers.ready(record, wanted)) {
      later(`number ${data.trace.id} ${record.name} ${wanted ?? ''}`, () => numbers.load(record, wanted));
      return;
    }
    show(level);
    const drawn = numberScene(state, numbers, { colours, model, formulas, steps: scene.steps, act: inside });
    keepFocus(scenes, () =>
      scenes.replaceChildren(...(level === 'number' ? numberView(drawn) : layerOf(drawn, record, index))),
    );
    scenes.className = `scene ${level}${level === 'number' && wide(record.op) ? ' wide' : ''}`;
    scenes.dataset.view = level;
    scenes.setAttribute('aria-label', t(`ui.${level}`));
    keepInSight(scenes, [level, record.name, data.trace.id].join(), stepped);
    drawLegends(scene, legendOf(scene, record.name, /** @type {Tensor} */ (numbers.exact.values(record.name))));
  }

  /** A cell, a gate, or one of the further views. @param {SequenceScene} scene @param {boolean} stepped */
  function drawView(scene, stepped) {
    const { state, data, part } = scene;
    if (['cell', 'gate'].includes(state.view) && !scene.run) {
      later(`run ${data.trace.id} ${part.node}`, () => loadRun(data, part.node, model));
      return;
    }
    show(state.view);
    drawLegends(scene);
    const made = views[state.view](scene);
    const answering = scenes.dataset.view === state.view ? ANSWERING[state.view] : undefined;
    if (answering && scenes.contains(document.activeElement) && document.activeElement?.matches(answering.fields)) {
      scenes.querySelector(answering.answer)?.replaceWith(made[1]);
      return;
    }
    keepFocus(scenes, () => scenes.replaceChildren(...made.filter(Boolean)));
    scenes.className = `scene seq-${state.view}`;
    scenes.dataset.view = state.view;
    scenes.setAttribute('aria-label', t(`seq.tab_${state.view}`));
    keepInSight(scenes, [state.view, part.node, data.trace.id].join(), stepped);
  }

  return {
    root: stage,
    /**
     * @param {SequenceScene} scene
     * @param {{view: SequenceState, data: SequenceData | null}} before
     */
    draw(scene, before) {
      const { state, data } = scene;
      const stepped = state.step !== null && state.step !== before.view.step;
      if (state.view === 'network') drawNetwork(scene, before.data !== data);
      else if (state.view === 'layer' || state.view === 'number') drawNumber(scene, stepped);
      else drawView(scene, stepped);
    },
  };
}

/** A layer in the form that its shape asks for. @param {Scene} drawn @param {NodeRecord} record @param {number[]} index */
function layerOf(drawn, record, index) {
  if (record.op === 'input' && index.length === 1) return numberView({ ...drawn, state: { ...drawn.state, at: index } }); // the text itself
  return index.length === 2 ? matrixLayer(drawn, index) : layerView(drawn);
}

/** @param {SequenceScene} scene @param {string} name @param {Tensor} values @param {number=} unit   that one stands for */
const legendOf = ({ colours }, name, { data }, unit = 1) => legend(colours, boundOf(...range(data)) / unit, name);

/**
 * Each state's own range, drawn when it changes; reading a unit colours the memory alone.
 * @param {number} unit   a hand-set network keeps its states that much smaller than they are told
 * @returns {(scene: SequenceScene, own?: HTMLElement) => void}   own: a legend that stands in place of the states'
 */
function legends(unit) {
  let drawn = /** @type {any[]} */ ([]);
  return (scene, own) => {
    const place = find('legend');
    const { gates, state, colours } = scene;
    const h = state.view === 'read' && gates?.c ? null : gates?.h;
    const now = own ? [own] : [h, gates?.c, colours];
    if (place.firstChild && now.length === drawn.length && now.every((each, i) => each === drawn[i])) return;
    drawn = now;
    const states = Object.entries({ h, c: gates?.c }).flatMap(([name, values]) =>
      values ? [legendOf(scene, t(`seq.state_${name}`), values, unit)] : [],
    );
    place.replaceChildren(...(own ? [own] : states));
  };
}

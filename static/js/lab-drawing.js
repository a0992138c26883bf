/** Draws a lab's state: what is around the figure, the arithmetic and what stands beside it, and the figure itself. */
/** @import { Lab, LabScene, Piece } from './core/lab/types.js' */
/** @import { State } from './lab.js' */
import { given } from './core/lab/planes.js';
import { keepFocus } from './view/focus.js';
import { notesOf } from './view/lab/side.js';
import { h } from './view/dom.js';
import { patch } from './view/patch.js';

const NARROW = 900; // px of windows whose page scrolls, so that the stage may grow

/**
 * @typedef {object} Parts
 * @property {Lab} lab
 * @property {(key: string) => string} say
 * @property {ReturnType<typeof import('./view/lab/figure.js').labFigure>} figure
 * @property {ReturnType<typeof import('./view/lab/editor.js').cellEditor>} editor
 * @property {ReturnType<typeof import('./view/lab/side.js').takeAway>} take
 * @property {(id: string) => HTMLElement} find
 * @property {() => State} now                       what is to be drawn in the end
 * @property {(state: State) => LabScene} sceneOf
 * @property {(now: State, before: State) => void} around   draws what is around the figure, and asks
 */

/** @param {Parts} parts */
export function createDrawing({ lab, say, figure, editor, take, find, now, sceneOf, around }) {
  const [stage, cards, side, caption] = ['stage', 'card', 'side', 'caption'].map(find);
  const own = h('div', { class: 'lab-drawing' });
  stage.append(own);
  let text = 16;
  let room = { width: stage.clientWidth, height: stage.clientHeight }; // px; measured when they change, for asking makes the browser lay everything out

  /** Either the lab draws by itself, or the figure is shown. @param {boolean} itself */
  function turn(itself) {
    own.hidden = !itself;
    if (itself) {
      figure.root.remove();
      stage.style.height = '';
    } else if (!figure.root.isConnected) stage.prepend(figure.root);
  }

  /** @param {Piece | Piece[]} pieces @param {LabScene} scene */
  function show(pieces, scene) {
    const narrow = innerWidth <= NARROW;
    const heights = narrow ? [0.42, 0.62, 0.82].map((share) => Math.round(share * innerHeight)) : undefined;
    const least = scene.state.profile === 'projector' ? 24 : narrow ? 11 : 9;
    const box = { width: room.width, height: narrow ? 0 : room.height, heights, number: text * 0.94, text, least };
    const tall = figure.show(pieces, box, text * 6.6, scene);
    stage.style.height = narrow ? `${tall}px` : '';
    editor.redraw();
  }

  /** What the engine refuses has no result: the numbers as they are, to be put right. @param {LabScene} scene */
  function drawRefused(scene) {
    cards.replaceChildren();
    side.replaceChildren();
    if (!lab.figure) return;
    turn(false);
    show(given(lab.fields, { ...scene.values, view: scene.view }, say), scene);
  }

  /** The arithmetic and what stands beside it. @param {LabScene} scene @param {boolean} moving   nothing but the place that is looked at is another */
  function drawWords(scene, moving) {
    const told = lab.caption(scene);
    if (caption.textContent !== told) caption.textContent = told;
    keepFocus(cards, () => replace(cards, lab.card(scene), moving));
    replace(side, [...(lab.side?.(scene) ?? []), notesOf(scene)], moving);
    side.hidden = !side.firstChild;
    take.draw(lab.code?.(scene) ?? scene.answer?.code ?? '');
  }

  return {
    /** @returns {boolean} whether the stage has another size */
    measure() {
      const { width, height } = room;
      room = { width: stage.clientWidth, height: stage.clientHeight };
      return room.width !== width || room.height !== height;
    },
    /**
     * While one points, nothing but the arithmetic and the figure can change: the rest is left alone.
     * @param {State} next
     * @param {State} before
     */
    draw(next, before) {
      const { state, answered } = next;
      const pointing = next.hover !== before.hover && state === before.state && answered === before.answered;
      if (!pointing) {
        around(next, before);
        text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      }
      if (!answered || next !== now()) return; // what was asked may be answered at once, and is drawn then
      const scene = sceneOf(next);
      find('take').hidden = answered.refused; // no lines of other numbers
      if (answered.refused) {
        drawRefused(scene);
        return;
      }
      drawWords(
        scene,
        answered === before.answered && state.values === before.state.values && state.view === before.state.view,
      );
      const pieces = lab.figure?.(scene) ?? null;
      turn(pieces === null);
      if (pieces) show(pieces, scene);
      else lab.stage?.(own, scene);
    },
  };
}

/**
 * New parts; while one points or steps, only where they differ.
 * @param {HTMLElement} place
 * @param {(HTMLElement | null)[]} wanted
 * @param {boolean} moving
 */
function replace(place, wanted, moving) {
  const parts = /** @type {HTMLElement[]} */ (wanted.filter((part) => part !== null));
  if (moving) patch(place, parts);
  else place.replaceChildren(...parts);
}

/** The drawing pad: strokes by mouse, finger or pen, with undo and clear; its picture is dark ink on white. */
import { t } from '../i18n.js';
import { h } from './dom.js';

const SIDE = 280;
const PEN = 20; // about the width of MNIST's strokes at this size

/** @param {(picture: Blob | null) => void} done   null when nothing was drawn */
export function drawingPad(done) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    h('canvas', { class: 'pad', tabindex: 0, width: SIDE, height: SIDE, 'aria-label': t('ui.draw_hint'), role: 'img' })
  );
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {[number, number][][]} */
  let strokes = [];

  const redraw = () => {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, SIDE, SIDE);
    strokes.forEach((stroke) => drawStroke(context, stroke));
  };
  const at = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return /** @type {[number, number]} */ ([
      ((event.clientX - box.left) / box.width) * SIDE,
      ((event.clientY - box.top) / box.height) * SIDE,
    ]);
  };
  canvas.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    strokes.push([at(event)]);
    redraw();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) strokes[strokes.length - 1].push(at(each));
    redraw();
  });
  const undo = () => {
    strokes.pop();
    redraw();
  };
  const clear = () => {
    strokes = [];
    redraw();
  };
  const use = () => (strokes.length ? canvas.toBlob(done, 'image/png') : done(null));
  redraw();
  return h(
    'div',
    {
      class: 'drawing',
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
          undo();
          event.preventDefault();
        }
      },
    },
    canvas,
    h(
      'div',
      { class: 'row-buttons' },
      h('button', { class: 'plain', onclick: undo }, t('ui.undo')),
      h('button', { class: 'plain', onclick: clear }, t('ui.clear')),
      h('button', { class: 'primary', onclick: use }, t('ui.use_drawing')),
    ),
  );
}

/** @param {CanvasRenderingContext2D} context @param {[number, number][]} stroke */
function drawStroke(context, stroke) {
  context.strokeStyle = context.fillStyle = '#111';
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(...stroke[0]);
  if (stroke.length === 1) context.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
  for (const point of stroke.slice(1)) context.lineTo(...point);
  context.stroke();
  context.fillStyle = '#fff';
}

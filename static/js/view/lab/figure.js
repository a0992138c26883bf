/** The figure of a lab: grids of numbers in one SVG, which is also what is exported. Built once per layout, then only what changed is touched. */
/** @import { Drawing, LabScene, Piece, Plane, Spot } from '../../core/lab/types.js' */
/** @import { Box, Placed } from './layout.js' */
import { short } from '../../core/lab/grids.js';
import { paleStyle } from '../arithmetic.js';
import { s } from '../dom.js';
import { best } from './layout.js';

/** @typedef {{rect: SVGElement, text: SVGElement | null, said: string, filled: number | string, marked: string}} Cell */
/** @typedef {{plane: Plane, group: SVGElement, outlines: SVGElement, outlined: string, cells: Cell[], placed: Placed}} Drawn */

const OUTLINED = ['won', 'reach', 'window', 'winner', 'here'];   // the later ones lie on top

/** What the figure tells: a cell entered or left, pressed, chosen. @typedef {{hover: (spot: Spot | null) => void}} Hooks */

/** @param {Hooks} hooks */
export function labFigure(hooks) {
  const root = s('svg', { class: 'lab-figure' });
  /** @type {Map<string, Drawn>} */
  const drawn = new Map();
  /** @type {Map<string, SVGElement>} */
  const pictures = new Map();
  let built = '';
  root.addEventListener('pointermove', (event) => { if (/** @type {PointerEvent} */ (event).pointerType === 'mouse') hooks.hover(spotOf(event.target)); });
  root.addEventListener('pointerleave', () => hooks.hover(null));

  /** @param {Placed} placed @param {LabScene} scene */
  function plane(placed, scene) {
    const piece = /** @type {Plane} */ (placed.piece), [wide, tall] = placed.cell;
    const cells = Array.from({ length: piece.rows * piece.columns }, (_, i) => {
      const x = placed.x + (i % piece.columns) * wide, y = placed.y + Math.floor(i / piece.columns) * tall;
      const rect = s('rect', { x, y, width: wide, height: tall });
      const text = placed.digits ? s('text', { x: x + wide / 2, y: y + tall / 2, 'font-size': placed.digits }) : null;
      return { cell: { rect, text, said: '', filled: NaN, marked: '-' }, node: s('g', { 'data-at': i }, rect, text) };
    });
    const outlines = s('g', { class: 'outlines' });
    const group = s('g', { class: `plane${piece.edits ? ' editable' : ''}`, style: { '--outline': `${Math.max(1.5, Math.min(3.5, tall * 0.09))}px` }, 'data-grid': piece.id, ...(piece.edits ? { tabindex: 0, role: 'spinbutton', 'aria-valuenow': 0 } : { role: 'img' }), 'aria-label': piece.label || piece.id },
      piece.label ? s('text', { class: 'plane-label', x: placed.x + (wide * piece.columns) / 2, y: placed.y - 0.42 * textOf(scene), 'font-size': textOf(scene) }, piece.label) : null,
      cells.map(({ node }) => node), outlines);
    drawn.set(piece.id, { plane: piece, group, outlines, outlined: '', cells: cells.map(({ cell }) => cell), placed });
    return group;
  }

  /** @param {Placed} placed @param {LabScene} scene */
  function picture(placed, scene) {
    const piece = /** @type {Drawing} */ (placed.piece), group = s('g', { class: 'drawing', 'data-drawing': piece.id, role: 'img', 'aria-label': piece.label.trim() || piece.id });
    pictures.set(piece.id, group);
    return s('g', {}, piece.label ? s('text', { class: 'plane-label', x: placed.x + (placed.cell[0] * piece.columns) / 2, y: placed.y - 0.42 * textOf(scene), 'font-size': textOf(scene) }, piece.label) : null, group);
  }

  return {
    root,
    /** Where a cell is, in px of the page. @param {Spot} spot @returns {DOMRect | null} */
    boxOf: (spot) => drawn.get(spot.grid)?.cells[spot.index]?.rect.getBoundingClientRect() ?? null,
    /** @param {string} grid */
    planeOf: (grid) => drawn.get(grid)?.plane ?? null,
    /** @param {string} grid */
    groupOf: (grid) => drawn.get(grid)?.group ?? null,
    /** @param {Piece | Piece[]} pieces @param {Box} box @param {number} most @param {LabScene} scene */
    show(pieces, box, most, scene) {
      [pieces].flat().forEach(named);
      const found = best(pieces, box, most), key = keyOf(found.placed, box);
      if (key !== built) {
        built = key;
        drawn.clear();
        pictures.clear();
        const held = /** @type {HTMLElement | null} */ (document.activeElement)?.getAttribute('data-grid'), inside = root.contains(document.activeElement);
        const height = Math.max(box.height, found.height), width = Math.max(box.width, found.width);
        root.setAttribute('viewBox', `0 0 ${width} ${height}`);
        root.setAttribute('width', String(width));
        root.setAttribute('height', String(height));
        root.replaceChildren(...found.placed.map((placed) => (placed.piece.kind === 'plane' ? plane(placed, scene) : placed.piece.kind === 'drawing' ? picture(placed, scene) : words(placed, scene))));
        if (inside && held) /** @type {any} */ (drawn.get(held)?.group)?.focus({ preventScroll: true });
      }
      for (const { piece: shown, x, y, cell: [wide, tall], digits } of found.placed) {
        if (shown.kind === 'plane') paint(/** @type {Drawn} */ (drawn.get(shown.id)), shown, scene);
        if (shown.kind === 'drawing') pictures.get(shown.id)?.replaceChildren(...shown.draw({ x, y, wide, tall, rows: shown.rows, columns: shown.columns, digits, text: box.text }));
      }
    },
  };
}

/** Every number of a plane as text, so that the layout knows how wide they are. @param {Piece} piece */
function named(piece) {
  if (piece.kind === 'plane') piece.texts ??= Array.from(piece.cells, short);
  else if (piece.kind === 'row' || piece.kind === 'column') piece.items.forEach(named);
}

/** What the drawing depends on, but for numbers and marks. @param {Placed[]} placed @param {Box} box */
const keyOf = (placed, box) => JSON.stringify([box, placed.map(({ piece, x, y, cell, digits }) => [x, y, cell, digits, piece.kind === 'plane' ? [piece.id, piece.label, piece.rows, piece.columns, Boolean(piece.edits)] : piece])]);

/** The spot of a cell that an event happened in. @param {EventTarget | null} target @returns {Spot | null} */
export function spotOf(target) {
  const cell = /** @type {Element | null} */ (target)?.closest?.('[data-at]'), grid = cell?.closest('[data-grid]');
  return cell && grid ? { grid: String(grid.getAttribute('data-grid')), index: Number(cell.getAttribute('data-at')) } : null;
}

/** @param {LabScene} scene */
const textOf = (scene) => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || (scene ? 16 : 16);

/** @param {Placed} placed @param {LabScene} scene */
function words({ piece, x, y, width, height }, scene) {
  const size = textOf(scene) * (piece.kind === 'words' ? piece.size ?? 1 : 1), lines = piece.kind === 'words' ? piece.lines : [/** @type {any} */ (piece).text];
  return s('g', { class: piece.kind === 'words' ? `figure-words${piece.strong ? ' strong' : ''}` : 'figure-sign' },
    lines.map((line, i) => s('text', { x: x + width / 2, y: y + height * ((i + 0.5) / lines.length), 'font-size': piece.kind === 'sign' ? size * 1.5 : size }, line)));
}

/** Only what differs from what is drawn. @param {Drawn} drawn @param {Plane} plane @param {LabScene} scene */
function paint(drawn, plane, { colours }) {
  const rescaled = drawn.plane.bound !== plane.bound || drawn.group.getAttribute('data-colours') !== colours.ground;
  drawn.plane = plane;
  drawn.group.setAttribute('data-colours', colours.ground);
  for (let i = 0; i < drawn.cells.length; i++) {
    const cell = drawn.cells[i], value = plane.cells[i], said = plane.texts?.[i] ?? '', marked = plane.mark?.(i) ?? '';
    const ground = plane.ground?.(i), filled = ground ? String(ground) : value;
    if (rescaled || !Object.is(cell.filled, filled)) {
      const style = ground ? pixelStyle(ground) : paleStyle(colours, value, plane.bound);
      cell.rect.setAttribute('fill', Number.isFinite(value) ? String(style.background) : 'none');
      cell.text?.setAttribute('fill', Number.isFinite(value) ? String(style.color) : 'currentColor');
      if (plane.ground) cell.text?.style.setProperty('fill', String(style.color));   // over the sheet's ink: pixels may be black
      cell.filled = filled;
    }
    if (cell.text && cell.said !== said) cell.text.textContent = cell.said = said;
    if (cell.marked !== marked) cell.rect.parentElement?.setAttribute('class', `cell ${cell.marked = marked}`);
  }
  outline(drawn);
}

/** A cell of a picture in its own colour, with a number that can be read on it. @param {[number, number, number]} rgb */
const pixelStyle = (rgb) => ({ background: `rgb(${rgb.map(Math.round).join(', ')})`, color: 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2] > 115 ? '#000' : '#fff' });

/** Outlines lie over all cells, so that no neighbour cuts them. @param {Drawn} drawn */
function outline(drawn) {
  const { placed: { x, y, cell: [wide, tall] }, plane: { columns } } = drawn;
  const found = drawn.cells.flatMap(({ marked }, i) => OUTLINED.filter((kind) => marked.split(' ').includes(kind)).map((kind) => ({ kind, i })));
  found.sort((a, b) => OUTLINED.indexOf(a.kind) - OUTLINED.indexOf(b.kind));
  const outlined = JSON.stringify(found);
  if (outlined === drawn.outlined) return;
  drawn.outlined = outlined;
  const around = (/** @type {string} */ kind, /** @type {number} */ i, last = i) => s('rect', { class: `outline ${kind}-outline`, x: x + (i % columns) * wide, y: y + Math.floor(i / columns) * tall, width: wide * (1 + (last - i) % columns), height: tall * (1 + Math.floor((last - i) / columns)) });
  if (!drawn.plane.ground) { drawn.outlines.replaceChildren(...found.map(({ kind, i }) => around(kind, i))); return; }
  // On pixels one line goes around all cells of a kind, which are a rectangle, and it has to be seen on dark and light ones.
  const kinds = OUTLINED.map((kind) => ({ kind, cells: found.filter((each) => each.kind === kind).map(({ i }) => i) })).filter(({ cells }) => cells.length);
  drawn.outlines.replaceChildren(...kinds.flatMap(({ kind, cells }) => ['halo', kind].map((name) => around(name, cells[0], cells[cells.length - 1]))));
}

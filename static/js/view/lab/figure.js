/**
 * The figure of a lab: grids of numbers in one SVG, which is also what is exported. Built once per layout, then only what
 * changed is touched.
 */
/** @import { Drawing, LabScene, Piece, Plane, Spot } from '../../core/lab/types.js' */
/** @import { Box, Placed } from './layout.js' */
import { kept } from '../../core/lab/kept.js';
import { short } from '../../core/lab/grids.js';
import { firstOf, placeOf } from '../../core/lab/planes.js';
import { s } from '../dom.js';
import { arranged, around, partLabel, shownOf } from './cell-lens.js';
import { middleOf } from './cell-marks.js';
import { picturePart, planePart, words } from './figure-parts.js';
import { widest } from './layout.js';
import { gridOf, lensAt, spotOf, watch } from './pointing.js';

/**
 * @typedef {{id: string, of: string, placed: Placed, start: [number, number]} & ReturnType<typeof planePart>} Drawn
 *     of: the plane it shows, which a lens is not itself
 */

/**
 * What the figure tells: a cell entered or left; that it wants to be drawn again.
 * @typedef {{hover: (spot: Spot | null) => void, redraw: () => void}} Hooks
 */

/** @param {Hooks} hooks */
export function labFigure(hooks) {
  const root = s('svg', { class: 'lab-figure' });
  /** @type {Map<string, Drawn>} */
  const drawn = new Map();
  /** @type {Map<string, {group: SVGElement, placed: Placed}>} */
  const pictures = new Map();
  /** @type {Map<string, Plane | Drawing>} */
  let shown = new Map();
  /** @type {Map<string, string>} */
  const chosen = new Map(); // of several channels the plane that was asked for
  /** @type {Map<string, string[]>} */
  let groups = new Map(); // the planes of every group of channels, by its key
  let built = '';
  let which = 0;
  let tall = 0;
  let step = /** @type {number | null} */ (null);
  let looked = /** @type {Spot | null} */ (null); // the cell of a map that was pointed at
  let cursor = /** @type {Spot | null} */ (null); // the cell that keys act on
  let inLens = ''; // the plane whose lens the pointer is in: it has to hold still
  watch(root, {
    over(spot, lens) {
      inLens = lens;
      looked = spot && !lens ? spot : looked;
      hooks.hover(spot);
    },
    slide(spot) {
      if (looked?.grid === spot.grid && looked.index === spot.index) return;
      looked = spot;
      inLens = '';
      hooks.hover(spot);
    },
  });

  /** @param {Placed} placed @param {Box} box */
  function plane(placed, box) {
    const piece = /** @type {Plane} */ (placed.piece);
    const of = piece.lens ?? piece.id;
    const part = planePart(placed, box, /** @type {Plane} */ (shown.get(of)), !piece.lens && drawnLens(of));
    drawn.set(piece.id, { id: piece.id, of, placed, ...part, start: [0, 0] });
    return part.group;
  }

  /** @type {(of: string) => boolean} */
  let drawnLens = () => false;

  /** @param {Placed} placed @param {Box} box */
  function picture(placed, box) {
    const { root: whole, group } = picturePart(placed, box);
    pictures.set(/** @type {Drawing} */ (placed.piece).id, { group, placed });
    return whole;
  }

  /** @param {Piece[]} pieces @param {Box} box @param {number} most */
  function build(pieces, box, most) {
    const found = arranged(pieces, box, most, chosen);
    const held = /** @type {HTMLElement | null} */ (document.activeElement);
    const grid = held && gridOf(held);
    const inside = root.contains(held);
    which = found.which;
    shown = named(pieces[which]);
    drawn.clear();
    pictures.clear();
    const lenses = new Set(found.placed.map(({ piece }) => (piece.kind === 'plane' && piece.lens) || ''));
    drawnLens = (of) => lenses.has(of);
    tall = found.box.height;
    const height = Math.max(tall, found.height);
    const width = Math.max(box.width, found.width);
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height }))
      root.setAttribute(name, String(value));
    root.replaceChildren(
      ...found.placed.map((placed) =>
        placed.piece.kind === 'plane'
          ? plane(placed, box)
          : placed.piece.kind === 'drawing'
            ? picture(placed, box)
            : words(placed, box),
      ),
    );
    if (inside && grid) /** @type {any} */ (groupOf(grid))?.focus({ preventScroll: true });
  }

  /** The part of its plane that a lens shows now. @param {Drawn} lens @param {Plane} plane */
  function partOf(lens, plane) {
    const { rows, columns } = /** @type {Plane} */ (lens.placed.piece);
    if (inLens !== lens.of)
      lens.start = around(plane, looked?.grid === lens.of ? looked.index : middleOf(plane), rows, columns);
    return { top: lens.start[0], left: lens.start[1], rows, columns };
  }

  /** @param {LabScene} scene */
  function paint({ colours }) {
    for (const each of drawn.values()) {
      const plane = /** @type {Plane} */ (shown.get(each.of));
      const lens = drawn.get(`${each.of}~`);
      const part = lens ? partOf(lens, plane) : null;
      if (each.map) each.map.paint(plane, colours, part, cursor?.grid === each.of ? cursor.index : -1);
      else if (each !== lens || !part) each.cells?.paint(plane, colours);
      else {
        each.cells?.paint(
          plane,
          colours,
          (i) => (part.top + Math.floor(i / part.columns)) * plane.columns + part.left + (i % part.columns),
        );
        if (each.label) each.label.textContent = partLabel(plane, part.top, part.left, part.rows, part.columns);
      }
    }
  }

  const groupOf = (/** @type {string} */ grid) => (drawn.get(`${grid}~`) ?? drawn.get(grid))?.group ?? null;
  const nodeOf = (/** @type {Spot} */ { grid, index }) =>
    drawn.get(`${grid}~`)?.cells?.nodeOf(index) ?? drawn.get(grid)?.cells?.nodeOf(index) ?? null;

  return {
    root,
    groupOf,
    /** Where a cell is, in px of the page. @param {Spot} spot @returns {DOMRect | null} */
    boxOf(spot) {
      const node = nodeOf(spot);
      const map = drawn.get(spot.grid)?.map;
      if (node || !map) return node?.querySelector('rect')?.getBoundingClientRect() ?? null;
      const { left, top } = root.getBoundingClientRect();
      const { x, y, width, height } = map.cellAt(spot.index);
      return new DOMRect(left + x, top + y, width, height);
    },
    /** @param {string} grid */
    planeOf: (grid) => /** @type {Plane | undefined} */ (shown.get(grid)) ?? null,
    /** Whether an event happened on a map, whose cells are too small to be worked on. @param {Event} event */
    onMap: (event) => {
      const spot = spotOf(event);
      return Boolean(spot && !lensAt(event) && drawn.get(spot.grid)?.map);
    },
    /** A lens goes there, or the channel comes to the front. @param {Spot} spot */
    look(spot) {
      looked = spot;
      inLens = '';
      for (const [key, ids] of groups) if (ids.includes(spot.grid)) chosen.set(key, spot.grid);
      hooks.redraw();
    },
    /** The cell that keys begin at: the first that can be set, or one that a lens shows. @param {string} grid */
    entry(grid) {
      const plane = /** @type {Plane} */ (shown.get(grid));
      const lens = drawn.get(`${grid}~`);
      const first = firstOf(plane);
      if (!lens || nodeOf({ grid, index: first })) return first;
      const { top, left, rows, columns } = partOf(lens, plane);
      const cells = Array.from(
        { length: rows * columns },
        (_, i) => (top + Math.floor(i / columns)) * plane.columns + left + (i % columns),
      );
      return cells.find((index) => placeOf(plane, index)) ?? first;
    },
    /** The cell that keys act on. @param {Spot | null} spot */
    point(spot) {
      for (const old of root.querySelectorAll('.plane .cursor')) old.classList.remove('cursor');
      cursor = spot;
      if (spot) nodeOf(spot)?.classList.add('cursor');
    },
    /** Whether its number can be read where it stands. @param {Spot} spot */
    inSight: (spot) => nodeOf(spot) !== null,
    /**
     * @param {Piece | Piece[]} given
     * @param {Box} box
     * @param {number} most
     * @param {LabScene} scene
     * @returns {number} px of height that it takes
     */
    show(given, box, most, scene) {
      const pieces = [given].flat();
      for (const piece of pieces) named(piece);
      if (scene.step !== step) {
        looked = null;
        step = scene.step;
      }
      if (scene.hover && looked && scene.hover.grid !== looked.grid) looked = null;
      groups = new Map(pieces.flatMap(groupsIn));
      const key = JSON.stringify([box, pieces.map((piece) => keyOf(piece, chosen))]);
      if (key !== built) {
        build(pieces, box, most);
        built = key;
      }
      shown = named(pieces[which]);
      paint(scene);
      for (const [
        id,
        {
          group,
          placed: { x, y, cell, digits },
        },
      ] of pictures) {
        const piece = /** @type {Drawing} */ (shown.get(id));
        group.replaceChildren(
          ...piece.draw({
            x,
            y,
            wide: cell[0],
            tall: cell[1],
            rows: piece.rows,
            columns: piece.columns,
            digits,
            text: box.text,
          }),
        );
      }
      return tall;
    },
  };
}

/** @param {Piece} piece @returns {[string, string[]][]} */
const groupsIn = (piece) =>
  'items' in piece
    ? [
        ...(piece.several ? [/** @type {[string, string[]]} */ ([piece.several.key, [...named(piece).keys()]])] : []),
        ...piece.items.flatMap(groupsIn),
      ]
    : [];

/**
 * Every plane and drawing by its id; planes with every number as text, so that the layout knows how wide they are.
 * @param {Piece} piece
 * @param {Map<string, Plane | Drawing>=} found
 */
function named(piece, found = new Map()) {
  if (piece.kind === 'plane')
    piece.texts ??= piece.still
      ? kept(piece.still, 'texts', () => Array.from(piece.cells, short))
      : Array.from(piece.cells, short);
  if (piece.kind === 'plane' || piece.kind === 'drawing') found.set(piece.id, piece);
  if ('items' in piece) for (const item of piece.items) named(item, found);
  return found;
}

/** What the layout depends on. @param {Piece} piece @param {Map<string, string>} chosen @returns {any} */
function keyOf(piece, chosen) {
  if (piece.kind === 'plane')
    return [
      piece.id,
      piece.label,
      piece.rows,
      piece.columns,
      piece.scale,
      widest(piece),
      piece.thin,
      piece.edits?.inner,
      Boolean(piece.edits),
    ];
  if (piece.kind === 'drawing') return [piece.id, piece.label, piece.rows, piece.columns, piece.characters];
  return 'items' in piece
    ? [piece.kind, piece.gap, piece.several && shownOf(piece, chosen), piece.items.map((item) => keyOf(item, chosen))]
    : piece;
}

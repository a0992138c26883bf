/** What the browser tests ask a page: is it drawn, what stands on its card, what is too small, too pale, overlapping or cut off. */

const drawn = () => {
  if (!document.body.classList.contains('explorer')) return document.readyState === 'complete';
  const { level } = document.getElementById('stage').dataset;
  const scene = document.getElementById('scene');
  const wanted = { network: '.head', layer: '#scene.layer h2', number: '[data-card]' }[level];
  return Boolean(wanted && document.querySelector(wanted) && (level === 'network' || !scene.hidden));
};

/** Nothing has changed for a moment and no motion runs. */
const calm = () =>
  new Promise((done) => {
    const watch = new MutationObserver(() => {
      clearTimeout(quiet);
      quiet = setTimeout(end, 120);
    });
    const ends = (motion) => motion.effect?.getComputedTiming().endTime < Infinity;
    const end = () => {
      watch.disconnect();
      Promise.allSettled(
        document
          .getAnimations()
          .filter(ends)
          .map((motion) => motion.finished),
      ).then(() => done());
    };
    let quiet = setTimeout(end, 120);
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });

/** Another query within the page, as the history would go there. */
const turn = (query) => {
  const asked = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(query))
    if (value === null) asked.delete(key);
    else asked.set(key, value);
  history.replaceState(null, '', '?' + asked);
  dispatchEvent(new PopStateEvent('popstate'));
};

/** Every number on the card with its role and its place, as text: exactly what a reader can copy down. */
const readCard = () => {
  const card = document.querySelector('[data-card]');
  const all = (selector, from = card) => [...from.querySelectorAll(selector)];
  const said = (one) => ({ role: one.dataset.role, text: one.textContent, winner: one.classList.contains('winner') });
  const numbers = (place, selector = '[data-role]') => all(selector, place).map(said);
  return {
    index: card.dataset.index,
    numbers: numbers(card, '.arithmetic [data-role]'),
    groups: all('.group').map((group) => numbers(group, '.matrix [data-role], [data-role="group-sum"]')),
    rows: all('[data-term], tr[data-class], .cell-line .equation').map((row) => numbers(row)),
    ledger: all('.ledger .entry:not(.closing)').map((entry) => ({
      ...said(entry.querySelector('[data-role]')),
      on: entry.classList.contains('on'),
    })),
    closing: card.querySelector('.ledger .closing .num')?.textContent ?? null,
    line: all('.sum .sign, .sum .num').map((one) => one.textContent.trim()),
  };
};

/** The card at a place of the same page, as the history would go there. */
const cardAt = ({ query, node, index }) => {
  history.replaceState(null, '', '?lang=en&' + query);
  dispatchEvent(new PopStateEvent('popstate'));
  const there = () => document.querySelector(`[data-card][data-node="${node}"][data-index="${index}"]`);
  return new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`no card at ${node}[${index}]`)), 10_000);
    const look = () => {
      if (there()) {
        clearTimeout(late);
        done(readCard());
      } else requestAnimationFrame(look);
    };
    look();
  });
};

const firstTrace = () => {
  const { id, nodes } = JSON.parse(document.getElementById('first-trace').textContent);
  return { id, shapes: Object.fromEntries(nodes.map(({ name, shape }) => [name, shape])) };
};

// What is visible, how colours lie over each other, and how much they differ.

const painted = (element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
  !element.closest('.unseen, .skip, .katex-mathml, option, .later'); // .later: what the step has not reached yet
const rgba = (() => {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const known = new Map();
  return (colour) => {
    if (!known.has(colour)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = '#000';
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
})();
const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a)).concat(1);
const light = (colour) =>
  colour
    .slice(0, 3)
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((total, part, i) => total + part * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const lineage = (element) => {
  const all = [];
  for (let at = element; at; at = at.parentElement) all.push(at);
  return all;
};
const opacity = (element) => lineage(element).reduce((total, one) => total * Number(getComputedStyle(one).opacity), 1);
const ground = (element) =>
  lineage(element)
    .reverse()
    .reduce(
      (under, one) => {
        const own = rgba(getComputedStyle(one).backgroundColor);
        return own[3] ? over(own, under) : under;
      },
      [255, 255, 255, 1],
    );
const shown = (colour, element, share = 1) => {
  const [r, g, b, a] = rgba(colour);
  return over([r, g, b, a * share * opacity(element)], ground(element));
};
const name = (element) =>
  lineage(element)
    .slice(0, 3)
    .reverse()
    .map((one) => one.tagName.toLowerCase() + [...one.classList].map((c) => '.' + c).join(''))
    .join(' > ');
const scale = (element) => {
  const vector = element instanceof SVGElement && element.getScreenCTM?.();
  if (vector) return Math.sqrt(Math.abs(vector.a * vector.d - vector.b * vector.c));
  return lineage(element)
    .map((one) => new DOMMatrix(getComputedStyle(one).transform))
    .reduce((total, m) => total * Math.sqrt(Math.abs(m.a * m.d - m.b * m.c)), 1);
};

/** Texts smaller than the last row can read. */
const small = (least) => {
  const numeric = /^[\d\s.,:;×·∗+−\-=()\/%…⌊⌋ΣμσεγβÎ√÷→←↑↓⁰¹²³⁴⁵⁶⁷⁸⁹⁻∞xywpzm\[\]]*$/u;
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element || element.matches('script, style') || !painted(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    if (!range.getBoundingClientRect().width) continue;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale(element);
    const wanted = numeric.test(text) || element.closest('.katex, .num') ? least.number : least.text;
    if (size < wanted - 0.05)
      found.set(name(element), `${name(element)}: "${text.slice(0, 40)}" has ${size.toFixed(1)} px, wants ${wanted}`);
  }
  return [...found.values()];
};

/** Texts and lines too pale against what they stand on. */
const pale = (least) => {
  const found = new Map();
  const note = (element, what, colour, under, wanted) => {
    const got = ratio(colour, under);
    const unseen = got < 1.005 && !what.startsWith('text'); // the ground's own colour: a halo, not a line
    if (got < wanted - 0.02 && !unseen)
      found.set(name(element) + what.split(' ')[0], `${name(element)}: ${what} has ${got.toFixed(2)} : 1, wants ${wanted}`);
  };
  for (const element of document.body.querySelectorAll('*')) {
    if (!painted(element)) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!box.width && !box.height) continue;
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === 3)
      .map((node) => node.textContent.trim())
      .join('');
    const vector = element instanceof SVGElement;
    if (text)
      note(
        element,
        `text "${text.slice(0, 30)}"`,
        shown(vector ? style.fill : style.color, element, vector ? Number(style.fillOpacity) : 1),
        ground(element),
        least.words,
      );
    if (
      vector &&
      element.matches('path, line, rect, circle, polyline, polygon') &&
      !element.closest('.halo, .track, defs, .heatmap')
    ) {
      const stroked = style.stroke !== 'none' && parseFloat(style.strokeWidth) > 0;
      if (stroked)
        note(element, 'stroke', shown(style.stroke, element, Number(style.strokeOpacity)), ground(element), least.edges);
      else if (style.fill !== 'none')
        note(element, 'fill', shown(style.fill, element, Number(style.fillOpacity)), ground(element), least.edges);
    }
    if (
      !vector &&
      parseFloat(style.borderBottomWidth) > 0 &&
      style.borderBottomStyle !== 'none' &&
      rgba(style.borderBottomColor)[3] > 0
    ) {
      note(
        element,
        'border',
        shown(style.borderBottomColor, element.parentElement),
        ground(element.parentElement),
        least.edges,
      );
    }
  }
  return [...found.values()];
};

// What is cut off, and what lies on something else.

const ways = (style, kinds) => [kinds.includes(style.overflowX), kinds.includes(style.overflowY)];

/** Along one direction: how far a box sticks out of another. */
const beyond = (box, edge, [start, end]) => Math.max(edge[start] - box[start], box[end] - edge[end]);
const ACROSS = ['left', 'right'];
const DOWN = ['top', 'bottom'];

/** The part of a box that is on view; what is cut off is told, what a scroll area keeps out of sight is not. */
function onView(element, box, tell) {
  const seen = { left: box.left, top: box.top, right: box.right, bottom: box.bottom };
  const within = (edge, [start, end]) => {
    seen[start] = Math.max(seen[start], edge[start]);
    seen[end] = Math.min(seen[end], edge[end]);
  };
  let scrolledX = false;
  let scrolledY = false;
  for (const at of lineage(element).filter((one) => one !== document.documentElement && one !== document.body)) {
    const style = getComputedStyle(at);
    const edge = at.getBoundingClientRect();
    const [hideX, hideY] = ways(style, ['hidden', 'clip']);
    const [scrollX, scrollY] = ways(style, ['auto', 'scroll']);
    if (hideX && !scrolledX && beyond(box, edge, ACROSS) > 1.5) tell(`is cut sideways by ${name(at)}`);
    if (hideY && !scrolledY && beyond(box, edge, DOWN) > 3) tell(`is cut in height by ${name(at)}`);
    if (hideX || scrollX) within(edge, ACROSS);
    if (hideY || scrollY) within(edge, DOWN);
    scrolledX ||= scrollX;
    scrolledY ||= scrollY || style.position === 'fixed';
  }
  const page = getComputedStyle(document.body).overflowY !== 'hidden';
  const sheet = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  if (!scrolledX && beyond(box, sheet, ACROSS) > 1.5) tell('leaves the window sideways');
  if (!scrolledY && !page && beyond(box, sheet, DOWN) > 3) tell('leaves the window in height');
  return seen.right - seen.left > 2 && seen.bottom - seen.top > 2 ? seen : null;
}

/** Every line of text and every control on view. */
function boxesOnView(tell) {
  const boxes = [];
  const see = (element, rect, text, more) => {
    const box = onView(element, rect, (what) => tell(`${name(element)}: "${text}" ${what}`, name(element) + what));
    if (box) boxes.push({ element, box, text, math: element.closest('.katex'), ...more });
  };
  const visible = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest('.unseen, .skip, .katex-mathml, option, select');
  const top = document.querySelector('dialog:modal') ?? document.body; // what is behind a dialog may be covered
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim().slice(0, 40);
    const element = walker.currentNode.parentElement;
    if (!text || element.matches('script, style') || !visible(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const line of range.getClientRects()) if (line.width >= 1) see(element, line, text);
  }
  for (const control of top.querySelectorAll('button, select, input:not(.file), a, summary')) {
    if (control.checkVisibility() && !control.closest('p, .skip'))
      see(
        control,
        control.getBoundingClientRect(),
        control.getAttribute('aria-label') ?? control.textContent.trim().slice(0, 40),
        { control: true },
      );
  }
  return boxes;
}

/** Texts that are cut off, and texts and controls that lie on each other. */
const broken = () => {
  const found = new Map();
  const boxes = boxesOnView((finding, key) => found.set(key, found.get(key) ?? finding));
  const floats = (element) => element.closest('dialog, [popover], [role="dialog"], .tour-card, .lens'); // lies on the rest on purpose
  const apart = (one, other) => !one.contains(other) && !other.contains(one) && floats(one) === floats(other);
  for (const [i, one] of boxes.entries())
    for (const other of boxes.slice(i + 1)) {
      if (!apart(one.element, other.element) || (one.math && one.math === other.math)) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      // lines of text may touch by their leading; controls may not
      const touch =
        one.control || other.control ? 2 : 0.35 * Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top);
      if (across > 2 && down > Math.max(2, touch))
        found.set(
          name(one.element) + name(other.element),
          `${name(one.element)} "${one.text}" lies on ${name(other.element)} "${other.text}" by ${across.toFixed(0)} x ${down.toFixed(0)} px`,
        );
    }
  return [...found.values()];
};

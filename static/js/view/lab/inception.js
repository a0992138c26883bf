/** An inception block branch by branch: its multiplications as it is, and without the 1 × 1 convolutions before the large ones. */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
/** @import { Branch, Conv } from '../../core/lab/costs.js' */
import { STACK, blockCosts, branchesOf, seenBy } from '../../core/lab/costs.js';
import { h, num, s } from '../dom.js';
import { savedBy } from './cost.js';
import { grouped, productLine } from './counted.js';
import { emsOf } from './ledger.js';
import { sheet } from './sheet.js';

const BOLD = 1.1; // how much wider the row of the step is
const GAP = 0.45; // of a branch's height: before the sums, for the channels that come out
const WAYS = /** @type {const} */ (['direct', 'through']);

/** 192 → 1 × 1 → 16 → 5 × 5 → 32. @param {Conv[]} convs @param {boolean} pool @param {LabScene['say']} say */
const chain = (convs, pool, say) =>
  [
    ...convs.slice(0, 1).map(({ from }) => from),
    ...(pool ? [say('pooled')] : []),
    ...convs.flatMap(({ size, to }) => [`${size} × ${size}`, grouped(to)]),
  ].join(' → ');

/** What a way is called. @param {Values} values @param {'direct' | 'through'} way @param {LabScene['say']} say */
const wayOf = ({ block }, way, say) => say(`${block === STACK ? STACK : 'block'}_${way}`);

/** 64 + 128 + 32 + 32 = 256. @param {Branch[]} branches */
const joined = (branches) =>
  `${branches.map(({ out }) => out).join(' + ')} = ${branches.reduce((sum, { out }) => sum + out, 0)}`;

/** The rows of the table: two ways for each branch, then their sums. @param {LabScene} scene */
function rowsOf({ values, step, say }) {
  const branches = branchesOf(values);
  const counts = blockCosts(values);
  const last = branches.length;
  const shown = step ?? last;
  const rows = branches.flatMap(({ pool, ways }, i) =>
    WAYS.map((way) => ({
      branch: i,
      way,
      said: chain(ways[way], pool, say),
      count: counts.branches[i][way],
      later: i > shown || !ways[way].length,
      now: i === step,
      sum: false,
    })),
  );
  const so = (/** @type {'direct' | 'through'} */ way) =>
    counts.branches.slice(0, shown + 1).reduce((sum, each) => sum + each[way], 0n);
  const sums = WAYS.map((way) => ({
    branch: last,
    way,
    said: wayOf(values, way, say),
    count: so(way),
    later: false,
    now: step === last,
    sum: true,
  }));
  return [...rows, ...sums];
}

/** What comes out. @param {LabScene} scene */
const madeBy = ({ values, say }) =>
  values.block === STACK
    ? say('stack_seen', { seen: seenBy(branchesOf(values).length) })
    : say('block_channels', { sum: joined(branchesOf(values)) });

/**
 * A row of words, its number and its bar; where it is narrow, the number and the bar below the words.
 * @param {LabScene} scene
 * @param {{width: number, height: number, text: number, narrow: boolean}} all
 */
function table(scene, { width, height, text, narrow }) {
  const rows = rowsOf(scene);
  const full = blockCosts(scene.values);
  const most = Number(full.direct > full.through ? full.direct : full.through);
  const branches = rows.length / 2;
  const each = height / (branches + GAP); // of a branch, the gap included
  const lines = narrow ? 4 : 2;
  const words = BOLD * Math.max(...rows.map(({ said }) => emsOf(said)));
  const digits = emsOf(grouped(full.direct > full.through ? full.direct : full.through));
  const size = Math.min(
    1.35 * text,
    (0.86 * each) / (lines * 1.2),
    narrow ? width / (words + 0.6) : (0.72 * width) / (words + digits + 2),
  );
  const line = 1.2 * size;
  const end = narrow ? (digits + 0.6) * size : (words + digits + 2) * size;
  const left = end + 0.8 * size;
  const channels = narrow && scene.values.block !== STACK ? joined(branchesOf(scene.values)) : madeBy(scene);
  const drawn = rows.map(({ branch, way, said, count, later, now, sum }, i) => {
    const top = branch * each + (sum ? GAP * each : 0) + (i % 2) * (lines / 2) * line + 0.06 * each;
    const low = top + (narrow ? line : 0);
    return s(
      'g',
      {
        class: `branch-row ${way}${now ? ' now' : ''}${sum ? ' sum' : ''}${later ? ' later' : ''}`,
        'data-branch': branch,
        'data-way': way,
      },
      s('text', { x: 0.4 * size, y: top + 0.9 * line, 'font-size': size }, said),
      s('text', { x: end, y: low + 0.9 * line, 'font-size': size, 'text-anchor': 'end', 'data-role': 'count' }, grouped(count)),
      s('rect', {
        class: `bar series-${way === 'direct' ? 1 : 0}`,
        x: left,
        y: low + 0.2 * line,
        width: Math.max(1, ((width - left - 6) * Number(count)) / most),
        height: 0.7 * line,
      }),
    );
  });
  const all = scene.step === null || scene.step === branches - 1;
  const at = scene.step === null ? -1 : scene.step;
  const top = at * each + (at === branches - 1 ? GAP * each : 0);
  return [
    at < 0
      ? null
      : s('rect', {
          class: 'branch-ground',
          x: 1.5,
          y: top + 0.01 * each,
          width: width - 3,
          height: lines * line + 0.1 * each,
          rx: 4,
        }),
    ...drawn,
    all
      ? s(
          'text',
          {
            class: 'entry-name',
            x: 0.4 * size,
            y: (branches - 1) * each + 0.9 * line,
            'font-size': Math.min(size, width / (emsOf(channels) + 0.8)),
          },
          channels,
        )
      : null,
  ];
}

/** @param {HTMLElement} place @param {LabScene} scene */
function draw(place, scene) {
  sheet(place, scene.say(scene.values.block === STACK ? 'caption_stack' : 'caption_block'), (all) => table(scene, all));
}

/** @param {LabScene} scene */
function caption({ values, step, say }) {
  const stack = values.block === STACK;
  if (step === null) return say(stack ? 'caption_stack' : 'caption_block');
  const branches = branchesOf(values);
  const counts = blockCosts(values);
  const at = branches[step];
  if (stack)
    return at
      ? say('stack_layer', { layer: step + 1, seen: seenBy(step + 1) })
      : say('stack_sum', { square: values.from, saved: savedBy(say, counts) });
  if (!at) return say('block_joined', { sum: joined(branches), saved: savedBy(say, counts) });
  const { direct, through } = counts.branches[step];
  const [first] = at.ways.through;
  const about = { branch: step + 1, direct: grouped(direct), through: grouped(through), between: first.to };
  return say(at.pool ? 'block_pool' : at.ways.through.length > 1 ? 'block_branch' : 'block_alone', about);
}

/** Weights of one large kernel and of three small ones. @param {LabScene} scene */
const stackWeights = ({ values: { from }, say }) => [
  productLine(say, say('stack_weights_direct'), [7, 7, from, from]),
  productLine(say, say('stack_weights_through'), [3, 3, 3, from, from]),
];

/** The branch's layers multiplied out, both ways; at the end and before the walk the sums. @param {LabScene} scene */
function card(scene) {
  const { values, step, say } = scene;
  const { side } = values;
  const branches = branchesOf(values);
  const counts = blockCosts(values);
  const at = step === null ? undefined : branches[step];
  if (at)
    return h(
      'div',
      { class: 'lab-sums' },
      WAYS.map((way) =>
        at.ways[way].map(({ size, from, to }, i) =>
          productLine(
            say,
            say('block_conv', { way: wayOf(values, way, say), layer: (values.block === STACK ? (step ?? 0) : i) + 1, size }),
            [side, side, to, size, size, from],
          ),
        ),
      ),
    );
  return h(
    'div',
    { class: 'lab-sums' },
    WAYS.map((way) =>
      h(
        'div',
        { class: 'lab-terms', 'data-way': way },
        h('span', { class: 'group-name' }, say('named', { name: wayOf(values, way, say) })),
        counts.branches
          .filter((each, _, all) => each[way] && all.filter((other) => other[way]).length > 1)
          .map((each, i) => h('span', { class: 'term' }, i ? '+ ' : '', num(grouped(each[way]), 'product'))),
        h('span', { class: 'term' }, '= ', num(grouped(counts[way]), 'result', { class: 'num result' })),
      ),
    ),
    h('p', { class: 'quiet' }, madeBy(scene), ' ', savedBy(say, counts)),
    values.block === STACK ? stackWeights(scene) : null,
  );
}

/** What the CSV holds. @param {Values} values */
function numbersOf(values) {
  const { branches, direct, through } = blockCosts(values);
  return {
    direct: branches.map((each) => each.direct),
    through: branches.map((each) => each.through),
    output: [direct, through],
  };
}

/** @param {Conv[]} convs */
const layers = (convs) => convs.map(({ from, to, size }) => `(${from}, ${to}, ${size})`).join(', ');

/**
 * The same count by PyTorch, on tensors without storage.
 * @param {Values} values
 */
const codeOf = (values) => `import torch
from torch import nn

def multiplications(branches):
    total = 0
    for branch in branches:
        for channels, kernels, size in branch:
            layer = nn.Conv2d(channels, kernels, size, padding="same", bias=False, device="meta")
            x = torch.empty(1, channels, ${values.side}, ${values.side}, device="meta")
            total += layer(x).numel() * layer.weight[0].numel()
    return total

direct = [${branchesOf(values)
  .map(({ ways }) => `[${layers(ways.direct)}]`)
  .join(', ')}]
through = [${branchesOf(values)
  .map(({ ways }) => `[${layers(ways.through)}]`)
  .join(', ')}]
output = torch.tensor([multiplications(direct), multiplications(through)])
print(output)
`;

/** @type {import('./sheet.js').CountedView} */
export const inceptionCost = {
  steps: ({ values }) => branchesOf(values).length + 1, // every branch, and all together
  draw,
  card: (scene) => [card(scene)],
  caption,
  code: ({ values }) => codeOf(values),
  numbers: ({ values }) => numbersOf(values),
};

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf, fromText, numberOf, randomGrid, readGrid, written } from '../../static/js/core/lab/grids.js';
import { fromQuery, queryOf, refusedIn, toAddress } from '../../static/js/core/lab/state.js';

test('numbers as people write them', () => {
  const written = {
    '1,5': 1.5,
    '１．５': 1.5,
    '－3': -3,
    '–3': -3,
    '−2': -2,
    ' 0。5 ': 0.5,
    '1e-3': 1e-3,
    '+4': 4,
    '∞': Infinity,
  };
  for (const [text, value] of Object.entries(written)) assert.equal(numberOf(text), value, text);
  for (const text of ['', '1.2.3', '0x10', '1,234,5', 'a', '--1']) assert.equal(numberOf(text), null, text);
});

test('tables as spreadsheets, Python and people write them', () => {
  const table = [
    [1, 2],
    [3, 4],
  ];
  const texts = [
    '1\t2\n3\t4',
    '1\t2\r\n3\t4\r\n',
    '1\t2\t\n3\t4\t',
    '1,2\n3,4',
    '1, 2\n3, 4',
    '1;2\n3;4',
    '1 2; 3 4',
    '１　２\n３　４',
    '1，2\n3，4',
    '1、2\n3、4',
    '[[1, 2], [3, 4]]',
    '[[1 2]\n [3 4]]',
    'tensor([[1., 2.],\n        [3., 4.]])',
    'array([[1, 2], [3, 4]], dtype=int32)',
  ];
  for (const text of texts) assert.deepEqual(fromText(text), table, text);
  assert.deepEqual(fromText('1,5\t2,5'), [[1.5, 2.5]]);
  assert.deepEqual(fromText('1,5 2,5'), [[1.5, 2.5]]);
  assert.deepEqual(fromText('1,5;-2,5'), [[1.5, -2.5]]);
});

test('what is no table is explained', () => {
  assert.deepEqual(faultOf('1\t2\n3\tx'), { row: 2, text: 'x' });
  assert.deepEqual(faultOf('1\t\t3'), { row: 1, text: '' });
  assert.deepEqual(faultOf('1 2\n3'), { row: 2, count: 1, wanted: 2 });
  for (const text of ['1\t2\n3\tx', '1\t\t3', '1 2\n3', '']) assert.equal(fromText(text), null, text);
});

test('large grids of small whole numbers are packed in an address, others are spelled out', () => {
  for (const [low, high] of [
    [0, 255],
    [-128, 127],
    [0, 300],
    [-0.5, 0.5],
  ]) {
    const grid = randomGrid([3, 8, 8], 7, low, high);
    const text = written(grid);
    assert.deepEqual(readGrid(text, 3), grid);
    assert.equal(text.startsWith('.'), high - low === 255);
    assert.equal(String(new URLSearchParams({ x: text })), `x=${text}`); // nothing that an address has to escape
  }
  assert.equal(written([[1, 2], [3, 4]]), '1_2*3_4'); // prettier-ignore
  for (const text of ['.u.3.3.AAA', '.u.1000.3.AAAA', '.q.1.1.AA', '.u.x.3.A', '.u.2.AA', '.u', '.u.1.1.A', '.u.1.1.**'])
    assert.equal(readGrid(text, 2), null, text);
});

test('random numbers have the decimals of their bounds, and are the same for a seed', () => {
  const grid = randomGrid([20, 20], 3, -0.5, 0.5).flat();
  assert.deepEqual(new Set(grid).size, 11);
  assert.ok(grid.every((value) => value === Math.round(value * 10) / 10 && Math.abs(value) <= 0.5));
  assert.deepEqual(randomGrid([4], 1), randomGrid([4], 1));
  assert.notDeepEqual(randomGrid([4], 1), randomGrid([4], 2));
});

test('a long address keeps its query short; nothing is lost behind the #', () => {
  const lab = { fields: [{ key: 'x', kind: 'grid', rank: 2, start: [[0]] }, { key: 'stride', kind: 'whole', start: 1 }] }; // prettier-ignore
  const state = (x) => ({ ...fromQuery('', lab, [], 'en'), values: { x, stride: 2 }, step: 3 });
  for (const [side, behind] of [
    [8, false],
    [64, true],
  ]) {
    // prettier-ignore
    const wanted = state(randomGrid([side, side], 5, 0, 1000));
    const { search, hash } = new URL(`http://lab${toAddress(wanted, lab, [])}`);
    assert.ok(search.length <= 2000);
    assert.equal(hash !== '', behind);
    assert.deepEqual(fromQuery(queryOf({ search, hash }), lab, [], 'en'), wanted);
  }
  assert.equal(queryOf({ search: '?a=1', hash: '#main' }), 'a=1'); // a link within the page
});

test('what belongs together in an address is made to fit', () => {
  const lab = {
    fields: [
      { key: 'z', kind: 'grid', rank: 1, start: [0] },
      { key: 't', kind: 'grid', rank: 1, start: [1] },
    ],
    fit: ({ z, t }) => ({ z, t: z.map((_, i) => t[i] ?? 0) }),
  };
  assert.deepEqual(fromQuery('z=1_2_3', lab, [], 'en').values, { z: [1, 2, 3], t: [1, 0, 0] });
});

test('what an address says and its field cannot be is named, the rest is taken', () => {
  const lab = /** @type {any} */ ({
    fields: [
      { key: 'padding', kind: 'whole', least: 0, most: 8, start: 0 },
      { key: 'mode', kind: 'choice', options: ['zeros', 'reflect'], start: 'zeros' },
      { key: 'x', kind: 'grid', rank: 1, start: [1, 2] },
      { key: 'stride', kind: 'whole', least: 1, most: 8, start: 1 },
    ],
  });
  const query = 'padding=99&mode=mirror&x=1_b&stride=2';
  assert.deepEqual(fromQuery(query, lab, [], 'en').values, { padding: 0, mode: 'zeros', x: [1, 2], stride: 2 });
  assert.deepEqual(
    refusedIn(query, lab).map(({ field, text }) => [field.key, text]),
    [
      ['padding', '99'],
      ['mode', 'mirror'],
      ['x', '1_b'],
    ],
  );
  assert.deepEqual(refusedIn('padding=8&lang=zh', lab), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTable } from '../../../src/cli/view/table.ts';

const columns = [{ title: 'ID' }, { title: 'NAME', shrinkTo: 4 }, { title: 'IMAGE', shrinkTo: 6 }];
const rows = [
  ['r1', 'short', 'localhost:5000/hello'],
  ['r22', 'a', ''],
];

test('columns are as wide as their widest cell', () => {
  assert.deepEqual(renderTable(columns, rows, 100), [
    'ID   NAME   IMAGE',
    'r1   short  localhost:5000/hello',
    'r22  a',
  ]);
});

test('the widest column gives way first, ids never', () => {
  assert.deepEqual(renderTable(columns, rows, 22), ['ID   NAME   IMAGE', 'r1   short  localhost…', 'r22  a']);
  assert.deepEqual(renderTable(columns, rows, 1), ['ID   NAME  IMAGE', 'r1   sho…  local…', 'r22  a']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRunJson } from '../../../src/cli/task/run-json.ts';

const good = [
  { text: '{}', run: {} },
  { text: '{"id": "r1", "gitTag": "v1"}', run: { id: 'r1', gitTag: 'v1' } },
  { text: '{"ID": "r1", "TaskName": "n", "RegistryName": "x"}', run: { id: 'r1', taskName: 'n' } },
  { text: '{"date": "2020-01-02T03:04:05Z"}', run: { date: Date.UTC(2020, 0, 2, 3, 4, 5) } },
  { text: '{"Date": "20200102-030405z"}', run: { date: Date.UTC(2020, 0, 2, 3, 4, 5) } },
] as const;

for (const { text, run } of good) {
  test(`run: ${text}`, () => {
    const read = parseRunJson(text, 'run.json');
    assert.deepEqual(read.ok && read.value, run);
  });
}

const bad = [
  { text: '[]', says: [/not a JSON object/] },
  { text: '{', says: [/not a JSON object/] },
  { text: '{"comit": "x", "id": 7, "date": "soon"}', says: [/"comit".*field/, /"id".* 7/, /"date".*"soon"/] },
] as const;

for (const { text, says } of bad) {
  test(`run: ${text} is refused`, () => {
    const read = parseRunJson(text, 'run.json');
    assert.ok(!read.ok);
    assert.equal(read.diagnostics.length, says.length);
    for (const [index, pattern] of says.entries()) assert.match(read.diagnostics[index]?.message ?? '', pattern);
  });
}

test('the field that was meant is offered', () => {
  const read = parseRunJson('{"comit": "x"}', 'run.json');
  assert.equal(!read.ok && read.diagnostics[0]?.hint, 'Did you mean "commit"?');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTaskFile } from '../../../src/core/task-file/parse.ts';
import { createSourceText } from '../../../src/core/task-file/source-text.ts';

const MAPS = 'a: &a {cmd: m}\nb: &b {cmd: n, user: q}\nsteps:\n';

/** What the reference's parser, go-yaml v2, makes of these, and what we warn of besides the unknown keys a and b. */
const cases = [
  { name: 'a key below << counts', steps: '- <<: *a\n  cmd: o', expected: { cmd: 'o' }, warnings: [] },
  {
    name: 'a key above << is replaced',
    steps: '- cmd: o\n  <<: *a',
    expected: { cmd: 'm' },
    warnings: ['yaml-merge-order'],
  },
  { name: 'a key that << does not have stays', steps: '- user: u\n  <<: *a', expected: { cmd: 'm', user: 'u' } },
  { name: 'the first map of a list counts', steps: '- <<: [*a, *b]', expected: { cmd: 'm', user: 'q' } },
  { name: 'of two << the second one counts', steps: '- <<: *a\n  <<: *b', expected: { cmd: 'n', user: 'q' } },
  { name: 'a merge within a merge', steps: '- <<: {<<: *b, user: r}', expected: { cmd: 'n', user: 'r' } },
  { name: '<< in quotes is a key', steps: '- "<<": *b\n  cmd: x', expected: { cmd: 'x' }, warnings: ['unknown-key'] },
  {
    name: 'so is a << that is a text',
    steps: '- !!str <<: *b\n  cmd: x',
    expected: { cmd: 'x' },
    warnings: ['unknown-key'],
  },
  {
    name: 'of a repeated key the last one counts',
    steps: '- cmd: x\n  cmd: y',
    expected: { cmd: 'y' },
    warnings: ['yaml-duplicate-key'],
  },
] as const;

for (const { name, steps, expected, ...rest } of cases) {
  test(`yaml maps: ${name}`, () => {
    const result = parseTaskFile(createSourceText('task.yaml', MAPS + steps));
    assert.ok(result.ok);
    assert.deepEqual(result.value.steps, [{ kind: 'cmd', ...expected }]);
    const found = result.warnings.flatMap(({ code, place }) => ((place?.line ?? 0) > 2 ? [code] : []));
    assert.deepEqual(found, 'warnings' in rest ? rest.warnings : []);
  });
}

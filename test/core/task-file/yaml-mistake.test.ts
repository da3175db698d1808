import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTaskFile } from '../../../src/core/task-file/parse.ts';
import { createSourceText } from '../../../src/core/task-file/source-text.ts';

const cases = [
  { text: 'steps:\n  - cmd: a\n   timeout: 5\n', found: ['3:4 this line is indented'] },
  { text: 'steps:\n  - cmd: a\n      timeout: 5\n', found: ['3:7 this line is indented'] },
  { text: 'steps:\n  - cmd: a\n - cmd: b\n', found: ['3:2 this line is indented'] },
  { text: 'steps:\n  - cmd: a: b\n', found: ['2:10 a second ": "'] },
  { text: 'steps:\r\n\t- cmd: a\r\n', found: ['2:1 a tab stands'] },
  { text: 'steps:\n- cmd: a\n  timeout 5\n  id: x\n', found: ['3:3 a colon is missing'] },
  { text: 'steps:\n- cmd: a\n  env: - A=b\n', found: ['3:8 a list cannot begin'] },
] as const;

for (const { text, found } of cases) {
  test(`one finding with a cure for ${JSON.stringify(text)}`, () => {
    const result = parseTaskFile(createSourceText('task.yaml', text));
    const all = result.ok ? [] : result.diagnostics;
    assert.equal(all.length, found.length);
    for (const [index, { place, message, hint }] of all.entries()) {
      const said = `${place?.line}:${place?.column} ${message.replace('This is not valid YAML: ', '')}`;
      assert.ok(said.startsWith(found[index] ?? '?'), said);
      assert.ok(hint !== undefined);
    }
  });
}

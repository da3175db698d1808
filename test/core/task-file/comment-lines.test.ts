import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeCommentLines } from '../../../src/core/task-file/comment-lines.ts';

const cases = [
  { name: 'a comment line', text: '# {{ not parsed\na: 1\n  # {{.Bad\nb: 2', kept: [1, 3] },
  { name: 'a comment after a value stays', text: 'a: 1 # c', kept: [0] },
  {
    name: 'a line of a block scalar stays',
    text: 'a:\n  - cmd: |\n      x\n      # y\n    # z\n    b: 1',
    kept: [0, 1, 2, 3, 5],
  },
  { name: 'the first line of a block scalar stays', text: 'cmd: |\n  # x\n  y', kept: [0, 1, 2] },
  { name: 'a folded scalar with indicators', text: 'cmd: >-2\n    # x\n# y', kept: [0, 1] },
  { name: 'a tag before the sign', text: 'cmd: !!str |\n  # x', kept: [0, 1] },
  { name: 'a comment after the sign', text: 'cmd: | # why\n  # x', kept: [0, 1] },
  { name: 'as deep as the key is not in the scalar', text: '- cmd: |\n  # x\n  id: a', kept: [0, 2] },
  { name: 'an empty line does not end a scalar', text: 'cmd: |\n  a\n\n  # x', kept: [0, 1, 2, 3] },
  {
    name: 'a line of template actions does not end a scalar',
    text: 'cmd: |\n  a\n{{if .Values.x}}\n  # x\n{{end}}\nb: 1\n# y',
    kept: [0, 1, 2, 3, 4, 5],
  },
  { name: 'a scalar that is an entry of a list', text: 'a:\n  - |\n    # x\n  # y', kept: [0, 1, 2] },
  { name: 'a pipe in a command is no header', text: 'cmd: a |\n  # x', kept: [0] },
  { name: 'a commented header opens nothing', text: '# cmd: |\n  # x\na: 1', kept: [2] },
] as const;

for (const { name, text, kept } of cases) {
  test(name, () => {
    const lines = text.split('\n');
    const result = removeCommentLines(text);
    assert.deepEqual(result.origins, kept);
    assert.equal(result.text, kept.map((row) => lines[row]).join('\n'));
  });
}

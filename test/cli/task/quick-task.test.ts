import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { quickTask } from '../../../src/cli/task/quick-task.ts';

const commands = [
  'busybox echo hi',
  `busybox sh -c "echo 'a: b' # no comment"`,
  '{{.Run.Registry}}/tool:{{ "v1" | upper }} --flag="x"',
  '- busybox',
  '"quoted" & *anchors !tags %directives @at `ticks`',
  'busybox echo a \\\n  --continued\n\nlast: line',
  'busybox echo grüße\ttab',
];

for (const command of commands) {
  test(`the step has exactly ${JSON.stringify(command)}`, () => {
    assert.deepEqual(parse(quickTask(command)), {
      version: 'v1.1.0',
      steps: [{ cmd: command, disableWorkingDirectoryOverride: true }],
    });
  });
}

test('space around the command means nothing', () => {
  assert.equal(parse(quickTask('  \n busybox ls \n')).steps[0].cmd, 'busybox ls');
});

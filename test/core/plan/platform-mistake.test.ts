import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRequest } from '../../../src/core/plan/compile-request.ts';
import { platformMistake } from '../../../src/core/plan/platform-mistake.ts';
import { testContext } from '../../support/run-context.ts';

test('Linux of any architecture has workers', () => {
  for (const architecture of ['amd64', 'arm64'])
    assert.equal(platformMistake({ os: 'linux', architecture }), undefined);
});

test('a run for Windows is refused with the cure when it is to be carried out, whatever it does', () => {
  const context = testContext({ os: 'windows', architecture: 'amd64' });
  const source = { kind: 'none' } as const;
  for (const request of [
    { kind: 'encoded-task', source, taskText: 'steps: [{cmd: x}]' } as const,
    { kind: 'docker-build' as const, source, images: [] },
    { kind: 'task-file', source, taskFile: 'task.yaml' } as const,
  ]) {
    const result = compileRequest(request, 'steps: [{cmd: x}]', context);
    assert.ok(!result.ok);
    assert.deepEqual(
      result.diagnostics.map(({ code, message, hint }) => [code, message, hint]),
      [
        [
          'platform-unsupported',
          'The run is for windows/amd64, but workers run Linux containers only',
          'Leave the platform out, or ask for linux/amd64; images for windows are built where it runs.',
        ],
      ],
    );
  }
});

test('a plan for Windows can be looked at', () => {
  const context = testContext({ os: 'windows', architecture: 'amd64' });
  const request = { kind: 'encoded-task', source: { kind: 'none' }, taskText: 'steps: [{cmd: x}]' } as const;
  const result = compileRequest(request, undefined, context, { unsupported: 'warning' });
  assert.deepEqual(result.ok && result.value.networks[0]?.driver, 'nat');
});

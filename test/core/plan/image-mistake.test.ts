import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

/** The hints of the errors about images. */
function hintsOf(taskText: string): readonly (string | undefined)[] {
  const result = compileTask({ taskText, fileName: 'task.yaml', context: testContext() });
  const found = result.ok ? [] : result.diagnostics.filter(({ code }) => code === 'image-invalid');
  return found.map(({ hint }) => hint);
}

const OFF = 'Aliases such as $Registry need version: v1.1.0 (with a small v); or write {{.Run.Registry}}.';
const OWN =
  'Aliases such as $tool need version: v1.1.0 (with a small v); or write a template such as {{.Run.Registry}}.';

const cases = [
  { version: 'v1.0.0', step: 'cmd: $Registry/app:$ID', hints: [OFF] },
  { version: 'V1.1.0', step: 'build: -t $Registry/app:$ID .', hints: [OFF] },
  { version: 'v1.0.0', step: 'push: ["$Registry/app:$ID", "$Registry/b"]', hints: [OFF, OFF] },
  { version: 'v1.0.0', step: 'cmd: $tool x', hints: [OWN] },
  { version: 'v1.1.0', step: 'cmd: a/app:$Id', hints: ['Did you mean "$ID"?'] },
  { version: 'v1.1.0', step: 'build: -t a:$Id -t b:$Dat .', hints: ['Did you mean "$ID"?', 'Did you mean "$Date"?'] },
  { version: 'v1.1.0', step: 'push: ["$Registri/app"]', hints: ['Did you mean "$Registry"?'] },
  {
    version: 'v1.1.0',
    step: 'push: ["a:$quitedifferent"]',
    hints: ['Declare quitedifferent under values: of alias:, or write a template such as {{.Run.Registry}}.'],
  },
];

for (const { version, step, hints } of cases) {
  test(`version ${version} with ${step}`, () => {
    assert.deepEqual(hintsOf(`version: ${version}\nsteps:\n  - ${step}\n`), hints);
  });
}

for (const name of ['slipway.invalid/test:r1-1-1', 'SLIPWAY.invalid:443/a']) {
  for (const step of [`cmd: ${name} true`, `build: -t ${name} .`, `push: [${name}]`, `build: --cache-from ${name} .`]) {
    test(`a name under which another run may hold its image is none: ${step}`, () => {
      assert.deepEqual(hintsOf(`steps:\n  - ${step}\n`), ['Use the name that the build step gave it with -t.']);
    });
  }
}

test('a cure has templates and aliases as they are in the file', () => {
  const taskText = 'version: v1.1.0\nsteps:\n  - cmd: bash echo {{.Run.ID}} $ID | cat\n  - cmd: >\n      a $ID | b\n';
  const result = compileTask({ taskText, fileName: 'task.yaml', context: testContext() });
  const hints = result.ok ? [] : result.diagnostics.map(({ hint = '' }) => hint.split('\nAfter rendering')[0]);
  assert.deepEqual(hints, [
    "Run a shell in the container:\ncmd: bash -c 'echo {{.Run.ID}} $ID | cat'",
    "Run a shell in the container: cmd: IMAGE sh -c '…'",
  ]);
});

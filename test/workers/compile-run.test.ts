import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createTextReader } from '../../src/adapters/text/text-reader.ts';
import { compileRun } from '../../workers/compile-run.ts';
import { aRun } from '../support/fakes/run.ts';

const directory = await realpath(await mkdtemp(path.join(tmpdir(), 'slipway-compile-')));
after(() => rm(directory, { recursive: true }));
const TASK = 'version: v1.1.0\nalias: {src: [a.yaml, "{{.Values.more}}"]}\nsteps: [{cmd: $tool $who $Registry}]';
await writeFile(path.join(directory, 'task.yaml'), TASK);
await writeFile(path.join(directory, 'a.yaml'), 'tool: busybox\nwho: a');
await writeFile(path.join(directory, 'b.yaml'), 'who: b');

const source = { kind: 'none' } as const;
const deps = { registry: 'r.test', textReader: createTextReader() };

for (const [more, expected] of [
  ['a.yaml', 'a'],
  ['b.yaml', 'b'],
] as const) {
  for (const request of [
    { kind: 'task-file', source, taskFile: 'task.yaml', set: { more } } as const,
    { kind: 'encoded-task', source, taskText: TASK, set: { more } } as const,
  ]) {
    test(`a ${request.kind} gets its aliases from the files of its source: ${more}`, async () => {
      const compiled = await compileRun(aRun({ request }), directory, deps);
      assert.ok(compiled.ok);
      const [step] = compiled.value.steps;
      assert.deepEqual(step?.kind === 'cmd' ? [step.image, ...step.args] : [], ['busybox', expected, 'r.test']);
    });
  }
}

test('a file that cannot be read is told with its reason, at its place', async () => {
  const request = { kind: 'encoded-task', source, taskText: TASK, set: { more: '../b.yaml' } } as const;
  const compiled = await compileRun(aRun({ request }), path.join(directory, '.'), deps);
  assert.ok(!compiled.ok);
  assert.deepEqual(
    compiled.diagnostics.map(({ code, message, place }) => [code, message, place?.line]),
    [['alias-source-unavailable', 'The alias file "../b.yaml" cannot be read: the source has no such file', 2]],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createTextReader } from '../../src/adapters/text/text-reader.ts';
import { USUAL_BUILDS } from '../../src/core/plan/build/prepare-builds.ts';
import { STRICT_POLICY } from '../../src/core/policy/worker-policy.ts';
import { runLocally } from '../../workers/run-locally.ts';
import { noContexts } from '../support/fakes/context-fetcher.ts';
import { aRun } from '../support/fakes/run.ts';
import { fakeSecretSource } from '../support/fakes/secret-source.ts';
import { createFakeStepEngine } from '../support/fakes/step-engine.ts';

/** A run of one step that waits, on a fake engine, with one thing to hide. */
function rig(step = 'cmd: busybox true') {
  const engine = createFakeStepEngine({ kind: 'waits' });
  const taskText = `version: v1.0.0\nsteps:\n  - ${step}\n`;
  const log: string[] = [];
  const faults: Error[] = [];
  const ended = runLocally(
    {
      run: aRun({ request: { kind: 'encoded-task', source: { kind: 'none' }, taskText } }),
      engine,
      registry: 'localhost:5000',
      fetch: async () => ({ directory: '/nowhere', fetchContext: noContexts, remove: async () => undefined }),
      textReader: createTextReader(),
      imageAliases: new Map(),
      secretSource: fakeSecretSource({}),
      signIns: [],
      policy: STRICT_POLICY,
      builds: USUAL_BUILDS,
      secrets: ['hush-hush'],
      now: () => 5_000,
      onLog: (chunk) => void log.push(chunk.text),
      onRun: () => undefined,
      onFault: (error) => void faults.push(error),
    },
    new AbortController().signal,
  );
  return { engine, ended, log, faults };
}

test('what it is given to hide is hidden, from the first line on', async () => {
  const { engine, ended, log, faults } = rig();
  const step = await engine.started('acb_step_0');
  await step.output.write('stdout', Buffer.from('the hush-hush word\n'));
  step.exit(0);
  assert.equal((await ended).status, 'Succeeded');
  assert.match(log.join('\n'), /the \*\*\* word/);
  assert.doesNotMatch(log.join('\n'), /hush/);
  assert.deepEqual(faults, []);
});

test('a fault is told with its causes, and with nothing that is to be hidden', async () => {
  const { engine, ended, faults } = rig();
  const cause = new Error('because of hush-hush');
  (await engine.started('acb_step_0')).fault(new Error('The engine is gone.', { cause }));
  const run = await ended;
  assert.deepEqual([run.status, run.failure?.code], ['Error', 'worker-fault']);
  assert.equal(faults.length, 1);
  assert.match(inspect(faults[0]), /The engine is gone\.[\s\S]*run-locally\.test\.ts[\s\S]*because of \*\*\*/);
});

test('layers that a run keeps go on arriving after it', async () => {
  const { engine, ended } = rig('{build: -t localhost:5000/app ., cache: enabled}');
  (await engine.started('acb_step_0')).exit(0);
  const { status, id } = await ended;
  assert.equal(status, 'Succeeded');
  assert.equal(engine.onTheirWay(id).length, 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { makeContainer } from '../../../workers/engine/container-life.ts';
import { decideContainer } from '../../../workers/engine/create-options.ts';
import { cmdStep } from '../../support/fakes/planned-steps.ts';
import { answer, startScriptedEngine } from './scripted-engine.ts';

const never = new AbortController().signal;
const attempt = { installation: 'here', runId: 'r0000001', attempt: 1 };

test('what a container is made of stands in the body of the request, and only its name in the address', async () => {
  const engine = await startScriptedEngine((_request, response) => answer(response, 400, { message: 'not today' }));
  const connection = connectEngine(engine.dockerHost);
  try {
    const step = cmdStep('web', { env: ['TOKEN=abc'], args: ['echo', 'hi'] });
    const decision = decideContainer(step, attempt, STRICT_POLICY);
    assert.ok(decision.kind === 'create');
    const made = await makeContainer(connection, decision.options, never);
    assert.deepEqual(made, { kind: 'refused', status: 400, message: 'not today' });
    const request = await engine.requested(/^POST/);
    assert.equal(request.url, '/containers/create?name=slipway-r0000001-1-web');
    const body: { Env?: unknown; Cmd?: unknown; name?: unknown } = JSON.parse(request.body);
    assert.deepEqual([body.Env, body.Cmd, body.name], [['HOME=/acb/home', 'TOKEN=abc'], ['echo', 'hi'], undefined]);
  } finally {
    connection.close();
    await engine.close();
  }
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { createAhead } from '../../../workers/engine/ahead.ts';
import type { AttemptRoom } from '../../../workers/engine/attempt-room.ts';
import { runBuildStep } from '../../../workers/engine/build-step.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { readFacts } from '../../../workers/engine/engine-facts.ts';
import { createKeptLayers } from '../../../workers/engine/kept-layers.ts';
import { createKnownImages } from '../../../workers/engine/known-images.ts';
import { createLatePushes } from '../../../workers/engine/late-pushes.ts';
import { createRegistrySilence } from '../../../workers/engine/registry-silence.ts';
import type { SourceFiles } from '../../../workers/engine/source-files.ts';
import { createWorkspaceVolume } from '../../../workers/engine/workspace-volume.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { noContexts } from '../../support/fakes/context-fetcher.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { nothingHidden } from '../../support/fakes/show-all.ts';
import { type EngineScript, type ScriptedEngine, startScriptedEngine } from './scripted-engine.ts';

async function withEngine(
  script: EngineScript,
  body: (connection: ReturnType<typeof connectEngine>, engine: ScriptedEngine) => Promise<void>,
): Promise<void> {
  const engine = await startScriptedEngine(script);
  const connection = connectEngine(engine.dockerHost);
  try {
    await body(connection, engine);
  } finally {
    connection.close();
    await engine.close();
  }
}

/** An engine that breaks off as soon as it has something of a body. */
async function withDeafEngine(body: (connection: ReturnType<typeof connectEngine>) => Promise<void>): Promise<void> {
  const server = createServer((request) => void request.once('data', () => request.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const connection = connectEngine(`tcp://127.0.0.1:${address.port}`);
  try {
    await body(connection);
  } finally {
    connection.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Files without end; `closed` resolves when nobody reads them any more. */
function endlessFiles(): { readonly files: SourceFiles; readonly closed: Promise<void> } {
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const files: SourceFiles = {
    place: 'the source',
    kind: async (path) => (path === '.' ? 'directory' : 'file'),
    read: async () => undefined,
    async *entries() {
      const body = Buffer.alloc(100_000);
      try {
        for (let index = 0; ; index += 1) yield { header: { name: `f${index}`, size: body.length }, body };
      } finally {
        close();
      }
    },
    list: () => ({ entries: () => assert.fail('The classic builder takes a stream.'), close() {} }),
  };
  return { files, closed };
}

test('a build whose engine breaks off lets go of its files', () =>
  withDeafEngine(async (connection) => {
    const { files, closed } = endlessFiles();
    const id = { installation: 'here', runId: 'r0000001', attempt: 1 };
    const room: AttemptRoom = {
      id,
      connection,
      policy: STRICT_POLICY,
      credentials: [],
      registries: createMemoryRegistries(),
      silence: createRegistrySilence(),
      sbomScanner: undefined,
      provenance: undefined,
      buildTimes: undefined,
      source: undefined,
      scratchDirectory: undefined,
      built: new Map(),
      held: [],
      leftLayers: [],
      facts: async () => readFacts({}),
      namespace: { isFor: () => false, join: async (options) => options },
      images: createKnownImages(connection),
      ahead: createAhead(),
      onRunning: () => {},
      declared: { networks: [], volumes: [] },
      networks: { ready: async () => {}, tell: () => {} },
      secretVolumes: { mountsFor: async () => ({ kind: 'mounts', mounts: [] }), find: () => undefined },
      keepTrack: () => {},
      fetchContext: noContexts,
      ...nothingHidden,
      workspace: { enter: async () => {}, files: async () => files, add: async () => false, fetched: new Map() },
      keptLayers: createKeptLayers(
        { connection, credentials: [], id },
        createLatePushes(() => assert.fail()),
      ),
      now: Date.now,
      newName: (step) => step,
      lingering: new Map(),
    };
    const { signal } = new AbortController();
    await assert.rejects(
      runBuildStep(buildStep('b', { env: ['DOCKER_BUILDKIT=0'] }), room, recordOutput(), signal),
      /socket hang up|ECONNRESET/,
    );
    await closed;
  }));

for (const question of ['kind', 'read', 'entries'] as const) {
  test(`a workspace on an engine that hangs can be given up: ${question}`, () =>
    withEngine(
      () => {},
      async (connection, engine) => {
        const files = createWorkspaceVolume(connection.docker.getContainer('holder'), tmpdir());
        const stop = new AbortController();
        const everything = { wants: () => true, canSkip: () => false };
        const asking =
          question === 'entries'
            ? files.entries('.', everything, stop.signal)[Symbol.asyncIterator]().next()
            : question === 'read'
              ? files.read('.', 100, stop.signal)
              : files.kind('.', stop.signal);
        await Promise.race([engine.requested(/^HEAD \/containers\/holder\/archive/), asking]);
        stop.abort();
        await assert.rejects(asking, { name: 'AbortError' });
      },
    ));
}

import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { ContextFetcher } from '../../../src/ports/context-fetcher.ts';
import { createContextFetcher } from '../../../workers/source/fetch-context.ts';
import { attachedStatements } from '../../support/attached-statements.ts';
import { buildStep, cmdStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { startGitServer } from '../../support/git-server.ts';
import { remoteDeps } from '../../support/remote-deps.ts';
import { labelsOfImage } from './real-cache.ts';
import { withRealRun } from './real-engine.ts';

const DOCKERFILE = 'FROM busybox\nCOPY word /word\n';
const TOKEN = 'sesame-for-builds';

for (const [when, isVolume] of [
  ['before the workspace is a volume', false],
  ['after the workspace has become a volume', true],
] as const) {
  test(`the context of a build is fetched with the token of its host and seen by later steps, ${when}`, async (t) => {
    const root = temporaryFolder(t);
    makeRepository(path.join(root, 'x'), { 'app/Dockerfile': DOCKERFILE, 'app/word': 'fetched' });
    const server = await startGitServer(t, root, TOKEN);
    const fetchContext = createContextFetcher(path.join(temporaryFolder(t), 'contexts'), remoteDeps());
    await withRealRun(
      { here: 'here' },
      async ({ succeed, run, runId }) => {
        if (isVolume)
          await succeed(cmdStep('before', { image: 'busybox', args: ['cat', 'here'], workingDirectory: '/workspace' }));
        const context = `${server.url.replace('//', `//me:${TOKEN}@`)}/x/.git#main:app`;
        const image = `fetched-context:${runId}`;
        const output = await succeed(buildStep('tool', { context, dockerfile: 'Dockerfile', images: [image] }));
        assert.match(output.notes.join('\n'), /Fetching http:\/\/127[^@]*#main:app/);
        assert.ok(!(output.notes.join('\n') + output.text('stdout') + output.text('stderr')).includes(TOKEN));
        const again = await run(buildStep('tool', { context, dockerfile: 'Dockerfile', images: [image] }));
        assert.equal(again.result.kind, 'succeeded', 'what was fetched is used again');
        const after = cmdStep('after', {
          image,
          args: ['cat', '/word', '/workspace/tool/app/word', '/workspace/here'],
        });
        assert.equal((await succeed(after)).text('stdout'), 'fetchedfetchedhere');
        const taken = await run(buildStep('here', { context, dockerfile: 'Dockerfile', images: [image] }));
        assert.match(JSON.stringify(taken.result), /folder \\"here\\" of the workspace, which exists already/);
        const absent = await run(buildStep('c', { context: `${server.url}/absent.git`, dockerfile: 'Dockerfile' }));
        assert.match(JSON.stringify(absent.result), /build-failed.*without a credential/);
      },
      { fetchContext },
    );
  });
}

test('a context that was broken off on its way into the volume is replaced when the step is tried again', async (t) => {
  const given: Record<string, number>[] = [{ 'a-stale': 1, big: 2_000_000_000 }, { Dockerfile: 0 }];
  const stop = new AbortController();
  const fetchContext: ContextFetcher = async () => {
    const folder = temporaryFolder(t);
    for (const [name, size] of Object.entries(given.shift() ?? {})) {
      await writeFile(path.join(folder, name), name === 'Dockerfile' ? 'FROM scratch\nCOPY . /\n' : '');
      if (size > 0) await truncate(path.join(folder, name), size);
    }
    return { kind: 'fetched', folder, directory: '.' };
  };
  await withRealRun(
    {},
    async ({ succeed, run, runId }) => {
      const list = { args: ['sh', '-c', 'ls /workspace/tool 2>/dev/null || true'] };
      await succeed(cmdStep('before', list));
      const context = 'https://h.test/r.git';
      const step = buildStep('tool', { context, dockerfile: 'Dockerfile', images: [`fetched-context:${runId}`] });
      setTimeout(() => stop.abort(new Error('enough')), 700);
      await assert.rejects(run(step, stop.signal), /enough/);
      assert.match((await succeed(cmdStep('between', list))).text('stdout'), /a-stale/, 'it was there in part');
      await succeed(step);
      assert.equal((await succeed(cmdStep('after', list))).text('stdout'), 'Dockerfile\n');
    },
    { fetchContext },
  );
});

const SOURCE = 'org.opencontainers.image.source';
const REVISION = 'org.opencontainers.image.revision';
const ofRun = {
  revision: 'a'.repeat(40),
  ownLabels: [`${SOURCE}=https://h.test/run.git`, `${REVISION}=${'a'.repeat(40)}`],
};

for (const [from, source, step] of [
  ['a repository', { uri: 'https://h.test/run.git', commit: 'a'.repeat(40) }, ofRun],
  ['an upload', undefined, { ownLabels: [] }],
] as const) {
  test(`what is built from a repository of its own is told as of that one, in a run from ${from}`, async (t) => {
    const root = temporaryFolder(t);
    const commit = makeRepository(path.join(root, 'x'), { 'app/Dockerfile': DOCKERFILE, 'app/word': 'tool' });
    const server = await startGitServer(t, root, TOKEN);
    const fetchContext = createContextFetcher(path.join(temporaryFolder(t), 'contexts'), remoteDeps());
    const repository = `${server.url}/x/.git`;
    await withRealRun(
      { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' },
      async ({ run, registry, runId }) => {
        const told = async (id: string, context: string, dockerfile = 'Dockerfile') => {
          const image = `${registry}/test/${id}-${runId}:1`;
          const { ownLabels, ...rest } = { ...step, ownLabels: [...step.ownLabels] };
          const { result } = await run(buildStep(id, { context, dockerfile, images: [image], ownLabels, ...rest }));
          assert.ok(result.kind === 'succeeded', JSON.stringify(result));
          const { result: push } = await run(pushStep('push', { images: [image] }));
          const [statement = '{}'] = await attachedStatements(push.images?.[0]);
          const { [SOURCE]: label, [REVISION]: revision } = await labelsOfImage(image);
          assert.ok(!statement.includes(TOKEN));
          return {
            labels: [label, revision],
            head: result.build?.dependencies[0]?.git['git-head-revision'],
            from: JSON.parse(statement).predicate.buildDefinition.resolvedDependencies[0],
            context: JSON.parse(statement).predicate.buildDefinition.externalParameters.context,
          };
        };
        const uri = `${repository}#main:app`;
        const ofTool = {
          labels: [repository, commit],
          head: commit,
          from: { uri, digest: { gitCommit: commit } },
        };
        const withToken = uri.replace('//', `//me:${TOKEN}@`);
        assert.deepEqual(await told('tool', withToken), { ...ofTool, context: uri });
        assert.deepEqual(await told('later', 'tool/app'), { ...ofTool, context: 'tool/app' });
        const own = await told('own', '.');
        assert.deepEqual(own.labels, source === undefined ? [undefined, undefined] : [source.uri, source.commit]);
        assert.equal(own.head, source?.commit ?? '');
        assert.deepEqual(own.from, source && { uri: source.uri, digest: { gitCommit: source.commit } });
      },
      { fetchContext, provenance: { version: '1.0.0', always: true }, ...(source === undefined ? {} : { source }) },
    );
  });
}

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { createContextFetcher } from '../../../workers/source/fetch-context.ts';
import { buildStep, cmdStep } from '../../support/fakes/planned-steps.ts';
import { makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { startGitServer } from '../../support/git-server.ts';
import { remoteDeps } from '../../support/remote-deps.ts';
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

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGitFetcher } from '../../../src/adapters/git/git-fetcher.ts';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import { gitFetcherContract } from '../../contract/git-fetcher.ts';
import { startGitDaemon } from '../../support/git-daemon.ts';
import { addSubmodule, git, makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { processesWith } from '../../support/processes.ts';
import { startSilentServer } from '../../support/silent-server.ts';

const limits = { maxBytes: 10_000_000, maxEntries: 1_000 };
const never = new AbortController().signal;
const fetcher = createGitFetcher({
  http: createHttpGetter(),
  credentials: new Map(),
  check: (address) => (address === '127.0.0.2' ? 'forbidden here' : undefined),
  env: process.env,
});

async function rig(t: TestContext) {
  const root = temporaryFolder(t);
  const commit = makeRepository(path.join(root, 'x.git'), { 'hello.txt': 'hello' });
  return { root, commit, url: await startGitDaemon(t, root) };
}

gitFetcherContract('the real git fetcher over git://', async (t) => {
  const { commit, url } = await rig(t);
  return { fetcher, repository: `${url}/x.git`, commit };
});

test('refs and submodules are fetched over git://', async (t) => {
  const { root, commit, url } = await rig(t);
  const parent = path.join(root, 'parent.git');
  const first = makeRepository(parent, { file: 'first' });
  git(parent, 'tag', 'v1');
  addSubmodule(parent, 'sub', '../x.git', commit);
  const last = git(parent, 'rev-parse', 'HEAD');
  for (const { ref, at } of [
    { ref: 'v1', at: first },
    { ref: first, at: first },
    { ref: first.slice(0, 8), at: first },
    { ref: last, at: last },
  ]) {
    const folder = temporaryFolder(t);
    const result = await fetcher.fetch({ repository: `${url}/parent.git`, ref, limits }, folder, assert.fail, never);
    assert.deepEqual(result, { kind: 'fetched', commit: at, branch: '' }, ref);
    if (at === last) assert.equal(await readFile(path.join(folder, 'sub/hello.txt'), 'utf8'), 'hello');
  }
});

test('what git:// does not give is said', async (t) => {
  const { url } = await rig(t);
  for (const [repository, says] of [
    [`${url}/absent.git`, /absent\.git does not exist, or is not open/],
    ['git://127.0.0.2/x.git', /127\.0\.0\.2 is forbidden here/],
  ] as const) {
    const result = await fetcher.fetch({ repository, limits }, temporaryFolder(t), assert.fail, never);
    assert.match(JSON.stringify(result), says);
  }
});

test('a fetch from a host that never answers is ended by canceling it', async (t) => {
  const repository = `git://${await startSilentServer(t)}/x.git`;
  const canceling = new AbortController();
  const reason = new Error('canceled');
  const fetching = fetcher.fetch({ repository, limits }, temporaryFolder(t), assert.fail, canceling.signal);
  const ended = assert.rejects(fetching, reason);
  for (let i = 0; i < 500 && (await processesWith(repository)).length === 0; i++) await new Promise(setImmediate);
  canceling.abort(reason);
  await ended;
  assert.deepEqual(await processesWith(repository), []);
});

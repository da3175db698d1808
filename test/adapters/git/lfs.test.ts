import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGitFetcher } from '../../../src/adapters/git/git-fetcher.ts';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import { parseSourceCredentials } from '../../../src/core/source/credentials.ts';
import { findCommand } from '../../../src/embedded/find-command.ts';
import { addSubmodule, makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { type GitServer, startGitServer } from '../../support/git-server.ts';
import { keepLfs, lfsPointer } from '../../support/lfs-server.ts';
import { processesIn } from '../../support/processes.ts';
import { startSshServer, whyNoSsh } from '../../support/ssh-server.ts';

const TOKEN = 'sesame';
const CONTENT = 'what Git LFS keeps apart';
const ATTRIBUTES = '*.bin filter=lfs diff=lfs merge=lfs -text\n';
const never = new AbortController().signal;
const skip = findCommand(['git-lfs'], process.env.PATH) ? false : 'git-lfs is not here: apt-get install git-lfs';

interface Wish {
  readonly repository: string;
  readonly credentials?: object;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly maxBytes?: number;
  readonly check?: (address: string) => string | undefined;
  readonly signal?: AbortSignal;
  readonly folder?: string;
}

async function fetch(
  t: TestContext,
  { repository, credentials = {}, env, maxBytes = 10_000_000, check, ...wish }: Wish,
) {
  const known = parseSourceCredentials(JSON.stringify(credentials)).credentials;
  const deps = { http: createHttpGetter({ pausesMs: [] }), credentials: known, env: env ?? process.env };
  const folder = wish.folder ?? temporaryFolder(t);
  const notes: string[] = [];
  const request = { repository, limits: { maxBytes, maxEntries: 1_000 } };
  const fetcher = createGitFetcher({ ...deps, check: check ?? (() => undefined) });
  const result = await fetcher.fetch(request, folder, (line) => void notes.push(line), wish.signal ?? never);
  return { result, notes, read: (name: string) => readFile(path.join(folder, name), 'utf8') };
}

/** A repository `x` with a file that Git LFS keeps, behind a server. */
async function rig(t: TestContext, token?: string, more: Readonly<Record<string, string>> = {}) {
  const root = temporaryFolder(t);
  const files = { '.gitattributes': ATTRIBUTES, 'a/large.bin': lfsPointer(CONTENT), small: 'small', ...more };
  const commit = makeRepository(path.join(root, 'x'), files);
  const server = await startGitServer(t, root, token);
  return { root, commit, server, repository: `${server.url}/x/.git` };
}

test('files of Git LFS arrive, also of submodules, with the login of the host', { skip }, async (t) => {
  const { root, commit, server, repository } = await rig(t, TOKEN);
  const seen = keepLfs(server, [CONTENT], { token: TOKEN });
  const parent = path.join(root, 'parent');
  makeRepository(parent, { '.gitattributes': ATTRIBUTES, 'top.bin': lfsPointer(CONTENT) });
  addSubmodule(parent, 'sub', repository, commit);
  const wish = { repository: `${server.url}/parent/.git`, credentials: { [server.url]: { token: TOKEN } } };
  const { result, read, notes } = await fetch(t, wish);
  assert.equal(result.kind, 'fetched', JSON.stringify(result));
  assert.deepEqual(
    [await read('top.bin'), await read('sub/a/large.bin'), await read('sub/small')],
    [CONTENT, CONTENT, 'small'],
  );
  assert.deepEqual(notes, []);
  const used = new Set(seen.map(({ authorization }) => authorization));
  assert.deepEqual([...used], [`Basic ${btoa(`x-access-token:${TOKEN}`)}`]);
});

/** The storage was asked once, and not told who asks. */
function assertNoLogin(asked: ReturnType<typeof keepLfs>): void {
  assert.deepEqual(
    asked.map(({ authorization }) => authorization),
    [undefined],
  );
}

test('the login does not go to another host, where the files are kept', { skip }, async (t) => {
  const { root, server, repository } = await rig(t, TOKEN);
  const storage = await startGitServer(t, root);
  const asked = keepLfs(storage, [CONTENT]);
  // In a spelling for which git-lfs asks its proxy, as for all hosts but 127.0.0.1 and localhost.
  keepLfs(server, [CONTENT], { token: TOKEN, storage: storage.url.replace('127.0.0.1', '127.1') });
  const { result, read } = await fetch(t, { repository, credentials: { [server.url]: { token: TOKEN } } });
  assert.equal(result.kind, 'fetched', JSON.stringify(result));
  assert.equal(await read('a/large.bin'), CONTENT);
  assertNoLogin(asked);
});

test('a redirect of the object does not take the login along', { skip }, async (t) => {
  const { root, server, repository } = await rig(t, TOKEN);
  const storage = await startGitServer(t, root);
  const asked = keepLfs(storage, [CONTENT]);
  keepLfs(server, [CONTENT], { token: TOKEN });
  const { intercept } = server;
  server.intercept = (request, response) => {
    if (request.url?.startsWith('/lfs-objects/') !== true) return intercept(request, response);
    response.writeHead(302, { location: storage.url + request.url }).end();
    return true;
  };
  const { result, read } = await fetch(t, { repository, credentials: { [server.url]: { token: TOKEN } } });
  assert.equal(result.kind, 'fetched', JSON.stringify(result));
  assert.equal(await read('a/large.bin'), CONTENT);
  assertNoLogin(asked);
});

test('with a repository over ssh the host itself says where files are, and who asks', {
  skip: skip || whyNoSsh(),
}, async (t) => {
  const { root, server } = await rig(t);
  const seen = keepLfs(server, [CONTENT], { token: 'from-ssh' });
  const { port, keys, knownHosts, programs } = await startSshServer(t);
  const answer = { href: `${server.url}/x/.git/info/lfs`, header: { Authorization: `Basic ${btoa('lfs:from-ssh')}` } };
  const script = `#!/bin/sh\necho "$*" >${root}/asked\necho '${JSON.stringify(answer)}'\n`;
  writeFileSync(path.join(programs, 'git-lfs-authenticate'), script, { mode: 0o755 });
  const credentials = { [`127.0.0.1:${port}`]: { sshKey: keys.good, knownHosts } };
  const repository = `ssh://git@127.0.0.1:${port}${root}/x`;
  const { result, read } = await fetch(t, { repository, credentials });
  assert.equal(result.kind, 'fetched', JSON.stringify(result));
  assert.equal(await read('a/large.bin'), CONTENT);
  assert.match(await readFile(path.join(root, 'asked'), 'utf8'), /^\S+\/x download$/m);
  assert.equal(seen.length, 2);
});

for (const { what, setUp, says } of [
  {
    what: 'a server that has not the object',
    setUp: (server: GitServer) => void keepLfs(server, []),
    says: /Git LFS keeps of .* is not all there: the server has not every object.*git lfs push --all/,
  },
  {
    what: 'a server that asks for a login',
    setUp: (server: GitServer) => void keepLfs(server, [CONTENT], { token: 'other' }),
    says: /Git LFS keeps of .* its host refuses the worker.*SLIPWAY_SOURCE_CREDENTIALS/,
  },
  { what: 'a server without Git LFS', setUp: () => undefined, says: /Git LFS keeps of .*\S/ },
]) {
  test(`${what} is a failure with cause and cure`, { skip }, async (t) => {
    const { server, repository } = await rig(t);
    setUp(server);
    const { result } = await fetch(t, { repository });
    assert.equal(result.kind, 'unusable');
    assert.match(JSON.stringify(result), says);
  });
}

test('what Git LFS keeps counts as what is fetched', { skip }, async (t) => {
  const { server, repository, root } = await rig(t);
  const large = 'x'.repeat(100_000);
  makeRepository(path.join(root, 'y'), { '.gitattributes': ATTRIBUTES, 'large.bin': lfsPointer(large) });
  keepLfs(server, [large]);
  const { result } = await fetch(t, { repository: repository.replace('/x/', '/y/'), maxBytes: 90_000 });
  assert.match(JSON.stringify(result), /more than 90000 bytes to fetch/);
});

for (const { url, says } of [
  { url: 'http://127.0.0.2/x', says: /127\.0\.0\.2 is forbidden here/ },
  { url: 'file:///etc', says: /not fetched from/ },
]) {
  test(`a commit cannot send git-lfs to ${url}`, { skip }, async (t) => {
    const { repository } = await rig(t, undefined, { '.lfsconfig': `[lfs]\n\turl = ${url}\n` });
    const check = (address: string) => (address === '127.0.0.2' ? 'forbidden here' : undefined);
    assert.match(JSON.stringify((await fetch(t, { repository, check })).result), says);
  });
}

test('a server cannot send git-lfs on to where workers must not go', { skip }, async (t) => {
  const { server, repository } = await rig(t);
  // git-lfs asks a proxy for this spelling of 127.0.0.2 alone.
  keepLfs(server, [CONTENT], { storage: 'http://127.2:1' });
  const check = (address: string) => (address === '127.0.0.2' ? 'forbidden here' : undefined);
  const { result } = await fetch(t, { repository, check });
  assert.match(JSON.stringify(result), /Git LFS keeps of .* is not fetched: 127\.0\.0\.2 is forbidden here\./);
});

test('a fetch that is canceled while git-lfs waits leaves no process', { skip }, async (t) => {
  const { server, repository } = await rig(t);
  const canceling = new AbortController();
  const reason = new Error('canceled');
  const folder = temporaryFolder(t);
  const running: string[] = [];
  server.intercept = (request) => {
    if (!request.url?.endsWith('/objects/batch')) return false;
    processesIn(folder).then((found) => {
      running.push(...found);
      canceling.abort(reason);
    });
    return true;
  };
  await assert.rejects(fetch(t, { repository, signal: canceling.signal, folder }), reason);
  assert.ok(
    running.some((words) => /git-lfs/.test(words)),
    running.join(),
  );
  assert.deepEqual(await processesIn(folder), []);
});

test('without git-lfs the pointer stays, and the log says so', async (t) => {
  const { repository } = await rig(t);
  const programs = temporaryFolder(t);
  symlinkSync(findCommand(['git'], process.env.PATH) ?? '', path.join(programs, 'git'));
  const { result, read, notes } = await fetch(t, { repository, env: { PATH: programs } });
  assert.equal(result.kind, 'fetched', JSON.stringify(result));
  assert.equal(await read('a/large.bin'), lfsPointer(CONTENT));
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /^warning: A file of http.* is kept in Git LFS, and this worker has no git-lfs/);
});

import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGitFetcher } from '../../../src/adapters/git/git-fetcher.ts';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import { parseSourceCredentials } from '../../../src/core/source/credentials.ts';
import type { GitRequest } from '../../../src/ports/git-fetcher.ts';
import { gitFetcherContract } from '../../contract/git-fetcher.ts';
import { addSubmodule, commitFiles, git, makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { startGitServer } from '../../support/git-server.ts';
import { processesWith } from '../../support/processes.ts';

const limits = { maxBytes: 10_000_000, maxEntries: 1_000 };
const never = new AbortController().signal;
const TOKEN = 'sesame-of-the-parent';

function fetcherWith(credentials: object) {
  return createGitFetcher({
    http: createHttpGetter({ pausesMs: [1, 1] }),
    credentials: parseSourceCredentials(JSON.stringify(credentials)).credentials,
    check: () => undefined,
    env: process.env,
  });
}

async function fetch(t: TestContext, credentials: object, request: Omit<GitRequest, 'limits'>, signal = never) {
  const folder = temporaryFolder(t);
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const result = await fetcherWith(credentials).fetch({ limits, ...request }, folder, note, signal);
  return { folder, result, notes };
}

gitFetcherContract('the real git fetcher', async (t) => {
  const root = temporaryFolder(t);
  const commit = makeRepository(path.join(root, 'x'), { 'hello.txt': 'hello' });
  const { url } = await startGitServer(t, root);
  return { fetcher: fetcherWith({}), repository: `${url}/x/.git`, commit };
});

/** Two commits on main, a branch, two tags and a pull request. */
function history(folder: string) {
  const first = makeRepository(folder, { file: 'first' });
  git(folder, 'tag', 'light');
  git(folder, 'tag', '-a', 'heavy', '-m', 'a tag');
  git(folder, 'branch', 'feature/x');
  const second = commitFiles(folder, { file: 'second' });
  git(folder, 'update-ref', 'refs/pull/7/head', first);
  git(folder, 'update-ref', 'refs/pull/7/merge', second);
  return { first, second };
}

const refs = [
  { ref: 'light', at: 'first', branch: '' },
  { ref: 'heavy', at: 'first', branch: '' },
  { ref: 'refs/tags/heavy', at: 'first', branch: '' },
  { ref: 'feature/x', at: 'first', branch: 'feature/x' },
  { ref: 'refs/heads/feature/x', at: 'first', branch: 'feature/x' },
  { ref: 'pull/7/head', at: 'first', branch: '' },
  { ref: 'refs/pull/7/merge', at: 'second', branch: '' },
] as const;

test('every kind of ref names a commit, and branches are told', async (t) => {
  const root = temporaryFolder(t);
  const ids = history(path.join(root, 'x'));
  const { url } = await startGitServer(t, root);
  for (const { ref, at, branch } of refs) {
    const { result, folder } = await fetch(t, {}, { repository: `${url}/x/.git`, ref });
    assert.deepEqual(result, { kind: 'fetched', commit: ids[at], branch }, ref);
    assert.equal(await readFile(path.join(folder, 'file'), 'utf8'), at);
    assert.equal(git(folder, 'rev-parse', 'HEAD'), ids[at]);
    assert.equal(git(folder, 'rev-list', '--count', 'HEAD'), '1', 'what came before is not fetched');
  }
});

for (const allowed of [true, false]) {
  test(`a commit is found by its id, also shortened, when the server ${allowed ? 'gives it out' : 'does not'}`, async (t) => {
    const root = temporaryFolder(t);
    const { first } = history(path.join(root, 'x'));
    git(path.join(root, 'x'), 'config', 'uploadpack.allowAnySHA1InWant', String(allowed));
    git(path.join(root, 'x'), 'config', 'protocol.version', '0');
    const { url } = await startGitServer(t, root);
    for (const ref of [first, first.slice(0, 9), first.toUpperCase()]) {
      const { result } = await fetch(t, {}, { repository: `${url}/x/.git`, ref });
      assert.deepEqual(result, { kind: 'fetched', commit: first, branch: '' });
    }
  });
}

const wrongRefs = ['absent', '0123456789012345678901234567890123456789', 'abcdef0', '-x', 'a..b', '--upload-pack=x'];
for (const ref of wrongRefs) {
  test(`the ref "${ref}" is refused with a reason`, async (t) => {
    const root = temporaryFolder(t);
    makeRepository(path.join(root, 'x'), { file: '' });
    const { url } = await startGitServer(t, root);
    const { result } = await fetch(t, {}, { repository: `${url}/x/.git`, ref });
    assert.equal(result.kind, 'unusable');
    assert.ok(result.kind === 'unusable' && result.message.includes(ref) && result.hint !== '', JSON.stringify(result));
  });
}

test('a token is only good for its own origin, and is nowhere in the folder', async (t) => {
  const root = temporaryFolder(t);
  makeRepository(path.join(root, 'x'), { file: '' });
  const { url, seen } = await startGitServer(t, root, TOKEN);
  const repository = `${url}/x/.git`;
  const without = await fetch(t, {}, { repository });
  assert.match(JSON.stringify(without.result), /without a credential \(status 401 .*SLIPWAY_SOURCE_CREDENTIALS/);
  const wrong = await fetch(t, { [url]: { token: 'other' } }, { repository });
  assert.match(JSON.stringify(wrong.result), /refuses the worker's credential/);
  assert.doesNotMatch(JSON.stringify([wrong.result, wrong.notes]), /other/);
  seen.length = 0;
  const right = await fetch(t, { [url]: { token: TOKEN } }, { repository });
  assert.equal(right.result.kind, 'fetched');
  assert.ok(seen.length > 1 && seen.every((header) => header?.startsWith('Basic ')));
  const files = await readdir(path.join(right.folder, '.git'), { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const content = await readFile(path.join(file.parentPath, file.name), 'latin1');
    assert.ok(!content.includes(TOKEN) && !content.includes(btoa(`x-access-token:${TOKEN}`)), file.name);
  }
});

test('a login in the address, or only a token, is used and not kept', async (t) => {
  const root = temporaryFolder(t);
  makeRepository(path.join(root, 'x'), { file: '' });
  const { url, seen } = await startGitServer(t, root);
  for (const [user, expected] of [
    ['me:secret', 'me:secret'],
    ['token', 'dummy:token'],
  ] as const) {
    seen.length = 0;
    const { folder, result } = await fetch(t, {}, { repository: `${url.replace('//', `//${user}@`)}/x/.git` });
    assert.equal(result.kind, 'fetched');
    assert.ok(seen.length > 1 && seen.every((header) => header === `Basic ${btoa(expected)}`));
    assert.equal(git(folder, 'remote', 'get-url', 'origin'), `${url}/x/.git`);
  }
});

test('redirects lead on, but the token stays behind', async (t) => {
  const root = temporaryFolder(t);
  makeRepository(path.join(root, 'x'), { file: '' });
  const there = await startGitServer(t, root);
  const here = await startGitServer(t, root, TOKEN);
  here.intercept = (request, response) => {
    response.writeHead(302, { location: there.url + request.url }).end();
    return true;
  };
  const { result } = await fetch(t, { [here.url]: { token: TOKEN } }, { repository: `${here.url}/x/.git` });
  assert.equal(result.kind, 'fetched');
  assert.ok(here.seen.every((header) => header !== undefined));
  assert.ok(there.seen.length > 1 && there.seen.every((header) => header === undefined));
});

test('a redirect that comes later is not followed at all', async (t) => {
  const root = temporaryFolder(t);
  makeRepository(path.join(root, 'x'), { file: '' });
  const there = await startGitServer(t, root);
  const here = await startGitServer(t, root);
  let requests = 0;
  here.intercept = (request, response) => {
    requests += 1;
    if (requests === 1) return false;
    response.writeHead(302, { location: there.url + request.url }).end();
    return true;
  };
  const { result } = await fetch(t, { [here.url]: { token: TOKEN } }, { repository: `${here.url}/x/.git` });
  assert.equal(result.kind, 'unusable');
  assert.deepEqual(there.seen, []);
});

test('submodules get the login of their own host and never that of the parent', async (t) => {
  const root = temporaryFolder(t);
  const [parent, child, open] = [
    await startGitServer(t, root, TOKEN),
    await startGitServer(t, root, 'child-token'),
    await startGitServer(t, root),
  ];
  const inner = makeRepository(path.join(root, 'inner'), { deep: 'deep' });
  const lib = makeRepository(path.join(root, 'lib'), { lib: 'lib' });
  const x = path.join(root, 'x');
  makeRepository(x, { file: 'file' });
  addSubmodule(x, 'vendor/lib', `${child.url}/lib/.git`, lib);
  addSubmodule(x, 'open', `${open.url}/inner/.git`, inner);
  addSubmodule(x, 'beside', '../../inner/.git', inner);
  const repository = `${parent.url.replace('//', `//me:${TOKEN}@`)}/x/.git`;

  const { folder, result } = await fetch(t, { [child.url]: { token: 'child-token' } }, { repository });
  assert.equal(result.kind, 'fetched', JSON.stringify(result));
  for (const [name, content] of [
    ['vendor/lib/lib', 'lib'],
    ['open/deep', 'deep'],
    ['beside/deep', 'deep'],
  ] as const) {
    assert.equal(await readFile(path.join(folder, name), 'utf8'), content);
  }
  assert.ok(
    child.seen.length > 1 && child.seen.every((header) => header === `Basic ${btoa('x-access-token:child-token')}`),
  );
  assert.ok(open.seen.length > 1 && open.seen.every((header) => header === undefined));

  const refused = await fetch(t, {}, { repository });
  assert.match(JSON.stringify(refused.result), /submodule \\"vendor\/lib\\" cannot be fetched.*without a credential/);
});

const evil = ['ext::sh -c touch% /tmp/evil', 'file:///etc', '/etc', '-u', 'ssh://-oProxyCommand=x/y', 'git@-x:y'];
for (const url of evil) {
  test(`a submodule at ${url} is refused`, async (t) => {
    const root = temporaryFolder(t);
    const x = path.join(root, 'x');
    const commit = makeRepository(x, { file: '' });
    addSubmodule(x, 'sub', url, commit);
    const server = await startGitServer(t, root);
    const { result } = await fetch(t, {}, { repository: `${server.url}/x/.git` });
    assert.match(JSON.stringify(result), /unusable.*submodule \\"sub\\"/);
  });
}

test('a submodule is not written through a link', async (t) => {
  const root = temporaryFolder(t);
  const outside = temporaryFolder(t);
  const x = path.join(root, 'x');
  const commit = makeRepository(x, { file: '' });
  symlinkSync(outside, path.join(x, 'link'));
  git(x, 'add', 'link');
  git(x, 'config', '--file', '.gitmodules', 'submodule.s.path', 'link');
  git(x, 'config', '--file', '.gitmodules', 'submodule.s.url', './x');
  git(x, 'add', '.gitmodules');
  git(x, 'commit', '-m', 'x');
  const server = await startGitServer(t, root);
  const { result } = await fetch(t, {}, { repository: `${server.url}/x/.git`, ref: 'main' });
  assert.equal(result.kind, 'fetched', 'it is no submodule for git');
  assert.deepEqual(await readdir(outside), []);
  assert.notEqual(commit, '');
});

test('hooks, filters and configuration of this machine have no say', async (t) => {
  const root = temporaryFolder(t);
  const marker = path.join(root, 'ran');
  makeRepository(path.join(root, 'x'), { '.gitattributes': '* filter=evil', file: 'text' });
  const { url } = await startGitServer(t, root);
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'filter.evil.smudge',
    GIT_CONFIG_VALUE_0: `touch ${marker}`,
    GIT_SSH_COMMAND: 'false',
  };
  const deps = { http: createHttpGetter(), credentials: new Map(), check: () => undefined, env };
  const folder = temporaryFolder(t);
  const request = { repository: `${url}/x/.git`, limits };
  assert.equal((await createGitFetcher(deps).fetch(request, folder, assert.fail, never)).kind, 'fetched');
  assert.ok(!existsSync(marker));
  assert.deepEqual(await readdir(path.join(folder, '.git')).then((names) => names.includes('hooks')), false);
});

for (const { name, bound, says } of [
  { name: 'bytes', bound: { maxBytes: 50_000, maxEntries: 1_000 }, says: /more than 50000 bytes/ },
  { name: 'files', bound: { maxBytes: 10_000_000, maxEntries: 3 }, says: /more than 3 files/ },
]) {
  test(`a repository with too many ${name} is refused before its files are written`, async (t) => {
    const root = temporaryFolder(t);
    makeRepository(path.join(root, 'x'), { a: 'x'.repeat(60_000), b: '', c: '', d: '' });
    const { url } = await startGitServer(t, root);
    const { result, folder } = await fetch(t, {}, { repository: `${url}/x/.git`, ...{ limits: bound } });
    assert.match(JSON.stringify(result), says);
    assert.deepEqual(await readdir(folder), ['.git']);
  });
}

test('what cannot be contacted is said, as is what is no repository', async (t) => {
  const root = temporaryFolder(t);
  const { url } = await startGitServer(t, root);
  const check = (address: string) => (address === '127.0.0.2' ? 'forbidden here' : undefined);
  const deps = { http: createHttpGetter({ check, pausesMs: [] }), credentials: new Map(), check, env: process.env };
  for (const [repository, says] of [
    [`${url}/absent/.git`, /no repository at .*absent/],
    ['http://127.0.0.1:1/x.git', /nothing listens/],
    ['http://127.0.0.2:1/x.git', /is forbidden here/],
    ['git://127.0.0.2/x.git', /is forbidden here/],
    ['git@127.0.0.2:x.git', /is forbidden here/],
    ['git@127.0.0.1:x.git', /no ssh key for 127.0.0.1/],
    ['git://127.0.0.1:1/x.git', /nothing listens/],
    ['file:///etc', /not fetched/],
  ] as const) {
    const result = await createGitFetcher(deps).fetch({ repository, limits }, temporaryFolder(t), assert.fail, never);
    assert.match(JSON.stringify(result), says);
  }
});

test('a canceled fetch leaves no process', async (t) => {
  const root = temporaryFolder(t);
  makeRepository(path.join(root, 'x'), { file: '' });
  const server = await startGitServer(t, root);
  const canceling = new AbortController();
  const reason = new Error('canceled');
  let requests = 0;
  // The first request is ours, the second that of git: it gets no answer.
  server.intercept = () => {
    requests += 1;
    if (requests === 2) setImmediate(() => canceling.abort(reason));
    return requests > 1;
  };
  const repository = `${server.url}/x/.git`;
  await assert.rejects(fetch(t, {}, { repository }, canceling.signal), reason);
  assert.deepEqual(await processesWith(repository), []);
});

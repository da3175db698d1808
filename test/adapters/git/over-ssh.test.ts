import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGitFetcher } from '../../../src/adapters/git/git-fetcher.ts';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import { parseSourceCredentials } from '../../../src/core/source/credentials.ts';
import { gitFetcherContract } from '../../contract/git-fetcher.ts';
import { addSubmodule, makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { processesWith } from '../../support/processes.ts';
import { startSshServer, whyNoSsh } from '../../support/ssh-server.ts';

const skip = whyNoSsh();
const limits = { maxBytes: 10_000_000, maxEntries: 1_000 };
const never = new AbortController().signal;

function fetcherWith(credentials: object) {
  const known = parseSourceCredentials(JSON.stringify(credentials));
  assert.deepEqual(known.problems, []);
  const deps = { http: createHttpGetter(), credentials: known.credentials, check: () => undefined };
  return createGitFetcher({ ...deps, env: process.env });
}

/** A server with one repository, `x.git`, and what fetches from there. */
async function rig(t: TestContext) {
  const root = temporaryFolder(t);
  const commit = makeRepository(path.join(root, 'x.git'), { 'hello.txt': 'hello' });
  const server = await startSshServer(t);
  const { keys, knownHosts } = server;
  const name = `127.0.0.1:${server.port}`;
  const url = `ssh://git@${name}${root}/x.git`;
  // Keys lie beside what is fetched; a shell and ssh would read the name differently if they could.
  const place = path.join(temporaryFolder(t), "it's $HOME %h");
  mkdirSync(place);
  async function fetch(credentials: object, repository = url, signal = never) {
    const folder = mkdtempSync(path.join(place, 'source-'));
    return {
      result: await fetcherWith(credentials).fetch({ repository, limits }, folder, assert.fail, signal),
      folder,
    };
  }
  const keysLeft = async () => (await readdir(place)).filter((file) => !file.startsWith('source-'));
  const credentials = { [name]: { sshKey: keys.good, knownHosts } };
  return { root, commit, server, url, name, keysLeft, credentials, fetch };
}

if (skip === false) {
  gitFetcherContract('the real git fetcher over ssh', async (t) => {
    const { url, commit, credentials } = await rig(t);
    return { fetcher: fetcherWith(credentials), repository: url, commit };
  });
}

test('a repository is fetched over ssh, with its submodules, and nothing of the key stays', { skip }, async (t) => {
  const { root, commit, server, credentials, name, keysLeft, fetch } = await rig(t);
  const parent = path.join(root, 'parent.git');
  makeRepository(parent, { file: 'text' });
  addSubmodule(parent, 'relative', '../x.git', commit);
  addSubmodule(parent, 'scp-like', `git@${server.host}:${root}/x.git`, commit);
  const known = { ...credentials, [server.host]: credentials[name] };
  for (const repository of [`ssh://git@${name}${parent}`, `git@${server.host}:${parent}`]) {
    const { result, folder } = await fetch(known, repository);
    assert.equal(result.kind, 'fetched', JSON.stringify(result));
    for (const file of ['relative/hello.txt', 'scp-like/hello.txt']) {
      assert.equal(await readFile(path.join(folder, file), 'utf8'), 'hello');
    }
    assert.deepEqual(await keysLeft(), []);
    assert.deepEqual(await filesWith(server.keys.good.split('\n')[3] ?? '', folder), []);
  }
});

test('a host with another key than the known one is not trusted', { skip }, async (t) => {
  const { server, name, keysLeft, fetch } = await rig(t);
  const wrong = `[127.0.0.1]:${server.port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`;
  for (const knownHosts of [wrong, 'elsewhere.test ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA']) {
    const { result } = await fetch({ [name]: { sshKey: server.keys.good, knownHosts } });
    assert.match(JSON.stringify(result), /127\.0\.0\.1:\d+.*shows another ssh key.*knownHosts.*ssh-keyscan/);
  }
  assert.deepEqual(await keysLeft(), []);
});

for (const { what, sshKey, says } of [
  { what: 'a key that the host does not know', sshKey: undefined, says: /the host refuses the ssh key.*public half/ },
  { what: 'a key that is none', sshKey: 'nonsense', says: /ssh key of the worker is not readable.*passphrase/ },
]) {
  test(`${what} is a failure with cause and cure`, { skip }, async (t) => {
    const { server, name, keysLeft, fetch } = await rig(t);
    const { keys, knownHosts } = server;
    const { result } = await fetch({ [name]: { sshKey: sshKey ?? keys.unknown, knownHosts } });
    assert.match(JSON.stringify(result), says);
    assert.match(JSON.stringify(result), /SLIPWAY_SOURCE_CREDENTIALS|"sshKey/);
    assert.deepEqual(await keysLeft(), []);
  });
}

test('what is no repository there is said', { skip }, async (t) => {
  const { url, credentials, fetch } = await rig(t);
  const { result } = await fetch(credentials, `${url}/absent`);
  assert.match(JSON.stringify(result), /absent does not exist/);
});

test('a fetch that is canceled ends ssh too, and leaves no key', { skip }, async (t) => {
  const { server, url, name, keysLeft, fetch } = await rig(t);
  const canceling = new AbortController();
  const reason = new Error('canceled');
  const { keys, knownHosts, hangs } = server;
  const fetching = fetch({ [name]: { sshKey: keys.hanging, knownHosts } }, url, canceling.signal);
  const ended = assert.rejects(fetching, reason);
  for (let i = 0; i < 500 && !existsSync(hangs); i++) await sleep(20);
  const repository = new URL(url).pathname;
  const running = (await processesWith(repository)).filter((words) => /^(?:\S*\/)?ssh /.test(words));
  assert.equal(running.length, 1, 'ssh is running');
  assert.equal((await keysLeft()).length, 1, 'with its key');
  canceling.abort(reason);
  await ended;
  assert.deepEqual(await processesWith(repository), []);
  assert.deepEqual(await keysLeft(), []);
});

/** Files below a folder that have a text in them. */
async function filesWith(text: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(file, 'latin1')).includes(text)) found.push(file);
  }
  return found;
}

import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { reachRepository } from '../../../src/adapters/git/reach.ts';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import { parseSourceCredentials } from '../../../src/core/source/credentials.ts';
import { temporaryFolder } from '../../support/git-repository.ts';

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

test('a key lies where it is told to, for nobody else to read, and only while it is used', async (t) => {
  const place = temporaryFolder(t);
  const known = { '127.0.0.1': { sshKey: 'the key', knownHosts: '127.0.0.1 ssh-ed25519 AAAA' } };
  const { credentials } = parseSourceCredentials(JSON.stringify(known));
  const deps = { http: createHttpGetter(), credentials, check: () => undefined };
  const never = new AbortController().signal;
  const reached = await reachRepository('git@127.0.0.1:x.git', undefined, place, deps, never);
  const [folder = '', ...more] = await readdir(place);
  assert.deepEqual(more, []);
  assert.equal(await modeOf(path.join(place, folder)), '700');
  assert.deepEqual((await readdir(path.join(place, folder))).sort(), ['key', 'known_hosts']);
  assert.equal(await readFile(path.join(place, folder, 'key'), 'utf8'), 'the key\n');
  assert.equal(await modeOf(path.join(place, folder, 'key')), '600');
  await reached.release();
  assert.deepEqual(await readdir(place), []);
});

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGitFetcher } from '../../../src/adapters/git/git-fetcher.ts';
import { isNewEnough } from '../../../src/adapters/git/version.ts';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import { makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { startGitServer } from '../../support/git-server.ts';

const cases = [
  { printed: 'git version 2.31.8\n', expected: false },
  { printed: 'git version 2.36.6', expected: false },
  { printed: 'git version 2.37.0-rc1', expected: true },
  { printed: 'git version 2.39.5 (Apple Git-154)', expected: true },
  { printed: 'git version 2.100.0', expected: true },
  { printed: 'git version 1.99.0', expected: false },
  { printed: 'git version 3.0.0', expected: true },
  { printed: '', expected: false },
];

for (const { printed, expected } of cases) {
  test(`"${printed.trim()}" is ${expected ? '' : 'not '}new enough`, () =>
    assert.equal(isNewEnough(printed), expected));
}

/** A git that says it has this version, counts how often it is asked for that, and is the real one otherwise. */
function pretendedGit(t: TestContext, version: string) {
  const folder = temporaryFolder(t);
  const counted = path.join(folder, 'counted');
  writeFileSync(counted, '');
  const real = `PATH='${process.env.PATH}' exec git "$@"`;
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo asked >>'${counted}'; echo 'git version ${version}'; exit; fi\n${real}\n`;
  writeFileSync(path.join(folder, 'git'), script);
  chmodSync(path.join(folder, 'git'), 0o755);
  const fetcher = createGitFetcher({
    http: createHttpGetter({ pausesMs: [] }),
    credentials: new Map(),
    check: () => undefined,
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  return { fetcher, timesAsked: () => readFileSync(counted, 'utf8').split('\n').length - 1 };
}

const limits = { maxBytes: 10_000_000, maxEntries: 100 };
const never = new AbortController().signal;

test('a git that would overlook where it may connect is not used, and a newer one is asked once', async (t) => {
  const root = temporaryFolder(t);
  makeRepository(path.join(root, 'x'), { file: 'text' });
  const server = await startGitServer(t, root);
  const request = { repository: `${server.url}/x/.git`, limits };
  const old = pretendedGit(t, '2.36.6').fetcher.fetch(request, temporaryFolder(t), () => undefined, never);
  await assert.rejects(old, /"git version 2\.36\.6", and fetching needs git 2\.37 or newer/);
  const { fetcher, timesAsked } = pretendedGit(t, '2.37.0');
  for (let times = 0; times < 2; times += 1) {
    const fetched = await fetcher.fetch(request, temporaryFolder(t), () => undefined, never);
    assert.equal(fetched.kind, 'fetched');
  }
  assert.equal(timesAsked(), 1);
});

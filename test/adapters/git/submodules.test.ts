import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createGitFetcher } from '../../../src/adapters/git/git-fetcher.ts';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import { commitFiles, makeRepository, temporaryFolder } from '../../support/git-repository.ts';
import { startGitServer } from '../../support/git-server.ts';

const limits = { maxBytes: 10_000_000, maxEntries: 100 };
const never = new AbortController().signal;

const cases = [
  { name: 'an empty file', make: (at: string) => writeFileSync(at, ''), refused: undefined },
  {
    name: 'a file without submodules',
    make: (at: string) => writeFileSync(at, '[core]\n\tx = y\n'),
    refused: undefined,
  },
  {
    name: 'a broken file',
    make: (at: string) => writeFileSync(at, '[submodule "lib"]\n\tpath = lib\n\turl\n<<<<<<< HEAD\n'),
    refused: /\.gitmodules of .*\/x\/\.git cannot be read: bad config line 4/,
  },
  {
    name: 'a folder',
    make: (at: string) => {
      mkdirSync(at);
      writeFileSync(path.join(at, 'file'), '');
    },
    refused: /\.gitmodules of .* cannot be read: /,
  },
];

for (const { name, make, refused } of cases) {
  test(`.gitmodules that is ${name} ${refused ? 'cannot be used' : 'names none'}`, async (t) => {
    const root = temporaryFolder(t);
    const x = path.join(root, 'x');
    makeRepository(x, { file: 'text' });
    make(path.join(x, '.gitmodules'));
    commitFiles(x, {});
    const { url } = await startGitServer(t, root);
    const http = createHttpGetter({ pausesMs: [] });
    const fetcher = createGitFetcher({ http, credentials: new Map(), check: () => undefined, env: process.env });
    const request = { repository: `${url}/x/.git`, limits };
    const result = await fetcher.fetch(request, temporaryFolder(t), () => undefined, never);
    if (refused === undefined) assert.equal(result.kind, 'fetched');
    else assert.match(result.kind === 'unusable' ? result.message : result.kind, refused);
  });
}

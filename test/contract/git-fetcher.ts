import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { GitFetcher } from '../../src/ports/git-fetcher.ts';
import { temporaryFolder } from '../support/git-repository.ts';

const limits = { maxBytes: 1_000_000, maxEntries: 100 };
const never = new AbortController().signal;

/** A fetcher, and a repository that it can reach: its branch `main` has one file, `hello.txt` with the text `hello`. */
export interface GitFetcherRig {
  readonly fetcher: GitFetcher;
  readonly repository: string;
  readonly commit: string;
}

/** What every git fetcher has to do. */
export function gitFetcherContract(name: string, open: (t: TestContext) => Promise<GitFetcherRig>): void {
  for (const ref of [undefined, 'main']) {
    test(`${name} fills the folder from ${ref ?? 'the default branch'}`, async (t) => {
      const { fetcher, repository, commit } = await open(t);
      const folder = temporaryFolder(t);
      const request = { repository, limits, ...(ref === undefined ? {} : { ref }) };
      const result = await fetcher.fetch(request, folder, assert.fail, never);
      assert.deepEqual(result, { kind: 'fetched', commit, branch: 'main' });
      assert.deepEqual((await readdir(folder)).sort(), ['.git', 'hello.txt']);
      assert.equal(await readFile(path.join(folder, 'hello.txt'), 'utf8'), 'hello');
    });
  }

  test(`${name} says what is wrong with a ref that is not there`, async (t) => {
    const { fetcher, repository } = await open(t);
    const result = await fetcher.fetch({ repository, ref: 'absent', limits }, temporaryFolder(t), assert.fail, never);
    assert.equal(result.kind, 'unusable');
    assert.match(result.kind === 'unusable' ? result.message + result.hint : '', /absent.*\S/);
  });

  test(`${name} rejects with the reason of the signal`, async (t) => {
    const { fetcher, repository } = await open(t);
    const reason = new Error('enough');
    const fetching = fetcher.fetch({ repository, limits }, temporaryFolder(t), assert.fail, AbortSignal.abort(reason));
    await assert.rejects(fetching, reason);
  });
}

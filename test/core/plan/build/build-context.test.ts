import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRemote, keepsGitFolder, resolveBuildPaths } from '../../../../src/core/plan/build/build-context.ts';

const remote = [
  { context: 'https://h/a.git#main:sub', outcome: 'found' },
  { context: 'https://h/a.tgz', outcome: 'found' },
  { context: 'git://h/a', outcome: 'found' },
  { context: 'git@h:a.git', outcome: 'found' },
  { context: 'github.com/a/b', outcome: 'found' },
  { context: 'ssh://git@h/a.git', outcome: 'found' },
  { context: 'ftp://h/a.tgz', outcome: 'build-context-invalid' },
  { context: 'HTTPS://h/a.git', outcome: 'build-context-invalid' },
  { context: 'oci://h/a', outcome: 'found' },
  { context: 'https://dev.azure.com/o/p/_git/r', outcome: 'found' },
  { context: 'https://h/a.git#-x', outcome: 'build-context-invalid' },
  { context: 'https://h/a.git#m:../x', outcome: 'build-context-invalid' },
  { context: 'oci://a', outcome: 'build-context-invalid' },
  { context: 'https://o.visualstudio.com/p/_git/r#m:s', outcome: 'found' },
] as const;

for (const { context, outcome } of remote) {
  test(`the context ${context} is remote: ${outcome}`, () => {
    const paths = resolveBuildPaths(context, undefined, '/workspace');
    assert.equal(isRemote(context), true);
    assert.equal(paths.kind === 'found' ? 'found' : paths.code, outcome);
    if (paths.kind === 'found') assert.deepEqual(paths, { kind: 'found', context, dockerfile: 'Dockerfile' });
  });
}

for (const context of ['.', 'a/b', 'a.io/x', ' https://h/a.git']) {
  test(`the context "${context}" is a folder`, () => assert.equal(isRemote(context), false));
}

for (const { buildArgs, kept } of [
  { buildArgs: ['A=b', 'BUILDKIT_CONTEXT_KEEP_GIT_DIR=1'], kept: true },
  { buildArgs: ['BUILDKIT_CONTEXT_KEEP_GIT_DIR=0'], kept: false },
  { buildArgs: [], kept: false },
]) {
  test(`.git is ${kept ? '' : 'not '}wanted with ${buildArgs.join(' ') || 'no build arguments'}`, () =>
    assert.equal(keepsGitFolder({ buildArgs }), kept));
}

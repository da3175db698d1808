import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifySource } from '../../src/core/source-url.ts';

const git = (repository: string, rest: object = {}) => ({
  kind: 'git',
  repository,
  directory: '.',
  isAzureDevOps: false,
  ...rest,
});
const devOps = (repository: string, rest: object = {}) => git(repository, { isAzureDevOps: true, ...rest });
const archive = (url: string) => ({ kind: 'archive', url });
const local = (path: string) => ({ kind: 'local', path });

const cases = [
  { text: '.', is: local('.') },
  { text: '', is: local('') },
  { text: 'a.io/x', is: local('a.io/x') },
  { text: 'x.git', is: local('x.git') },
  { text: 'ssh://git@h/a.git', is: local('ssh://git@h/a.git') },
  { text: 'HTTPS://h/a.git', is: local('HTTPS://h/a.git') },
  { text: '  https://h/a.git', is: local('  https://h/a.git') },
  { text: 'https://h/a.git', is: git('https://h/a.git') },
  { text: 'http://h/a.git', is: git('http://h/a.git') },
  { text: 'https://h/a.git#main', is: git('https://h/a.git', { ref: 'main' }) },
  { text: 'https://h/a.git#main:sub/dir', is: git('https://h/a.git', { ref: 'main', directory: 'sub/dir' }) },
  { text: 'https://h/a.git#:sub', is: git('https://h/a.git', { directory: 'sub' }) },
  { text: 'https://h/a.git#main:', is: git('https://h/a.git', { ref: 'main' }) },
  { text: 'https://h/a.git#r:a:b', is: git('https://h/a.git', { ref: 'r', directory: 'a:b' }) },
  { text: 'https://h/a.git#', is: archive('https://h/a.git#') },
  { text: 'https://h/a.git?x=1', is: archive('https://h/a.git?x=1') },
  { text: 'https://h/agit', is: archive('https://h/agit') },
  { text: 'https://h/a.tgz', is: archive('https://h/a.tgz') },
  { text: 'git://h/a#m:sub', is: git('git://h/a', { ref: 'm', directory: 'sub' }) },
  { text: 'git@h:a/b.git#m:sub', is: git('git@h:a/b.git', { ref: 'm', directory: 'sub' }) },
  { text: 'github.com/a/b#m', is: git('https://github.com/a/b', { ref: 'm' }) },
  { text: 'gitlab.com/a/b', is: local('gitlab.com/a/b') },
  { text: 'https://dev.azure.com/o/p/_git/r', is: devOps('https://dev.azure.com/o/p/_git/r') },
  {
    text: 'https://u:t@dev.azure.com/o/_git/r#m:s',
    is: devOps('https://u:t@dev.azure.com/o/_git/r', { ref: 'm', directory: 's' }),
  },
  { text: 'HTTPS://Dev.Azure.com/o/_GIT/r', is: devOps('HTTPS://Dev.Azure.com/o/_GIT/r') },
  { text: 'https://o.VisualStudio.com/p/_git/r/', is: devOps('https://o.VisualStudio.com/p/_git/r/') },
  { text: 'https://dev.azure.com/o/_git/r?path=x', is: archive('https://dev.azure.com/o/_git/r?path=x') },
  { text: 'http://dev.azure.com/o/_git/r', is: archive('http://dev.azure.com/o/_git/r') },
  { text: 'https://dev.azure.com/o/r#/_git/', is: archive('https://dev.azure.com/o/r#/_git/') },
  { text: 'https://h/x@dev.azure.com/_git/r', is: archive('https://h/x@dev.azure.com/_git/r') },
  { text: 'https://visualstudio.com/p/_git/r', is: archive('https://visualstudio.com/p/_git/r') },
  { text: 'oci://a.io/x:1', is: { kind: 'oci', reference: 'a.io/x:1' } },
  { text: 'OcI://a.io/x', is: { kind: 'oci', reference: 'a.io/x' } },
] as const;

for (const { text, is } of cases) {
  test(`"${text}" is ${is.kind}`, () => assert.deepEqual(classifySource(text), is));
}

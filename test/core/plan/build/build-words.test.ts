import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBuild } from '../../../../src/core/plan/build/build-words.ts';
import { recordFindings } from '../recorded-findings.ts';

const plain = {
  context: '.',
  dockerfile: 'Dockerfile',
  images: [],
  buildArgs: [],
  labels: [],
  cacheFrom: [],
  cacheTo: [],
  secrets: [],
  ssh: [],
  extraHosts: [],
  ulimits: [],
  noCache: false,
  pull: false,
};

const good = [
  { text: '', expected: plain },
  { text: '.', expected: plain },
  { text: '-t a:1 --tag b --tag=c -td .', expected: { ...plain, images: ['a:1', 'b', 'c', 'd'] } },
  { text: '-t a -t a .', expected: { ...plain, images: ['a', 'a'] } },
  { text: '-f src/Dockerfile .', expected: { ...plain, dockerfile: 'src/Dockerfile' } },
  { text: 'src -f src/D2', expected: { ...plain, context: 'src', dockerfile: 'D2' } },
  { text: '-f D2 src', expected: { ...plain, context: 'src', dockerfile: '/D2' } },
  {
    text: '--build-arg A=1 --build-arg "B=x y" --label=k=v .',
    expected: { ...plain, buildArgs: ['A=1', 'B=x y'], labels: ['k=v'] },
  },
  {
    text: "--target 'one' --platform linux/arm64 --network=host .",
    expected: { ...plain, target: 'one', platforms: ['linux/arm64'], buildNetwork: 'host' },
  },
  {
    text: '--no-cache --pull=true --cache-from a --cache-from b ./x/',
    expected: { ...plain, context: 'x', noCache: true, pull: true, cacheFrom: ['a', 'b'] },
  },
  {
    text: '--cache-from type=registry,ref=a:c --cache-to type=registry,ref=a:c,mode=max --cache-to type=inline .',
    expected: { ...plain, cacheFrom: ['a:c'], cacheTo: ['type=registry,ref=a:c,mode=max', 'type=inline'] },
  },
  {
    text: '--secret id=npm,src=/run/npmrc --ssh default --ssh=k=/run/key .',
    expected: { ...plain, secrets: ['id=npm,src=/run/npmrc'], ssh: ['default', 'k=/run/key'] },
  },
  {
    text: '--add-host db:10.0.0.1 --shm-size=64m --ulimit nofile=1024:2048 --isolation default --compress .',
    expected: {
      ...plain,
      extraHosts: ['db:10.0.0.1'],
      shmSizeBytes: 67_108_864,
      ulimits: [{ name: 'nofile', soft: 1024, hard: 2048 }],
    },
  },
  {
    text: '--no-cache https://github.com/a/b.git#main:sub',
    expected: { ...plain, noCache: true, context: 'https://github.com/a/b.git#main:sub' },
  },
  {
    text: '-f x/D git@github.com:a/b.git',
    expected: { ...plain, context: 'git@github.com:a/b.git', dockerfile: 'x/D' },
  },
  { text: 'github.com/a/b', expected: { ...plain, context: 'github.com/a/b' } },
  { text: '/workspace/x -q --progress plain', expected: { ...plain, context: 'x' } },
  { text: '-t a \\\n  -f D \\\n  .\n', expected: { ...plain, images: ['a'], dockerfile: 'D' } },
] as const;

for (const { text, expected } of good) {
  test(`build: ${JSON.stringify(text)}`, () => {
    const report = recordFindings(text);
    assert.deepEqual(readBuild(text, '/workspace', report), expected);
    assert.deepEqual(report.found, []);
  });
}

const directories = [
  { text: '.', directory: '/workspace/app', context: 'app', dockerfile: 'Dockerfile' },
  { text: '.. -f D', directory: '/workspace/app', context: '.', dockerfile: 'app/D' },
  { text: '/workspace -f D', directory: '/workspace/app', context: '.', dockerfile: 'app/D' },
] as const;

for (const { text, directory, context, dockerfile } of directories) {
  test(`build: ${text} in ${directory}`, () => {
    const read = readBuild(text, directory, recordFindings(text));
    assert.deepEqual([read?.context, read?.dockerfile], [context, dockerfile]);
  });
}

const bad = [
  { text: '-t A .', found: ['image-invalid "A"'] },
  { text: '. x', found: ['build-many-contexts "x"'] },
  { text: '--build-arg A .', found: ['build-option-value "A"'] },
  { text: '. -t', found: ['build-option-value "-t"'] },
  { text: '--flie x .', found: ['build-unknown-option "--flie"'] },
  { text: '--secret src=a .', found: ['build-option-value "src=a"'] },
  { text: '--cache-to type=local,dest=x .', found: ['build-option-value "type=local,dest=x"'] },
  { text: '--cache-from type=registry,ref=A .', found: ['image-invalid "type=registry,ref=A"'] },
  { text: '--add-host db .', found: ['build-option-value "db"'] },
  { text: '--ulimit files=1 .', found: ['build-option-value "files=1"'] },
  { text: '--shm-size much .', found: ['build-option-value "much"'] },
  { text: '--isolation hyperv .', found: ['build-refused-option "--isolation"'] },
  { text: '-o out .', found: ['build-refused-option "-o"'] },
  { text: '--push .', found: ['build-refused-option "--push"'] },
  { text: '--pull=maybe .', found: ['build-option-value "--pull=maybe"'] },
  { text: '../x', found: ['build-outside-workspace "../x"'] },
  { text: '/etc', found: ['build-outside-workspace "/etc"'] },
  { text: '-f ../D .', found: ['build-outside-workspace "../D"'] },
  { text: '-', found: ['build-stdin "-"'] },
  { text: '-f - .', found: ['build-stdin "-"'] },
  { text: 'ftp://h/a.tgz', found: ['build-context-invalid "ftp://h/a.tgz"'] },
  { text: '-t a . && b', found: ['shell-operator "&&"'] },
] as const;

for (const { text, found } of bad) {
  test(`build: ${text} is refused`, () => {
    const report = recordFindings(text);
    assert.equal(readBuild(text, '/workspace', report), undefined);
    assert.deepEqual(report.found, found);
  });
}

const warned = [
  { text: 'https://github.com/a/b', found: ['~build-context-not-git "https://github.com/a/b"'] },
  { text: 'https://github.com/a/b/#main', found: ['~build-context-not-git "https://github.com/a/b/#main"'] },
  { text: 'https://github.com/a/b.git', found: [] },
  { text: 'https://github.com/a/b/archive/refs/heads/main', found: [] },
  { text: 'https://github.example.com/a/b.tar.gz', found: [] },
  { text: 'github.com/a/b', found: [] },
  { text: 'github', found: [] },
  { text: '--network none --network=default --network host .', found: [] },
] as const;

for (const { text, found } of warned) {
  test(`what build: ${text} is warned of`, () => {
    const report = recordFindings(text);
    assert.notEqual(readBuild(text, '/workspace', report), undefined);
    assert.deepEqual(report.found, found);
  });
}

test('the cure of a repository without .git', () => {
  const report = recordFindings('https://github.com/a/b/#main');
  readBuild('https://github.com/a/b/#main', '/workspace', report);
  assert.match(report.hints[0] ?? '', /https:\/\/github\.com\/a\/b\.git#main/);
});

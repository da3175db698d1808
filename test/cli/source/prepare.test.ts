import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { locateDockerfile } from '../../../src/cli/source/dockerfile.ts';
import { prepareSource } from '../../../src/cli/source/prepare.ts';

/** Makes a folder from paths and contents. */
async function folder(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'slipway-prepare-'));
  t.after(() => rm(directory, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), content);
  }
  return directory;
}

async function prepare(directory: string, options: { file?: string; cwd?: string; kept?: readonly string[] } = {}) {
  const dockerfile = await locateDockerfile(options.file, directory, options.cwd ?? directory);
  assert.ok(dockerfile.ok);
  const prepared = await prepareSource(directory, dockerfile.value, options.kept ?? []);
  assert.ok(prepared.ok);
  const { listing } = prepared.value;
  return { ...prepared.value, paths: listing.entries.map((entry) => entry.path), warnings: prepared.warnings };
}

const cases = [
  {
    name: 'without rules all is sent, folders before what they hold, in the order of names',
    files: { Dockerfile: '', 'b/x': '', 'a.txt': '', 'B/y': '' },
    expected: ['B', 'B/y', 'Dockerfile', 'a.txt', 'b', 'b/x'],
  },
  {
    name: 'the Dockerfile and .dockerignore are sent although they are ignored',
    files: { Dockerfile: '', '.dockerignore': '*\n', other: '' },
    expected: ['.dockerignore', 'Dockerfile'],
  },
  {
    name: 'an ignored folder is sent with what rules take back',
    files: {
      Dockerfile: '',
      '.dockerignore': 'node_modules\n!node_modules/keep/*.js',
      'node_modules/keep/a.js': '',
      'node_modules/drop/b.js': '',
    },
    expected: ['.dockerignore', 'Dockerfile', 'node_modules', 'node_modules/keep', 'node_modules/keep/a.js'],
  },
  {
    name: 'comments, leading slashes and ** follow Docker',
    files: { Dockerfile: '', '.dockerignore': '# *\n/secret\n**/*.log\n', secret: '', 'a/secret': '', 'a/b/c.log': '' },
    expected: ['.dockerignore', 'Dockerfile', 'a', 'a/b', 'a/secret'],
  },
];

for (const { name, files, expected } of cases) {
  test(name, async (t) => assert.deepEqual((await prepare(await folder(t, files))).paths, expected));
}

test('rules beside the Dockerfile come before those of the context, and both files are sent', async (t) => {
  const directory = await folder(t, {
    'docker/web': '',
    'docker/web.dockerignore': 'docker\nkeep-not\n',
    '.dockerignore': 'only-by-the-other\n',
    'keep-not': '',
    'only-by-the-other': '',
  });
  const { paths, dockerfile } = await prepare(directory, { file: 'docker/web' });
  assert.equal(dockerfile, 'docker/web');
  assert.deepEqual(paths, ['.dockerignore', 'docker', 'docker/web', 'docker/web.dockerignore', 'only-by-the-other']);
});

test('a Dockerfile from outside is sent with its rules under a free name', async (t) => {
  const directory = await folder(t, {
    'app/main.c': '',
    'app/drop': '',
    'app/.slipway.Dockerfile': '',
    Outer: 'FROM scratch\n',
    'Outer.dockerignore': 'drop\n',
  });
  const { paths, dockerfile, listing } = await prepare(path.join(directory, 'app'), {
    file: '../Outer',
    cwd: path.join(directory, 'app'),
  });
  assert.equal(dockerfile, '.slipway.1.Dockerfile');
  assert.deepEqual(paths, [
    '.slipway.Dockerfile',
    'main.c',
    '.slipway.1.Dockerfile',
    '.slipway.1.Dockerfile.dockerignore',
  ]);
  assert.equal(listing.bytes, 'FROM scratch\n'.length + 'drop\n'.length);
});

test('a Dockerfile that is a link out of the context is sent as a file', async (t) => {
  const directory = await folder(t, { 'app/x': '', Real: 'FROM scratch\n' });
  await symlink('../Real', path.join(directory, 'app/Dockerfile'));
  const { dockerfile } = await prepare(path.join(directory, 'app'));
  assert.equal(dockerfile, '.slipway.Dockerfile');
});

test('-f is looked for in the current folder first, then in the context', async (t) => {
  const directory = await folder(t, { 'one/Dockerfile': '', 'two/Dockerfile': '', 'two/Other': '' });
  const two = path.join(directory, 'two');
  const inCwd = await locateDockerfile('Dockerfile', two, path.join(directory, 'one'));
  assert.ok(inCwd.ok && inCwd.value.file === path.join(directory, 'one/Dockerfile'));
  const inContext = await locateDockerfile('Other', two, path.join(directory, 'one'));
  assert.ok(inContext.ok && inContext.value.pathInSource === 'Other');
  const nowhere = await locateDockerfile('None', two, path.join(directory, 'one'));
  assert.ok(!nowhere.ok);
  assert.match(
    nowhere.diagnostics[0]?.message ?? '',
    /"None" does not exist \(looked for .*one\/None and .*two\/None\)/,
  );
});

test('kept paths are sent although their folder is ignored', async (t) => {
  const directory = await folder(t, {
    Dockerfile: '',
    '.dockerignore': 'build\n',
    'build/api/Dockerfile': '',
    'build/api/x': '',
  });
  const { paths } = await prepare(directory, { kept: ['build/api/Dockerfile'] });
  assert.deepEqual(paths, ['.dockerignore', 'Dockerfile', 'build', 'build/api', 'build/api/Dockerfile']);
});

test('sockets and pipes are left out with a warning that names them', async (t) => {
  const directory = await folder(t, { Dockerfile: '' });
  const server = createServer().listen(path.join(directory, 'sock'));
  t.after(() => server.close());
  assert.equal(spawnSync('mkfifo', [path.join(directory, 'pipe')]).status, 0);
  const { paths, warnings } = await prepare(directory);
  assert.deepEqual(paths, ['Dockerfile']);
  assert.equal(warnings[0]?.message, 'Sockets, pipes and devices are not sent: pipe, sock.');
});

test('a pattern that Docker refuses is refused with its line', async (t) => {
  const directory = await folder(t, { Dockerfile: '', '.dockerignore': 'a\n[b\n' });
  const prepared = await prepareSource(directory, undefined, []);
  assert.ok(!prepared.ok);
  assert.equal(prepared.diagnostics[0]?.place?.line, 2);
});

test('what cannot be read is named, all at once', {
  skip: process.getuid?.() === 0 && 'root reads everything',
}, async (t) => {
  const directory = await folder(t, { Dockerfile: '', 'a/x': '', b: '' });
  await chmod(path.join(directory, 'a'), 0);
  await chmod(path.join(directory, 'b'), 0);
  const prepared = await prepareSource(directory, undefined, []);
  await chmod(path.join(directory, 'a'), 0o700);
  assert.ok(!prepared.ok);
  assert.match(prepared.diagnostics[0]?.message ?? '', /2 paths .*: a\/, b\./);
});

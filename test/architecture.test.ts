import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '..');

/**
 * Who may import whom: the table of the README's "Rooms". The first row whose prefix fits a file counts. `ours` are
 * path prefixes of this repository besides the room itself, `libraries` are npm packages; Node's own modules are
 * free except in pure rooms.
 */
const table: readonly Row[] = [
  { room: 'task-schemas/', ours: [], libraries: ['typebox'], pure: true },
  {
    room: 'src/core/',
    ours: ['task-schemas/'],
    libraries: ['yaml', 'dockerfile-ast', 'croner'],
    pure: true,
  },
  { room: 'src/ports/', ours: ['task-schemas/', 'src/core/'], libraries: [] },
  { room: 'src/adapters/redis/', ours: ['src/ports/', 'src/core/', 'task-schemas/'], libraries: ['ioredis', 'bullmq'] },
  { room: 'src/adapters/blob/', ours: ['src/ports/', 'src/core/', 'task-schemas/'], libraries: [] },
  { room: 'src/net/', ours: [], libraries: [] },
  { room: 'src/adapters/registry/', ours: ['src/ports/', 'src/core/', 'src/net/'], libraries: [] },
  { room: 'src/adapters/secrets/', ours: ['src/ports/', 'src/core/'], libraries: [] },
  { room: 'src/adapters/text/', ours: ['src/ports/', 'src/core/', 'src/net/'], libraries: [] },
  { room: 'src/adapters/http/', ours: ['src/ports/', 'src/net/'], libraries: [] },
  { room: 'src/adapters/git/', ours: ['src/ports/', 'src/core/', 'src/net/'], libraries: [] },
  { room: 'src/services/', ours: ['src/core/', 'src/ports/', 'task-schemas/'], libraries: [] },
  {
    room: 'src/api/',
    ours: ['src/services/', 'src/core/', 'src/ports/', 'task-schemas/'],
    libraries: ['fastify', '@fastify/*', 'typebox', 'prom-client'],
  },
  { room: 'src/client/', ours: ['task-schemas/'], libraries: [] },
  { room: 'src/cli/main.ts', ours: [''], libraries: ['commander'] },
  {
    room: 'src/cli/commands/',
    ours: [
      'src/cli/',
      'src/client/',
      'task-schemas/',
      'src/core/',
      'workers/',
      'src/main.ts',
      'src/up.ts',
      'src/config/',
      'src/ports/',
      'src/remote-sources.ts',
    ],
    libraries: ['commander'],
  },
  {
    room: 'src/cli/',
    ours: ['src/client/', 'task-schemas/', 'src/core/', 'src/ports/'],
    libraries: ['commander', 'tar-stream', 'tsx', 'yaml'],
  },
  { room: 'src/embedded/', ours: [], libraries: ['dockerode'] },
  {
    room: 'workers/engine/',
    ours: ['src/core/', 'src/ports/', 'task-schemas/'],
    libraries: ['dockerode', 'docker-modem', 'tar-stream', 'protobufjs'],
  },
  { room: 'workers/source/', ours: ['src/core/', 'src/ports/', 'task-schemas/'], libraries: ['tar-stream'] },
  { room: 'workers/output/', ours: ['src/core/', 'src/ports/', 'task-schemas/'], libraries: [] },
  { room: 'workers/main.ts', ours: [''], libraries: ['pino'] },
  { room: 'workers/', ours: ['src/core/', 'src/ports/', 'task-schemas/'], libraries: [] },
  { room: 'src/config/', ours: ['src/core/'], libraries: ['typebox'] },
  {
    room: 'src/remote-sources.ts',
    ours: ['src/adapters/', 'src/config/', 'src/core/', 'workers/source/'],
    libraries: [],
  },
  { room: 'src/closing.ts', ours: [], libraries: [] },
  { room: 'src/stop-child.ts', ours: [], libraries: [] },
  { room: 'src/stop-signal.ts', ours: [], libraries: [] },
  { room: 'src/installation/', ours: ['src/core/'], libraries: [] },
  { room: 'src/version.ts', ours: [], libraries: [] },
  { room: 'src/main.ts', ours: [''], libraries: ['pino'] },
  { room: 'src/up.ts', ours: [''], libraries: ['pino'] },
  { room: 'src/quickstart.ts', ours: [''], libraries: ['dockerode'] },
  {
    room: 'bench/',
    ours: ['src/embedded/', 'src/closing.ts', 'src/stop-child.ts', 'src/stop-signal.ts'],
    libraries: [],
  },
];

interface Row {
  readonly room: string;
  readonly ours: readonly string[];
  readonly libraries: readonly string[];
  /** No file system, network, process, clock or randomness. */
  readonly pure?: boolean;
}

/** Node modules that only compute; of `node:crypto` only hashes do, which `impurities` sees to. */
const computing = ['node:buffer', 'node:crypto', 'node:path', 'node:path/posix', 'node:util'];

/** What a pure room must not use, under whatever object it is found. */
const forbidden = [
  'process.',
  'globalThis',
  'Date.now(',
  'new Date()',
  'performance.',
  'Math.random(',
  'node:crypto',
  'crypto.',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'getRandomValues',
  'console.',
  'setTimeout(',
  'setInterval(',
  'setImmediate(',
  'queueMicrotask(',
  'fetch(',
];

/** What breaks the table in one file: a sentence for each import that is not allowed. */
function violations(file: string, text: string): string[] {
  const row = table.find(({ room }) => file.startsWith(room));
  if (row === undefined) return [`${file} belongs to no room of the table`];
  const imports = importsOf(text).filter((name) => !allowed(file, name, row));
  const impure = row.pure ? impurities(text) : [];
  return [
    ...imports.map((name) => `${file} must not import ${name}`),
    ...impure.map((use) => `${file} must not use ${use}`),
  ];
}

function importsOf(text: string): string[] {
  const statement = /^(?:import|export)\s[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm;
  const bare = /^import\s+['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g;
  return [statement, bare, dynamic].flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''));
}

function allowed(file: string, name: string, row: Row): boolean {
  if (name.startsWith('node:')) return !row.pure || computing.includes(name);
  if (name.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), name));
    return [row.room, ...row.ours].some((prefix) => target.startsWith(prefix)) && !isForeignMain(file, target);
  }
  const [scope, rest] = name.split('/');
  const library = name.startsWith('@') ? `${scope}/${rest}` : (scope ?? '');
  return row.libraries.some((one) => one === library || (one.endsWith('/*') && library.startsWith(one.slice(0, -1))));
}

/** Only the mains and the commands of the cli start a main. */
function isForeignMain(file: string, target: string): boolean {
  const mains = ['src/main.ts', 'src/up.ts', 'workers/main.ts'];
  return mains.includes(target) && !/^src\/(cli\/|up\.ts|quickstart\.ts)/.test(file);
}

function impurities(text: string): string[] {
  const code = text
    .replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
    // A hash is a function of its input; whatever else comes from there is not.
    .replace(/^import \{ createHash \} from 'node:crypto';$/gm, '');
  return forbidden.filter((use) => new RegExp(`(?<!\\w)${use.replaceAll(/[.()]/g, '\\$&')}`).test(code));
}

async function sources(): Promise<string[]> {
  const files: string[] = [];
  for (const top of ['task-schemas', 'src', 'workers', 'bench']) {
    for (const entry of await readdir(path.join(root, top), { recursive: true, withFileTypes: true })) {
      const file = path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
      if (entry.isFile() && /\.tsx?$/.test(file)) files.push(file);
    }
  }
  return files;
}

test('every import follows the table of rooms', async () => {
  const files = await sources();
  assert.ok(files.length > 50, 'the sources were not found');
  const found: string[] = [];
  for (const file of files) found.push(...violations(file, await readFile(path.join(root, file), 'utf8')));
  assert.deepEqual(found, []);
});

test('the README names these rooms, and no others', async () => {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const rows = readme.slice(readme.indexOf('| room |')).matchAll(/^\| ([^|]+) \|/gm);
  const named = [...rows].flatMap(([, rooms = '']) => rooms.split(', '));
  assert.deepEqual(roomsOf(named.slice(1)), roomsOf(table.map(({ room }) => room)));
});

/** As the README has them: adapters are one row there, and what only adds to its room has none. */
function roomsOf(rooms: readonly string[]): readonly string[] {
  const named = rooms
    .filter((room) => room !== 'src/cli/commands/')
    .map((room) => room.replace(/\/(\*\.ts)?$/, '').replace(/^src\/adapters\/.*/, 'src/adapters/X'));
  return [...new Set(named)].sort();
}

test('no folder or file is a drawer for everything', async () => {
  const drawers = (await sources()).filter((file) => /(^|\/)(utils?|shared|common|helpers?|misc)(\/|\.ts)/.test(file));
  assert.deepEqual(drawers, []);
});

const broken = [
  { file: 'src/core/x.ts', text: "import { Redis } from 'ioredis';", says: 'ioredis' },
  { file: 'src/core/x.ts', text: "import fs from 'node:fs';", says: 'node:fs' },
  { file: 'src/core/x.ts', text: 'const now = Date.now();', says: 'Date.now' },
  { file: 'src/core/x.ts', text: 'const now = performance.now();', says: 'performance' },
  { file: 'src/core/x.ts', text: 'const id = crypto.randomUUID();', says: 'crypto.' },
  { file: 'src/core/x.ts', text: 'const { env } = globalThis.process;', says: 'globalThis' },
  { file: 'src/core/x.ts', text: 'const home = node.process.env.HOME;', says: 'process.' },
  { file: 'src/core/x.ts', text: 'setInterval(tick, 1);', says: 'setInterval' },
  { file: 'src/core/x.ts', text: "import { createHash, randomInt } from 'node:crypto';", says: 'node:crypto' },
  { file: 'src/core/x.ts', text: "import { webcrypto as c } from 'node:crypto';", says: 'node:crypto' },
  { file: 'src/core/x.ts', text: "import * as hashes from 'node:crypto';", says: 'node:crypto' },
  { file: 'src/core/x.ts', text: "const c = await import('node:crypto');", says: 'node:crypto' },
  { file: 'src/api/x.ts', text: "import { x } from '../arm/x.ts';", says: '../arm' },
  { file: 'workers/execute.ts', text: "import { x } from '../src/api/app.ts';", says: 'src/api' },
  { file: 'src/adapters/blob/x.ts', text: "import { x } from '../redis/keys.ts';", says: '../redis' },
  { file: 'src/services/x.ts', text: "const x = await import('../main.ts');", says: '../main' },
  { file: 'src/odd/x.ts', text: '', says: 'no room' },
];

test('a hash is a pure function', () => {
  assert.deepEqual(violations('src/core/x.ts', "import { createHash } from 'node:crypto';"), []);
});

for (const { file, text, says } of broken) {
  test(`the table refuses ${says} in ${file}`, () => {
    assert.match(violations(file, text).join(), new RegExp(says.replaceAll('.', '\\.')));
  });
}

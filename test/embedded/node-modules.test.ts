import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { installReason, nodeVersionProblem } from '../../src/embedded/node-modules.mjs';

const versions = [
  { version: '18.20.8', old: true },
  { version: '20.18.3', old: true },
  { version: '20.19.0', old: false },
  { version: '22.1.0', old: false },
];

for (const { version, old } of versions) {
  test(`Node ${version} is ${old ? 'too old' : 'new enough'}`, () => {
    assert.equal(/needs 20\.19 or later/.test(nodeVersionProblem(version) ?? ''), old);
  });
}

const wanted = { packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' } } };
const reasons = [
  { name: 'nothing installed', installed: undefined, reason: 'node_modules is missing' },
  { name: 'the same', installed: wanted, reason: undefined },
  {
    name: 'a package is missing',
    installed: { packages: {} },
    reason: 'node_modules differs from package-lock.json (a)',
  },
  {
    name: 'another version',
    installed: { packages: { 'node_modules/a': { version: '0.9.0', integrity: 'y' } } },
    reason: 'node_modules differs from package-lock.json (a)',
  },
];

for (const { name, installed, reason } of reasons) {
  test(`install decision: ${name}`, () => assert.equal(installReason(wanted, installed), reason));
}

test('an optional package of another platform may be absent', () => {
  const lock = { packages: { ...wanted.packages, 'node_modules/b': { version: '1.0.0', optional: true } } };
  assert.equal(installReason(lock, wanted), undefined);
});

test('a fresh clone is installed once, with one line, and left alone the second time', (t) => {
  const clone = mkdtempSync(join(tmpdir(), 'slipway-clone-'));
  t.after(() => rmSync(clone, { recursive: true, force: true }));
  const script = join(clone, 'src/embedded/node-modules.mjs');
  mkdirSync(dirname(script), { recursive: true });
  cpSync(join(import.meta.dirname, '../../src/embedded/node-modules.mjs'), script);
  writeLinkedProject(clone);
  const run = () => spawnSync(process.execPath, [script], { cwd: tmpdir(), encoding: 'utf8' });
  const first = run();
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stderr, /^Installing the npm packages \(npm ci\), because node_modules is missing\.$/m);
  assert.deepEqual([run().status, run().stderr, run().stdout], [0, '', '']);
});

/** A project whose only dependency is a folder of its own, so that npm ci needs no network. */
function writeLinkedProject(root: string): void {
  const dependencies = { dep: 'file:./dep' };
  const dep = { name: 'dep', version: '1.0.0' };
  const packages = {
    '': { name: 'clone', dependencies },
    dep: { version: '1.0.0' },
    'node_modules/dep': { resolved: 'dep', link: true },
  };
  mkdirSync(join(root, 'dep'));
  writeFileSync(join(root, 'dep/package.json'), JSON.stringify(dep));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'clone', dependencies }));
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ name: 'clone', lockfileVersion: 3, requires: true, packages }),
  );
}

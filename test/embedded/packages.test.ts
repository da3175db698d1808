import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ensurePackages,
  MissingPartsError,
  missingNeeds,
  NEEDS,
  type Need,
  whyNoApt,
} from '../../src/embedded/packages.ts';

const absent: Need = {
  name: 'a thing nobody has',
  commands: ['slipway-no-such-program'],
  apt: 'no-such-package',
  elsewhere: 'do without it',
};
const present: Need = { ...absent, name: 'Node', commands: ['slipway-no-such-program', 'node'] };

test('a need is met by any one of its commands', () => {
  assert.deepEqual(missingNeeds([absent, present], process.env.PATH), [absent]);
});

test('with --no-install nothing is installed, and each missing thing is named with its cure', async () => {
  const notices: string[] = [];
  const options = { install: false, env: process.env, onNotice: (line: string) => notices.push(line) };
  await assert.rejects(
    ensurePackages([absent, present, { ...absent, name: 'another', apt: 'second' }], options),
    (error) => {
      assert.ok(error instanceof MissingPartsError);
      assert.deepEqual(
        error.missing.map(({ name }) => name),
        ['a thing nobody has', 'another'],
      );
      assert.match(error.message, /--no-install/);
      assert.match(error.message, /^ {2}a thing nobody has: apt-get install no-such-package, or do without it$/m);
      assert.match(error.message, /^ {2}another: apt-get install second, or do without it$/m);
      return true;
    },
  );
  assert.deepEqual(notices, []);
});

test('nothing is said and nothing done when nothing is missing', async () => {
  const onNotice = () => assert.fail('there was nothing to say');
  await ensurePackages([present], { install: true, env: process.env, onNotice });
});

test('switching installing off is reason enough not to use apt', () => {
  assert.match(whyNoApt(false, process.env) ?? '', /switched off/);
});

test('every need says how it is met on a system without apt', () => {
  for (const { name, elsewhere } of Object.values(NEEDS)) assert.ok(elsewhere.length > 10, name);
});

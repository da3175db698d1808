import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changeSecrets,
  hasNoSecrets,
  NO_SECRETS,
  namesOf,
  standIns,
  valuesOf,
  withSecrets,
} from '../../../src/core/task/secrets.ts';

const secrets = { set: { b: '2', a: '1' }, buildArgs: { C: '3' } };

test('a change replaces, adds and removes by name', () => {
  const changed = changeSecrets(secrets, { set: { a: null, b: '4', d: '5' } });
  assert.deepEqual(changed, { set: { b: '4', d: '5' }, buildArgs: { C: '3' } });
  assert.deepEqual(changeSecrets(NO_SECRETS, { set: { gone: null } }), NO_SECRETS);
  assert.ok(hasNoSecrets(changeSecrets(secrets, { set: { a: null, b: null }, buildArgs: { C: null } })));
});

test('a name that objects have by themselves is a name like others', () => {
  const strange = changeSecrets(NO_SECRETS, { set: JSON.parse('{"__proto__":"1","constructor":"2"}') });
  assert.deepEqual(namesOf(strange).set, ['__proto__', 'constructor']);
  assert.deepEqual(valuesOf(strange), ['1', '2']);
});

test('names and values are told apart from each other', () => {
  assert.deepEqual(namesOf(secrets), { set: ['a', 'b'], buildArgs: ['C'] });
  assert.deepEqual([...valuesOf(secrets)].sort(), ['1', '2', '3']);
});

test('they go where the request reads them, over what stands there in the clear', () => {
  const source = { kind: 'none' } as const;
  const task = { kind: 'encoded-task', source, taskText: '', set: { a: '0', z: '9' } } as const;
  assert.deepEqual(withSecrets(task, secrets), { ...task, set: { a: '1', b: '2', z: '9' } });
  const build = { kind: 'docker-build', source, images: [] } as const;
  assert.deepEqual(withSecrets({ ...build, images: [] }, secrets), { ...build, buildArgs: { C: '3' } });
});

test('where they are only checked, names stand in for them', () => {
  assert.deepEqual(standIns(secrets), { set: { a: 'secret:a', b: 'secret:b' }, buildArgs: { C: 'secret:C' } });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTaskFile } from '../../../src/core/task-file/parse.ts';
import { createSourceText } from '../../../src/core/task-file/source-text.ts';

/** Codes of the errors but for the one that says that the whole thing is not supported yet. */
function codes(text: string): readonly string[] {
  const result = parseTaskFile(createSourceText('task.yaml', text));
  const found = result.ok ? [] : result.diagnostics;
  return found.flatMap(({ code, severity }) => (code === 'not-supported-yet' || severity === 'warning' ? [] : [code]));
}

const id = 'c72b2df0-b9d8-4ac6-9363-7c1eb06c1c86';
const volume = 'volumes: [{name: v, secret: {f: aGk=}}]\n';
const cases = [
  {
    name: 'secrets in order',
    text: `secrets: [{id: a, keyvault: u}, {id: b, keyvault: u, clientID: ${id}}]`,
    expected: [],
  },
  {
    name: 'ids of clients in every form',
    text: `secrets: [{id: a, keyvault: u, clientID: "urn:uuid:${id}"}, {id: b, keyvault: u, clientID: "{${id}}"}, {id: c, keyvault: u, clientID: ${id.replaceAll('-', '')}}]`,
    expected: [],
  },
  { name: 'no secrets', text: 'secrets:', expected: [] },
  { name: 'a secret without id', text: 'secrets: [{keyvault: u}]', expected: ['secret-missing-id'] },
  { name: 'a blank in the id', text: 'secrets: [{id: a b, keyvault: u}]', expected: ['secret-id-space'] },
  { name: 'a secret from nowhere', text: 'secrets: [{id: a}]', expected: ['secret-missing-source'] },
  {
    name: 'a client that is no UUID',
    text: 'secrets: [{id: a, keyvault: u, clientID: x}]',
    expected: ['secret-invalid-client-id'],
  },
  {
    name: 'an id twice',
    text: 'secrets: [{id: a, keyvault: u}, {id: a, keyvault: w}]',
    expected: ['secret-duplicate'],
  },
  { name: 'ids that differ in case', text: 'secrets: [{id: a, keyvault: u}, {id: A, keyvault: u}]', expected: [] },
  { name: 'secrets that are no list', text: 'secrets: {a: b}', expected: ['yaml-type'] },
  { name: 'a secret that is no map', text: 'secrets: [a]', expected: ['yaml-type'] },
  { name: 'volumes in order', text: 'volumes: [{name: test123-_, secret: {My-test_1.txt: ""}}]', expected: [] },
  { name: 'a volume without name', text: 'volumes: [{secret: {a: b}}]', expected: ['volume-invalid-name'] },
  { name: 'a wrong name', text: 'volumes: [{name: a/b, secret: {a: b}}]', expected: ['volume-invalid-name'] },
  {
    name: 'a name twice',
    text: 'volumes: [{name: a, secret: {a: b}}, {name: a, secret: {a: b}}]',
    expected: ['volume-duplicate'],
  },
  {
    name: 'a volume without files',
    text: 'volumes: [{name: a}, {name: b, secret: {}}]',
    expected: ['volume-missing-source', 'volume-missing-source'],
  },
  {
    name: 'wrong names of files',
    text: 'volumes: [{name: a, secret: {/x: b, "": c}}]',
    expected: ['volume-invalid-filename', 'volume-invalid-filename'],
  },
  {
    name: 'mounts in order',
    text: `${volume}steps: [{cmd: a, volumeMounts: [{name: v, mountPath: /x}, {name: v, mountPath: /y}]}]`,
    expected: [],
  },
  {
    name: 'a mount of nothing',
    text: `${volume}steps: [{cmd: a, volumeMounts: [{name: w, mountPath: /x}, {mountPath: /y}]}]`,
    expected: ['mount-unknown-volume', 'mount-unknown-volume'],
  },
  {
    name: 'a mount to nowhere',
    text: `${volume}steps: [{cmd: a, volumeMounts: [{name: v}]}]`,
    expected: ['mount-invalid'],
  },
  {
    name: 'a path twice',
    text: `${volume}steps: [{cmd: a, volumeMounts: [{name: v, mountPath: /x}, {name: v, mountPath: /x}]}]`,
    expected: ['mount-duplicate-path'],
  },
  {
    name: 'a mount on a push step',
    text: `${volume}steps: [{push: [a], volumeMounts: [{name: v, mountPath: /x}]}]`,
    expected: ['mount-not-allowed'],
  },
  { name: 'networks', text: 'networks: [{name: n, driver: bridge, ipv6: yes, isDefault: true}]', expected: [] },
  { name: 'a network with a wrong switch', text: 'networks: [{name: n, ipv6: maybe}]', expected: ['yaml-type'] },
] as const;

for (const { name, text, expected } of cases)
  test(`declarations: ${name}`, () => assert.deepEqual(codes(text), expected));

test('an empty entry is its own place, and a volume without a name cannot be mounted', () => {
  const text =
    'volumes:\n  - {}\nsteps:\n  - cmd: a\n    volumeMounts: [{mountPath: /x}]\n    repeat: 99999999999999999999\n';
  const result = parseTaskFile(createSourceText('task.yaml', text));
  const found = result.ok ? [] : result.diagnostics;
  assert.ok(found.some(({ code, place }) => code === 'volume-invalid-name' && place?.line === 2 && place.column === 5));
  assert.ok(found.some(({ code }) => code === 'mount-unknown-volume'));
  assert.ok(found.every(({ hint }) => !/seconds/.test(hint ?? '')));
});

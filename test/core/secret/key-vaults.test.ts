import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKeyVaults } from '../../../src/core/secret/key-vaults.ts';

test('every kind of store', () => {
  const text =
    'A.vault.azure.net=env, b=file,c=folder,d=vault:kv/team/,e=vault:kv/app#,f:8443=azure,g=azure:http://127.0.0.1:9/,*=env';
  assert.deepEqual(parseKeyVaults(text), {
    keyVaults: new Map<string, object>([
      ['a.vault.azure.net', { kind: 'environment' }],
      ['b', { kind: 'file' }],
      ['c', { kind: 'folder' }],
      ['d', { kind: 'hashicorp-vault', path: 'kv/team', asFields: false }],
      ['e', { kind: 'hashicorp-vault', path: 'kv/app', asFields: true }],
      ['f:8443', { kind: 'azure', url: undefined }],
      ['g', { kind: 'azure', url: 'http://127.0.0.1:9' }],
      ['*', { kind: 'environment' }],
    ]),
    problems: [],
  });
});

test('everything that is wrong', () => {
  const { keyVaults, problems } = parseKeyVaults('x,https://v=env,a=vault:,b=file:x,c=azure:u@h,d=env,d=env');
  assert.deepEqual([...keyVaults.keys()], ['d']);
  assert.equal(problems.length, 6);
  assert.match(problems.join(), /"x", which is not.*"https:.*not the host.*"a": use env.*"b".*"c".*"d" twice/);
});

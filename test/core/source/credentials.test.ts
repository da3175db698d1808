import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loginFor, parseSourceCredentials, secretsOf } from '../../../src/core/source/credentials.ts';
import { parseGitAddress } from '../../../src/core/source/git-address.ts';

const key = { sshKey: 'PRIVATE', knownHosts: 'h ssh-ed25519 AAAA' };

test('a credential is for one origin: host, port and protocol count', () => {
  const given = {
    'h.test': { token: 'one', ...key },
    'h.test:8443': { username: 'me', token: 'two' },
    'http://h.test': { token: 'three' },
  };
  const { credentials, problems } = parseSourceCredentials(JSON.stringify(given));
  assert.deepEqual(problems, []);
  const login = (url: string) => loginFor(credentials, new URL(url));
  assert.deepEqual(login('https://h.test/x'), { username: 'x-access-token', token: 'one' });
  assert.deepEqual(login('https://h.test:443/x')?.token, 'one');
  assert.deepEqual(login('https://h.test:8443/x'), { username: 'me', token: 'two' });
  assert.deepEqual(login('http://h.test/x')?.token, 'three');
  for (const other of ['http://h.test:8443/x', 'https://sub.h.test/x', 'https://h.test.evil/x', 'https://h.test:1/x']) {
    assert.equal(login(other), undefined, other);
  }
  assert.deepEqual(credentials.get('ssh://h.test')?.ssh, { key: 'PRIVATE', knownHosts: key.knownHosts });
  for (const secret of ['one', 'two', 'PRIVATE', btoa('me:two')])
    assert.ok(secretsOf(credentials).includes(secret), secret);
});

for (const { key: host, address } of [
  { key: 'h.test', address: 'ssh://git@h.test/x' },
  { key: 'h.test:22', address: 'git@h.test:x' },
  { key: 'H.test', address: 'ssh://git@h.TEST:22/x' },
  { key: 'h.test:443', address: 'ssh://git@h.test:443/x' },
  { key: 'https://h.test:2222/', address: 'ssh://git@h.test:2222/x' },
]) {
  test(`the ssh key of ${host} is that of ${address}`, () => {
    const { credentials } = parseSourceCredentials(JSON.stringify({ [host]: key }));
    const found = parseGitAddress(address);
    assert.ok(found.kind === 'ssh' && credentials.get(found.origin)?.ssh !== undefined, [...credentials.keys()].join());
  });
}

test('a query in the address of a repository is refused, and not shown', () => {
  const found = parseGitAddress('https://h.test/a.git?token=hush');
  assert.ok(found.kind === 'wrong');
  assert.match(
    `${found.message} ${found.hint}`,
    /"https:\/\/h\.test\/a\.git\?…" is given with a query.*SOURCE_CREDENTIALS/,
  );
});

for (const { name, text, says } of [
  { name: 'no JSON', text: 'token', says: /no JSON object/ },
  { name: 'a list', text: '[]', says: /no JSON object/ },
  { name: 'a path', text: '{"h/x": {"token": "hush"}}', says: /no host/ },
  { name: 'nothing to sign in with', text: '{"h": {"username": "me"}}', says: /neither/ },
  { name: 'an unknown name', text: '{"h": {"tokn": "hush"}}', says: /"tokn"/ },
  { name: 'a key without hosts', text: '{"h": {"sshKey": "hush"}}', says: /only one of/ },
  { name: 'a line end', text: '{"h": {"token": "hush\\nX: y"}}', says: /line end/ },
  { name: 'a number', text: '{"h": {"token": 5}}', says: /no text in "token"/ },
]) {
  test(`${name} is a problem that shows no value`, () => {
    const { problems } = parseSourceCredentials(text);
    assert.match(problems.join(), says);
    assert.doesNotMatch(problems.join(), /hush/);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiError, Run } from '../../task-schemas/index.ts';
import { AUTH, anApi, TOKEN } from './an-api.ts';

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` });

const closed = [
  '/v1/info',
  '/v1/runs',
  '/v1/runs/r0000001',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/json',
  '/nowhere',
  '/',
];

for (const url of closed) {
  test(`${url} asks for the token before anything else`, async (t) => {
    const { app } = anApi(t);
    const answer = await app.inject({ url });
    assert.deepEqual([answer.statusCode, answer.json<ApiError>().code], [401, 'token-missing']);
    assert.ok(answer.headers['www-authenticate']);
  });
}

for (const url of ['/healthz', '/readyz']) {
  test(`${url} is open`, async (t) => assert.equal((await anApi(t).app.inject({ url })).statusCode, 200));
}

const headers = [
  { name: 'a wrong token', headers: { authorization: 'Bearer wrong' }, code: 'token-wrong' },
  { name: 'a token cut short', headers: { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, code: 'token-wrong' },
  { name: 'the bare token', headers: { authorization: TOKEN }, code: 'token-missing' },
  { name: 'an empty token', headers: { authorization: 'Bearer ' }, code: 'token-missing' },
  { name: 'Basic where only Bearer will do', headers: basic(TOKEN), code: 'token-missing' },
] as const;

for (const { name, headers: given, code } of headers) {
  test(`${name} is refused`, async (t) => {
    const answer = await anApi(t).app.inject({ url: '/v1/info', headers: given });
    assert.deepEqual([answer.statusCode, answer.json<ApiError>().code], [401, code]);
    assert.match(String(answer.headers['www-authenticate']), /^Bearer /);
  });
}

test('Bearer is known in any case', async (t) => {
  const answer = await anApi(t).app.inject({ url: '/v1/info', headers: { authorization: `bearer ${TOKEN}` } });
  assert.equal(answer.statusCode, 200);
});

test('a browser is asked for the token as a password, on the pages alone', async (t) => {
  const { app } = anApi(t);
  const asked = await app.inject({ url: '/docs' });
  assert.match(String(asked.headers['www-authenticate']), /^Basic /);
  assert.equal((await app.inject({ url: '/openapi.json', headers: basic(TOKEN) })).statusCode, 200);
  assert.equal((await app.inject({ url: '/openapi.json', headers: basic('wrong') })).statusCode, 401);
  const cancel = await app.inject({ method: 'POST', url: '/v1/runs/r0000001/cancel', headers: basic(TOKEN) });
  assert.equal(cancel.statusCode, 401, 'a page of another site could make a browser send this');
});

test('the run says whose token it was', async (t) => {
  const { app } = anApi(t);
  const payload = { kind: 'task-file', source: { kind: 'none' }, taskFile: 'a.yaml' };
  const made = await app.inject({
    method: 'POST',
    url: '/v1/runs',
    headers: { authorization: 'Bearer another-token' },
    payload,
  });
  assert.deepEqual(made.json<Run>().trigger, { kind: 'manual', by: 'ci' });
});

test('no token gets into the log', async (t) => {
  const { app, logged } = anApi(t);
  await app.inject({ url: '/v1/info', headers: AUTH });
  await app.inject({ url: '/v1/runs/r0000001', headers: { authorization: 'Bearer a-wrong-one' } });
  assert.match(logged(), /token-wrong/);
  assert.doesNotMatch(logged(), new RegExp(`${TOKEN}|a-wrong-one|another-token`));
});

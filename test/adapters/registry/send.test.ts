import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Answer, Send, Sent } from '../../../src/adapters/registry/exchange.ts';
import { followingRedirects } from '../../../src/adapters/registry/send.ts';
import { RegistryError } from '../../../src/ports/registry-client.ts';

const never = new AbortController().signal;
const FROM = 'https://r.test/v2/a/blobs/x';

/** Servers that only redirect, by URL; all other URLs answer 200. */
function redirecting(locations: Readonly<Record<string, string>>, status = 307) {
  const sent: Sent[] = [];
  const bodies: Readable[] = [];
  const exchange: Send = async (request) => {
    sent.push(request);
    const location = locations[request.url.href];
    const body = Readable.from(['x']);
    bodies.push(body);
    const is = location === undefined ? 200 : status;
    return { status: is, headers: location === undefined ? {} : { location }, body, url: request.url };
  };
  const send = (method: Sent['method'] = 'GET'): Promise<Answer> => {
    const headers = { Accept: '*/*', Authorization: 'Bearer t' };
    return followingRedirects(exchange)({ method, url: new URL(FROM), headers }, never);
  };
  return { send, sent, bodies };
}

const asked = (sent: readonly Sent[]) => sent.map(({ url, headers }) => [url.href, headers?.Authorization]);

test('a blob is fetched from where the registry keeps it, which sees no password', async () => {
  const { send, sent, bodies } = redirecting({ [FROM]: 'https://blobs.test/x?signature=%2Fs' });
  const answer = await send();
  assert.equal(answer.status, 200);
  assert.equal(answer.url.href, 'https://blobs.test/x?signature=%2Fs');
  assert.deepEqual(asked(sent), [
    [FROM, 'Bearer t'],
    ['https://blobs.test/x?signature=%2Fs', undefined],
  ]);
  assert.equal(sent[1]?.headers?.Accept, '*/*');
  assert.equal(bodies[0]?.destroyed, true);
});

test('a password stays on its host, and does not come back with somebody else', async () => {
  const { send, sent } = redirecting({
    [FROM]: '/v2/b/blobs/x',
    'https://r.test/v2/b/blobs/x': 'https://r.test:8443/x',
    'https://r.test:8443/x': 'https://r.test/secret',
  });
  await send('HEAD');
  assert.deepEqual(asked(sent), [
    [FROM, 'Bearer t'],
    ['https://r.test/v2/b/blobs/x', 'Bearer t'],
    ['https://r.test:8443/x', undefined],
    ['https://r.test/secret', undefined],
  ]);
});

const refused = [
  { to: 'http://r.test/x', because: /r\.test redirects from https to a place without TLS/ },
  { to: 'file:///etc/passwd', because: /r\.test redirects to what is no URL/ },
  { to: 'https://', because: /r\.test redirects to what is no URL/ },
  { to: FROM, because: /r\.test redirects more than 5 times/ },
];

for (const { to, because } of refused) {
  test(`a redirect to ${to} is refused`, async () => {
    const { send, sent } = redirecting({ [FROM]: to });
    await assert.rejects(send(), (error) => error instanceof RegistryError && because.test(error.message));
    assert.ok(sent.every(({ url }) => url.href === FROM) && sent.length <= 6);
  });
}

test('what is written stays where it was sent', async () => {
  for (const method of ['POST', 'PUT'] as const) {
    const { send, sent } = redirecting({ [FROM]: 'https://elsewhere.test/x' });
    assert.equal((await send(method)).status, 307);
    assert.equal(sent.length, 1);
  }
});

test('an answer that leads nowhere is an answer', async () => {
  assert.equal((await redirecting({ [FROM]: 'https://r.test/x' }, 304).send()).status, 304);
});

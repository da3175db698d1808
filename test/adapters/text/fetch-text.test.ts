import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FetchDeps } from '../../../src/adapters/text/fetch-text.ts';
import { createTextReader } from '../../../src/adapters/text/text-reader.ts';
import { addressProblem } from '../../../src/core/policy/address.ts';

const never = new AbortController().signal;

/** A server on loopback that counts who connects. */
async function serve(t: TestContext, answer: RequestListener, host = '127.0.0.1') {
  const seen = { connections: 0, requests: [] as IncomingMessage[] };
  const server = createServer((request, response) => {
    seen.requests.push(request);
    answer(request, response);
  });
  server.on('connection', () => seen.connections++);
  await new Promise<void>((done) => server.listen(0, host, done));
  t.after(() => server.close().closeAllConnections());
  // An address of `listen` is never a path here.
  const { port } = server.address() as AddressInfo;
  return { seen, port, url: `http://${host}:${port}` };
}

/** Loopback counts as public, so that the rest can be tried. `names` are hosts and what they resolve to. */
function open(names: Readonly<Record<string, readonly string[]>> = {}, timeoutMs = 5_000): Partial<FetchDeps> {
  return {
    check: (address) => (address === '127.0.0.1' ? undefined : addressProblem(address)),
    resolve: resolverOf(names),
    timeoutMs,
  };
}

function resolverOf(names: Readonly<Record<string, readonly string[]>>): FetchDeps['resolve'] {
  return (host, _options, done) => {
    const addresses = names[host];
    if (addresses === undefined) return done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), []);
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

async function reason(url: string, changed: Partial<FetchDeps>, signal = never): Promise<string> {
  const content = await createTextReader(changed).fetch(url, signal);
  assert.ok(typeof content !== 'string', `it was read: ${JSON.stringify(content)}`);
  assert.ok(content.hint.length > 0);
  return content.reason;
}

const spellings = [
  (port: number) => `http://127.0.0.1:${port}/`,
  (port: number) => `http://127.1:${port}/`,
  (port: number) => `http://2130706433:${port}/`,
  (port: number) => `http://0x7f000001:${port}/`,
  (port: number) => `http://0177.0.0.1:${port}/`,
  (port: number) => `http://0x7f.1:${port}/`,
  (port: number) => `http://127.0.0.1.:${port}/`,
  (port: number) => `http://1%32%37.0.0.1:${port}/`,
  (port: number) => `http://１２７.0.0.1:${port}/`,
  (port: number) => `http://[::ffff:127.0.0.1]:${port}/`,
  (port: number) => `http://[::ffff:7f00:1]:${port}/`,
  (port: number) => `http://[64:ff9b::7f00:1]:${port}/`,
  (port: number) => `http://0:${port}/`,
  (port: number) => `http://localhost:${port}/`,
  (port: number) => `https://127.0.0.1:${port}/`,
];

for (const spell of spellings) {
  test(`${spell(80)} is refused, and nothing connects`, async (t) => {
    const { seen, port } = await serve(t, (_, response) => response.end('a: b'));
    assert.match(
      await reason(spell(port), {}),
      /^\S+ (leads to (127\.0\.0\.1|::1), which )?is the (worker itself|unspecified address)$/,
    );
    assert.equal(seen.connections, 0);
  });
}

test('IPv6 loopback is refused too', async () => {
  assert.match(await reason('http://[::1]:1/', {}), /^\[::1\]:1 is the worker itself$/);
});

test('metadata of a cloud is refused', async () => {
  assert.match(await reason('http://169.254.169.254/latest/', {}), /^169\.254\.169\.254 is .* metadata$/);
});

for (const { name, addresses } of [
  { name: 'a name that leads inside', addresses: ['10.0.0.7'] },
  { name: 'a name that leads inside among others', addresses: ['127.0.0.1', '10.0.0.7'] },
  { name: 'a name that leads inside by IPv6', addresses: ['127.0.0.1', '::ffff:10.0.0.7'] },
]) {
  test(`${name} is refused, and nothing connects`, async (t) => {
    const { seen, port } = await serve(t, (_, response) => response.end('a: b'));
    const said = await reason(`http://trap.test:${port}/`, open({ 'trap.test': addresses }));
    assert.match(said, /^trap\.test:\d+ leads to (::ffff:)?10\.0\.0\.7, which is an address of a private network$/);
    assert.equal(seen.connections, 0);
  });
}

test('the address that was checked is the one that is used, whatever the name leads to a moment later', async (t) => {
  const { port, seen } = await serve(t, (_, response) => response.end('a: b'));
  let looked = 0;
  const resolve: FetchDeps['resolve'] = (_host, _options, done) =>
    done(null, [{ address: looked++ === 0 ? '127.0.0.1' : '10.0.0.7', family: 4 }]);
  const reader = createTextReader({ ...open(), resolve });
  assert.equal(await reader.fetch(`http://rebound.test:${port}/`, never), 'a: b');
  assert.deepEqual([looked, seen.connections], [1, 1]);
  assert.match(await reason(`http://rebound.test:${port}/`, { ...open(), resolve }), /leads to 10\.0\.0\.7/);
  assert.equal(seen.connections, 1);
});

test('a text is read, and nothing of this machine is told to its server', async (t) => {
  const { url, seen } = await serve(t, (_, response) => response.end('a: ä'));
  assert.equal(await createTextReader(open()).fetch(`${url}/x?y=1#z`, never), 'a: ä');
  const [request] = seen.requests;
  assert.deepEqual([request?.method, request?.url], ['GET', '/x?y=1']);
  assert.deepEqual(Object.keys(request?.headers ?? {}).sort(), [
    'accept',
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ]);
});

test('up to three redirects are followed, over relative places too', async (t) => {
  const { url } = await serve(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) return response.end('there: yes');
    response.writeHead([301, 302, 307][left % 3] ?? 308, { location: `./${left - 1}` }).end();
  });
  assert.equal(await createTextReader(open()).fetch(`${url}/3`, never), 'there: yes');
  assert.match(await reason(`${url}/4`, open()), /redirects more than 3 times/);
});

test('a redirect to a forbidden place is refused, and nothing connects there', async (t) => {
  const inside = await serve(t, (_, response) => response.end('secret: 1'), '127.0.0.2');
  const targets = [`http://127.0.0.2:${inside.port}/`, `//127.0.0.2:${inside.port}/`, `http://in.test:${inside.port}/`];
  for (const location of targets) {
    const { url } = await serve(t, (_, response) => response.writeHead(302, { location }).end());
    const said = await reason(url, open({ 'in.test': ['127.0.0.2'] }));
    assert.match(said, /^it redirects to \S+: \S+ (leads to 127\.0\.0\.2, which )?is the worker itself$/);
  }
  assert.equal(inside.seen.connections, 0);
});

for (const { location, says } of [
  { location: 'file:///etc/passwd', says: 'it redirects to a place that cannot be used: file is not fetched' },
  { location: 'http://me:hush@127.0.0.1/', says: 'it redirects to a place that cannot be used: it has a user name' },
  { location: 'http://[', says: 'it redirects to a place that cannot be used: it is no valid URL' },
]) {
  test(`a redirect to ${location} is refused`, async (t) => {
    const { url } = await serve(t, (_, response) => response.writeHead(302, { location }).end());
    const said = await reason(url, open());
    assert.ok(said.startsWith(says), said);
    assert.doesNotMatch(said, /hush/);
  });
}

const answers: readonly { name: string; says: RegExp; answer: RequestListener }[] = [
  {
    name: 'an error',
    says: /answers with the status 404$/,
    answer: (_, response) => response.writeHead(404).end('secret'),
  },
  { name: 'a redirect to nowhere', says: /the status 302$/, answer: (_, response) => response.writeHead(302).end() },
  { name: 'not modified', says: /the status 304$/, answer: (_, response) => response.writeHead(304).end() },
  { name: 'other bytes', says: /not text in UTF-8/, answer: (_, response) => response.end(Buffer.from([0x61, 0xff])) },
  { name: 'too much', says: /more than 65536 bytes/, answer: (_, response) => response.end(Buffer.alloc(65_537, 'x')) },
  {
    name: 'gzip',
    says: /answers with gzip, not with text/,
    answer: (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a: b')),
  },
  {
    name: 'half of a text',
    says: /cannot be asked: aborted/,
    answer: (_, response) => response.writeHead(200, { 'content-length': '9' }).write('a: b', () => response.destroy()),
  },
  {
    name: 'no HTTP',
    says: /cannot be asked: Parse Error/,
    answer: (_, response) => response.socket?.end('220 hello\r\n'),
  },
];

for (const { name, says, answer } of answers) {
  test(`an answer with ${name} is told`, async (t) => {
    const { url } = await serve(t, answer);
    assert.match(await reason(url, open()), says);
  });
}

test('a text without end is left as soon as it is too long', async (t) => {
  const { url } = await serve(t, (_, response) => {
    const more = () => response.write('x'.repeat(16_384), (error) => error ?? more());
    more();
  });
  assert.match(await reason(url, open()), /more than 65536 bytes/);
});

for (const [name, begin] of [
  ['never answers', () => undefined],
  ['stops in the middle', (response: { write(text: string): void }) => response.write('a: b')],
] as const) {
  test(`a server that ${name} is left in time, and on abort at once`, async (t) => {
    const { url, seen } = await serve(t, (_, response) => void begin(response));
    assert.match(await reason(url, open({}, 80)), /it has not come within 0\.08 seconds/);
    const stop = new AbortController();
    const reading = createTextReader(open()).fetch(url, stop.signal);
    const why = new Error('canceled');
    setImmediate(() => stop.abort(why));
    await assert.rejects(reading, why);
    await assert.rejects(createTextReader(open()).fetch(url, stop.signal), why);
    assert.ok(seen.connections <= 2);
  });
}

test('the time is for all redirects together', async (t) => {
  const { url } = await serve(t, (_, response) => {
    setTimeout(() => response.writeHead(302, { location: '/' }).end(), 60);
  });
  assert.match(await reason(url, open({}, 130)), /it has not come within/);
});

for (const { url, says } of [
  { url: 'ftp://h.test/a', says: 'ftp is not fetched' },
  { url: 'http://', says: 'it is no valid URL' },
  { url: 'http://a b/', says: 'it is no valid URL' },
  { url: 'http://me:hush@h.test/', says: 'it has a user name or password in it' },
  { url: 'http://me@h.test/', says: 'it has a user name or password in it' },
  { url: 'http://unknown.test/', says: 'no host is called unknown.test' },
]) {
  test(`${url} is not fetched`, async () => assert.equal(await reason(url, open()), says));
}

test('a server that is not there', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  assert.equal(await reason(`http://127.0.0.1:${port}/`, open()), `nothing listens at 127.0.0.1:${port}`);
});

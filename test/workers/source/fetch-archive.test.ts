import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fetchRemote } from '../../../workers/source/fetch-remote.ts';
import { UnusableSource } from '../../../workers/source/unusable-source.ts';
import { startFileServer } from '../../support/file-server.ts';
import { temporaryFolder } from '../../support/git-repository.ts';
import { remoteDeps } from '../../support/remote-deps.ts';
import { tarOf } from '../../support/tar.ts';

const never = new AbortController().signal;
const hello = await tarOf({ name: 'sub/hello.txt', content: 'hello'.repeat(1000) });

async function fetch(t: TestContext, url: string, deps = remoteDeps(), signal = never) {
  const folder = temporaryFolder(t);
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  await fetchRemote({ source: { kind: 'archive', url }, folder, note }, deps, signal);
  return { folder, notes };
}

async function refusal(fetching: Promise<unknown>): Promise<string> {
  const error = await fetching.then(
    () => assert.fail('it was fetched'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof UnusableSource, String(error));
  assert.notEqual(error.hint, '');
  return `${error.message} ${error.hint}`;
}

const compressed = {
  plain: hello,
  gzip: gzipSync(hello),
  xz: execFileSync('xz', ['-c'], { input: hello }),
  zstd: execFileSync('zstd', ['-c', '-q'], { input: hello }),
  bzip2: execFileSync('bzip2', ['-c'], { input: hello }),
};

test('archives of every kind are told by their first bytes, not by their names', async (t) => {
  const files = Object.entries(compressed).map(([kind, content]) => [`/${kind}.dat`, content] as const);
  const { url } = await startFileServer(t, Object.fromEntries(files));
  for (const kind of Object.keys(compressed)) {
    const { folder } = await fetch(t, `${url}/${kind}.dat`);
    assert.equal((await readFile(path.join(folder, 'sub/hello.txt'))).length, 5000, kind);
  }
});

test('an archive that is cut short is no archive, however it is compressed', async (t) => {
  const { url, handlers } = await startFileServer(t, {});
  for (const [kind, content] of Object.entries(compressed)) {
    handlers.set('/x', content.subarray(0, Math.floor(content.length * 0.6)));
    assert.match(await refusal(fetch(t, `${url}/x`)), /not a readable/, kind);
  }
});

test('what is no archive is refused with what it looks like', async (t) => {
  const { url } = await startFileServer(t, {
    '/page': '<!DOCTYPE html><html>sign in</html>',
    '/zip': 'PK\u0003\u0004rest',
  });
  assert.match(await refusal(fetch(t, `${url}/page`)), /looks like a web page/);
  assert.match(await refusal(fetch(t, `${url}/zip`)), /looks like a zip archive/);
});

test('bombs are stopped early', async (t) => {
  const zeros = Buffer.alloc(70_000_000);
  const bomb = gzipSync(await tarOf({ name: 'zeros', content: zeros }));
  // Nothing but headers for an entry that never comes.
  const whole = await tarOf({ name: 'x', pax: { comment: 'x'.repeat(900_000) } });
  const header = whole.subarray(0, whole.length - 3 * 512);
  const headers = Buffer.concat(Array.from({ length: 24 }, () => header));
  const { url } = await startFileServer(t, { '/bomb': bomb, '/headers': headers });
  assert.match(await refusal(fetch(t, `${url}/bomb`)), /more than 250 times its size/);
  const small = remoteDeps({}, { limits: { maxBytes: 1_000_000, maxEntries: 10 } });
  assert.match(await refusal(fetch(t, `${url}/bomb`, small)), /more than 1000000 bytes/);
  assert.match(await refusal(fetch(t, `${url}/headers`)), /mostly headers/);
});

for (const [name, entries] of [
  [
    'a link on the way',
    [
      { name: 'out', type: 'symlink', linkname: '/tmp' },
      { name: 'out/evil', content: 'x' },
    ],
  ],
  ['a name with ..', [{ name: '../evil', content: 'x' }]],
] as const) {
  test(`${name} leads nowhere`, async (t) => {
    const { url } = await startFileServer(t, { '/x': gzipSync(await tarOf(...entries)) });
    assert.match(await refusal(fetch(t, `${url}/x`)), /outside of its folder/);
  });
}

test('a server that is out of order is asked three times, one that refuses once', async (t) => {
  let tries = 0;
  const { url, seen, handlers } = await startFileServer(t, {
    '/late': (_request, response) => {
      tries += 1;
      if (tries < 3) response.writeHead(503).end();
      else response.end(hello);
    },
    '/never': (_request, response) => void response.writeHead(500).end('out of order'),
  });
  await fetch(t, `${url}/late`);
  assert.equal(seen.length, 3);
  assert.match(await refusal(fetch(t, `${url}/never?sig=hidden`)), /^(?!.*hidden).*status 500 .*: out of order/);
  assert.equal(seen.length, 6);
  assert.match(await refusal(fetch(t, `${url}/absent`)), /status 404 .*: no such thing/);
  assert.equal(seen.length, 7);
  handlers.clear();
});

test('a download that breaks off begins anew, in an empty folder', async (t) => {
  const big = gzipSync(
    await tarOf(
      { name: 'first', content: 'x' },
      { name: 'b', content: Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))) },
    ),
  );
  let tries = 0;
  const { url } = await startFileServer(t, {
    '/x': (_request, response) => {
      tries += 1;
      response.writeHead(200, { 'content-length': big.length });
      if (tries === 3) return void response.end(big);
      response.write(big.subarray(0, 40_000), () => response.destroy());
    },
  });
  const { folder, notes } = await fetch(t, `${url}/x`);
  assert.deepEqual((await readdir(folder)).sort(), ['b', 'first']);
  assert.equal(notes.filter((line) => line.includes('broke off')).length, 2);
  tries = -10;
  assert.match(await refusal(fetch(t, `${url}/x`)), /broke off 3 times/);
});

test('a token goes to its own origin only, also through redirects', async (t) => {
  const there = await startFileServer(t, { '/x': hello });
  const here = await startFileServer(t, {
    '/x': (_request, response) => void response.writeHead(302, { location: `${there.url}/x` }).end(),
  });
  await fetch(t, `${here.url}/x`, remoteDeps({ [here.url]: { username: 'me', token: 'sesame' } }));
  assert.deepEqual(here.seen, [{ path: '/x', authorization: `Basic ${btoa('me:sesame')}` }]);
  assert.deepEqual(there.seen, [{ path: '/x', authorization: undefined }]);
});

test('addresses that keep secrets are not contacted, not even through a redirect', async (t) => {
  const { url, seen } = await startFileServer(t, {
    '/x': (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  });
  assert.match(await refusal(fetch(t, 'http://169.254.169.254/x')), /is where secrets are/);
  assert.match(await refusal(fetch(t, `${url}/x`)), /redirects to 169\.254\.169\.254, which is where secrets are/);
  assert.equal(seen.length, 1);
});

test('a download can be canceled while nothing comes', async (t) => {
  const canceling = new AbortController();
  const reason = new Error('canceled');
  const { url } = await startFileServer(t, {
    '/x': (_request, response) => {
      response.write(hello.subarray(0, 700));
      setImmediate(() => canceling.abort(reason));
    },
  });
  await assert.rejects(fetch(t, `${url}/x`, remoteDeps(), canceling.signal), reason);
});

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createEndpoints } from '../../../src/adapters/registry/endpoint.ts';
import { RegistryError } from '../../../src/ports/registry-client.ts';

const never = new AbortController().signal;
const place = { registry: 'r.test:5000', path: 'app', plainHttp: true };

/** Endpoints of registries that answer by HTTPS when `speaks` says so. */
function rig(speaks: () => boolean) {
  const asked: string[] = [];
  const endpoints = createEndpoints(async ({ url }) => {
    asked.push(url.href);
    if (!speaks()) throw new RegistryError('r.test:5000 cannot be reached');
    return { status: 200, headers: {}, body: Readable.from([]), url };
  });
  return { asked, find: async (change = {}) => (await endpoints.find({ ...place, ...change }, never)).href };
}

test('who has answered by HTTPS is not asked again, and never spoken to without', async () => {
  let speaks = true;
  const { asked, find } = rig(() => speaks);
  assert.equal(await find(), 'https://r.test:5000/');
  speaks = false;
  assert.equal(await find(), 'https://r.test:5000/');
  assert.deepEqual(asked, ['https://r.test:5000/v2/']);
});

test('who has not, because it was starting again, gets HTTPS as soon as it answers', async () => {
  let speaks = false;
  const { find } = rig(() => speaks);
  assert.equal(await find(), 'http://r.test:5000/');
  speaks = true;
  assert.equal(await find(), 'https://r.test:5000/');
});

test('who may not be spoken to by plain HTTP is not asked', async () => {
  const { asked, find } = rig(() => false);
  assert.equal(await find({ plainHttp: false }), 'https://r.test:5000/');
  assert.equal(await find({ registry: 'docker.io', plainHttp: false }), 'https://registry-1.docker.io/');
  assert.deepEqual(asked, []);
});

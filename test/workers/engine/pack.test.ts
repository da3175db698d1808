import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { packEntries } from '../../../workers/engine/pack.ts';

for (const { given, expected } of [
  { given: '2020-05-06T07:08:09Z', expected: '2020-05-06T07:08:09.000Z' },
  { given: '2099-01-01T00:00:00Z', expected: '2038-01-19T03:14:07.000Z' },
  { given: '1960-01-01T00:00:00Z', expected: '1970-01-01T00:00:00.000Z' },
]) {
  test(`a file dated ${given} is packed as ${expected}`, async () => {
    const { stream } = packEntries(
      (async function* () {
        yield { header: { name: 'a', mtime: new Date(given) }, body: Buffer.from('x') };
      })(),
    );
    const times: string[] = [];
    const tar = extract();
    Readable.from(stream).pipe(tar as unknown as NodeJS.WritableStream);
    for await (const entry of tar) {
      times.push(entry.header.mtime.toISOString());
      entry.resume();
    }
    assert.deepEqual(times, [expected]);
  });
}

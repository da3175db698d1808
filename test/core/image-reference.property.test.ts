import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { familiarReference, formatReference, parseImageReference } from '../../src/core/image-reference.ts';
import { joined, tries } from '../support/arbitraries/property.ts';

const part = fc.constantFrom('a', 'app', 'a.b', 'a_b', 'a__b', 'a--b', 'library', 'localhost', '0');
const reference = fc.record(
  {
    domain: fc.constantFrom('docker.io', 'localhost', 'localhost:5000', 'reg.example.com', '[::1]:80', 'A.b:1', 'x:1'),
    path: joined(part, '/', 4),
    tag: fc.constantFrom('1', 'latest', '_', 'V1.2-x', 'a'.repeat(128)),
    digest: fc.constantFrom(`sha256:${'0af9'.repeat(16)}`, `sha512:${'ab'.repeat(64)}`),
  },
  { requiredKeys: ['domain', 'path'] },
);

test('a reference in full, and as people write it, is read back as it was', () => {
  const property = fc.property(reference, (given) => {
    // Paths of one part belong to the user `library` of Docker Hub.
    const isOfficial = given.domain === 'docker.io' && !given.path.includes('/');
    const full = isOfficial ? { ...given, path: `library/${given.path}` } : given;
    const expected = { kind: 'valid', ...full };
    assert.deepEqual(parseImageReference(formatReference(given)), expected);
    // `localhost/x` of Docker Hub cannot be written without its host.
    if (given.domain === 'docker.io' && /^(?:localhost|[^/]*\.[^/]*)\//.test(full.path)) return;
    assert.deepEqual(parseImageReference(familiarReference(full)), expected);
  });
  fc.assert(property, tries(2000));
});

const piece = fc.constantFrom(
  'a',
  'A',
  '.',
  ':',
  '/',
  '@',
  '-',
  '_',
  '5000',
  'sha256:',
  '0'.repeat(64),
  'localhost',
  '://',
  ' ',
  'é',
  '[',
  ']',
  '🐳',
);

test('any text is a reference that keeps its meaning, or is refused with a hint', () => {
  const property = fc.property(fc.oneof(joined(piece, '', 8), fc.string({ unit: 'binary' })), (text) => {
    const parsed = parseImageReference(text);
    if (parsed.kind === 'valid') assert.deepEqual(parseImageReference(formatReference(parsed)), parsed);
    else assert.ok(parsed.reason !== '' && parsed.hint !== '');
  });
  fc.assert(property, tries(5000));
});

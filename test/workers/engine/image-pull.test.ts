import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseImageReference } from '../../../src/core/image-reference.ts';
import { explainPull, type PullRequest } from '../../../workers/engine/image-pull.ts';
import type { KnownImages } from '../../../workers/engine/known-images.ts';

const image = 'reg.test/team/app:1';
const known: KnownImages = { has: async () => false, add: () => undefined, forget: () => undefined };
const usual = { image, known, always: false, retries: 0, retryDelayMs: 0, credentials: [], now: () => 0 };

function explain(problem: string, change: Partial<PullRequest> = {}) {
  const reference = parseImageReference(image);
  assert.ok(reference.kind === 'valid');
  return explainPull({ ...usual, ...change }, reference, problem);
}

test('a pull that is denied without a credential says where one goes', () => {
  const { message, hint } = explain('denied: requested access to the resource is denied');
  assert.match(message, /^Image reg\.test\/team\/app:1 is not on the engine and could not be pulled: denied: /);
  assert.match(hint ?? '', /credential for reg\.test to .*SLIPWAY_REGISTRY_CREDENTIALS_FILE/);
});

test('a pull that is denied with one asks for its rights', () => {
  const credentials = [{ registry: 'reg.test', username: 'me', password: 'secret' }];
  assert.match(explain('denied', { credentials }).hint ?? '', /credential for reg\.test may read it/);
});

test('with "pull: true" nothing is said of what the engine has', () => {
  const { message, hint } = explain('manifest unknown', { always: true });
  assert.equal(message, 'Image reg.test/team/app:1 could not be pulled: manifest unknown');
  assert.match(hint ?? '', /without "pull: true"/);
});

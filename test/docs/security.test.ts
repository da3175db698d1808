/** docs/security.md names every permission, and its example is a policy. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePolicy } from '../../src/core/policy/read-policy.ts';
import { STRICT_POLICY } from '../../src/core/policy/worker-policy.ts';

const document = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'security.md'), 'utf8');

test('the example of a policy names every permission and is one', () => {
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(document) ?? [];
  const policy = parsePolicy(example, 'docs/security.md');
  assert.ok(policy.ok, JSON.stringify(policy));
  for (const name of Object.keys(STRICT_POLICY)) assert.match(example, new RegExp(`^${name}:`, 'm'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  familiarReference,
  formatReference,
  parseImageReference,
  withDefaultTag,
} from '../../src/core/image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

const valid = [
  { text: 'node', full: 'docker.io/library/node', familiar: 'node' },
  { text: 'node:16', full: 'docker.io/library/node:16', familiar: 'node:16' },
  { text: 'library/node', full: 'docker.io/library/node', familiar: 'node' },
  { text: 'org/app:1', full: 'docker.io/org/app:1', familiar: 'org/app:1' },
  { text: 'library/a/b', full: 'docker.io/library/a/b', familiar: 'library/a/b' },
  { text: 'index.docker.io/node', full: 'docker.io/library/node', familiar: 'node' },
  { text: 'docker.io/org/app', full: 'docker.io/org/app', familiar: 'org/app' },
  { text: 'localhost/x', full: 'localhost/x', familiar: 'localhost/x' },
  { text: 'localhost:5000/x', full: 'localhost:5000/x', familiar: 'localhost:5000/x' },
  { text: 'a.io:5000/x/y:t', full: 'a.io:5000/x/y:t', familiar: 'a.io:5000/x/y:t' },
  { text: 'MyReg.Example.com/x', full: 'MyReg.Example.com/x', familiar: 'MyReg.Example.com/x' },
  { text: '[2001:db8::1]:5000/x', full: '[2001:db8::1]:5000/x', familiar: '[2001:db8::1]:5000/x' },
  { text: `x:1@${digest}`, full: `docker.io/library/x:1@${digest}`, familiar: `x:1@${digest}` },
  { text: `a.io/x@${digest}`, full: `a.io/x@${digest}`, familiar: `a.io/x@${digest}` },
  { text: 'a__b/c--d.e', full: 'docker.io/a__b/c--d.e', familiar: 'a__b/c--d.e' },
  { text: `x:${'t'.repeat(128)}`, full: `docker.io/library/x:${'t'.repeat(128)}`, familiar: `x:${'t'.repeat(128)}` },
] as const;

for (const { text, full, familiar } of valid) {
  test(`${text} is ${full}`, () => {
    const parsed = parseImageReference(text);
    assert.ok(parsed.kind === 'valid');
    assert.equal(formatReference(parsed), full);
    assert.equal(familiarReference(parsed), familiar);
  });
}

const invalid = [
  { text: '', reason: /empty/, hint: /node/ },
  { text: 'a b', reason: /white space/, hint: /quotes/ },
  { text: 'Foo:1', reason: /upper-case/, hint: /lower case: foo/ },
  { text: 'MyOrg/app', reason: /upper-case/, hint: /myorg\/app/ },
  { text: 'https://a.io/x', reason: /URL/, hint: /scheme: a\.io\/x/ },
  { text: 'a//b', reason: /empty part/, hint: /between slashes/ },
  { text: 'a...b', reason: /"a\.\.\.b"/, hint: /dots/ },
  { text: '-a', reason: /"-a"/, hint: /letters/ },
  { text: 'a___b', reason: /"a___b"/, hint: /underscores/ },
  { text: '$azure/x', reason: /"\$azure"/, hint: /letters/ },
  { text: 'a:', reason: /tag.*empty/, hint: /colon/ },
  { text: 'a:-b', reason: /"-b" is not a tag/, hint: /begin/ },
  { text: `a:${'t'.repeat(129)}`, reason: /129/, hint: /128/ },
  { text: 'a@sha256:0123', reason: /"sha256:0123" is not a digest/, hint: /64/ },
  { text: `a@md5:${'a'.repeat(32)}`, reason: /not a digest/, hint: /sha256/ },
  { text: 'a.io/', reason: /no image name/, hint: /host/ },
  { text: 'a_b.io:50/x', reason: /"a_b\.io:50" is not a registry host/, hint: /hyphens/ },
  { text: 'f'.repeat(64), reason: /image id/, hint: /name/ },
  { text: `${'a/'.repeat(127)}bcd`, reason: /257/, hint: /255/ },
] as const;

for (const { text, reason, hint } of invalid) {
  test(`"${text.slice(0, 40)}" is refused`, () => {
    const parsed = parseImageReference(text);
    assert.ok(parsed.kind === 'invalid');
    assert.match(parsed.reason, reason);
    assert.match(parsed.hint, hint);
  });
}

test('latest is the tag where there is neither tag nor digest', () => {
  const tagOf = (text: string) => {
    const parsed = parseImageReference(text);
    return parsed.kind === 'valid' ? withDefaultTag(parsed).tag : 'invalid';
  };
  assert.deepEqual(['a', 'a:1', `a@${digest}`, 'localhost:5000/a'].map(tagOf), ['latest', '1', undefined, 'latest']);
});

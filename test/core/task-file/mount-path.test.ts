import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMountPath } from '../../../src/core/task-file/mount-path.ts';

const paths = [
  { text: '/a', path: '/a', readOnly: false },
  { text: '/a:ro', path: '/a', readOnly: true },
  { text: '/a:rw', path: '/a', readOnly: false },
  { text: '/a:z,ro', path: '/a', readOnly: true },
  { text: 'secret:where', path: 'secret:where', readOnly: false },
];

for (const { text, path, readOnly } of paths) {
  test(`mount at "${text}"`, () => assert.deepEqual(parseMountPath(text), { kind: 'path', path, readOnly }));
}

const wrong = [
  { text: 'rel', message: /"rel" does not say where/ },
  { text: ':ro', message: /":ro" does not say where/ },
  { text: '/a:fast', message: /"fast" is not an option/ },
  { text: '/a:ro:x', message: /"x" is not an option/ },
];

for (const { text, message } of wrong) {
  test(`no mount at "${text}"`, () => {
    const read = parseMountPath(text);
    assert.match(read.kind === 'wrong' ? read.message : '', message);
  });
}

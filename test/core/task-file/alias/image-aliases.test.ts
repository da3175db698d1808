import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseImageAliases } from '../../../../src/core/task-file/alias/image-aliases.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const cases = [
  { text: '', aliases: [] },
  { text: 'bash=bash:5', aliases: [['bash', 'bash:5']] },
  {
    text: ` bash = docker.io/library/bash:5 ,Az2=r.test:5000/az@${DIGEST},`,
    aliases: [
      ['bash', 'docker.io/library/bash:5'],
      ['Az2', `r.test:5000/az@${DIGEST}`],
    ],
  },
  {
    text: 'good=a:1,bad,my-tool=a,=a,none=,up=A:1,good=b',
    aliases: [['good', 'a:1']],
    problems: [
      'has "bad", which is not NAME=IMAGE',
      'has the name "my-tool", but names have letters and digits only',
      'has the name "", but names have letters and digits only',
      'has no usable image for "none": The image name is empty',
      'has no usable image for "up": The image name "A" has upper-case letters',
      'names "good" twice',
    ],
  },
] as const;

for (const { text, aliases, ...more } of cases) {
  test(`image aliases: "${text}"`, () => {
    const read = parseImageAliases(text);
    assert.deepEqual([[...read.aliases], read.problems], [aliases, 'problems' in more ? more.problems : []]);
  });
}

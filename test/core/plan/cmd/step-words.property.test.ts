/** The texts of cmd and build steps, read without a task file around them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBuild } from '../../../../src/core/plan/build/build-words.ts';
import { readCmd } from '../../../../src/core/plan/cmd/docker-words.ts';
import type { TextFindings } from '../../../../src/core/task-file/text-findings.ts';
import { joined, tries } from '../../../support/arbitraries/property.ts';
import { stepWord } from '../../../support/arbitraries/task-value.ts';
import { taskPiece } from '../../../support/arbitraries/wild-task.ts';

const texts = fc.oneof(joined(stepWord, ' ', 8), joined(fc.oneof(stepWord, taskPiece), '', 8));

const readers = [
  {
    name: 'readCmd',
    read: (text: string, report: TextFindings) => readCmd(text, { volumes: ['v'], workspace: 'w' }, report),
  },
  { name: 'readBuild', read: (text: string, report: TextFindings) => readBuild(text, '/workspace/sub', report) },
];

for (const { name, read } of readers) {
  test(`${name} gives words or says why not, at places inside the text`, () => {
    const property = fc.property(texts, (text) => {
      let errors = 0;
      const inside = (_code: string, start: number, end: number, message: string): void => {
        assert.ok(start >= 0 && start <= end && end <= text.length && message !== '');
      };
      const error = (...found: Parameters<TextFindings['error']>): void => {
        errors++;
        inside(found[0], found[1], found[2], found[3]);
      };
      const words = read(text, { error, warning: inside });
      assert.equal(words === undefined, errors > 0);
      if (words !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(words)), words);
    });
    fc.assert(property, tries(2000));
  });
}

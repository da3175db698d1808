/** The parts of the way from a task file to its plan hold by themselves what the whole holds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { knownFields } from '../../../src/core/run/template-data.ts';
import { parseTaskFile } from '../../../src/core/task-file/parse.ts';
import { renderTask } from '../../../src/core/task-file/render-task.ts';
import { createSourceText } from '../../../src/core/task-file/source-text.ts';
import { parseValues } from '../../../src/core/task-file/values.ts';
import type { TemplateValue } from '../../../src/core/template/value.ts';
import { tries } from '../../support/arbitraries/property.ts';
import { taskText } from '../../support/arbitraries/task-text.ts';
import { TEMPLATE_VALUES } from '../../support/arbitraries/template.ts';
import { assertSound } from '../../support/sound-result.ts';

const FILE = 'task.yaml';

test('rendering: no text is too odd', () => {
  const property = fc.property(taskText, (text) => {
    const data = new Map<string, TemplateValue>([['Values', new Map(TEMPLATE_VALUES)]]);
    const result = renderTask(text, { fileName: FILE, data, known: knownFields(data), now: 0 });
    assertSound(result, { [FILE]: text });
    if (!result.ok) return;
    const { source } = result.value;
    for (let at = 0; at <= source.text.length; at += 7) {
      const { place, line } = source.locate({ start: at, end: at + 5 });
      assert.equal(text.split(/\r?\n/)[place.line - 1], line);
      assert.ok(place.column >= 1 && place.column - 1 + place.length <= line.length);
    }
  });
  fc.assert(property, tries(1000));
});

test('parsing: a text that is not rendered is read all the same', () => {
  const property = fc.property(taskText, (text) =>
    assertSound(parseTaskFile(createSourceText(FILE, text)), { [FILE]: text }),
  );
  fc.assert(property, tries(1000));
});

test('values: any text is a map of values, or refused', () => {
  const property = fc.property(taskText, (text) => {
    const result = parseValues(text, FILE);
    assertSound(result, { [FILE]: text });
    assert.deepEqual(parseValues(text, FILE), result);
  });
  fc.assert(property, tries(1000));
});

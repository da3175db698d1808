import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRunDate, registryName } from '../../../src/core/run/run-context.ts';
import { templateData } from '../../../src/core/run/template-data.ts';
import type { TemplateValue } from '../../../src/core/template/value.ts';
import { testContext } from '../../support/run-context.ts';

test('the date is UTC with a literal z', () => {
  assert.equal(formatRunDate(Date.UTC(2020, 0, 2, 3, 4, 5, 678)), '20200102-030405z');
});

test('the name of a registry ends at the first dot', () => {
  assert.deepEqual(['', 'foo', 'foo.azurecr.io', 'foo-bar.x'].map(registryName), ['', 'foo', 'foo', 'foo-bar']);
});

test('fields of the run, and the run’s id under .Build', () => {
  const data = templateData(testContext({ id: 'r1', registry: 'a.io', commit: 'c' }), new Map());
  const run = data.get('Run');
  assert.ok(run instanceof Map);
  assert.deepEqual(
    [run.get('ID'), run.get('RegistryName'), run.get('Commit'), run.get('Branch')],
    ['r1', 'a', 'c', ''],
  );
  assert.deepEqual(data.get('Build'), new Map([['ID', 'r1']]));
});

const values: readonly (readonly [string, Map<string, TemplateValue>, string])[] = [
  ['no values', new Map(), `'{}'`],
  [
    'keys in order',
    new Map<string, TemplateValue>([
      ['b', 1n],
      ['a', 'x'],
    ]),
    `'{"a":"x","b":1}'`,
  ],
  ['Go escapes signs of HTML', new Map([['a', '<&>']]), `'{"a":"\\u003c\\u0026\\u003e"}'`],
  ['a quote for the shell', new Map([['a', "it's"]]), `'{"a":"it'"'"'s"}'`],
  [
    'nested values',
    new Map<string, TemplateValue>([['a', [1n, null, new Map([['b', true]])]]]),
    `'{"a":[1,null,{"b":true}]}'`,
  ],
  ['a key that JavaScript treats specially', new Map([['__proto__', 'x']]), `'{"__proto__":"x"}'`],
];

for (const [name, given, expected] of values) {
  test(`.ValuesJSON: ${name}`, () => assert.equal(templateData(testContext(), given).get('ValuesJSON'), expected));
}

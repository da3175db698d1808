import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlainScalar, readScalar } from '../../../src/core/task-file/yaml-scalar.ts';

const cases: readonly (readonly [string, string, unknown?])[] = [
  ['', 'null'],
  ['~', 'null'],
  ['Null', 'null'],
  ['nULL', 'string', 'nULL'],
  ['yes', 'boolean', true],
  ['Off', 'boolean', false],
  ['y', 'boolean', true],
  ['tRue', 'string', 'tRue'],
  ['0', 'integer', 0n],
  ['-7', 'integer', -7n],
  ['+7', 'integer', 7n],
  ['010', 'integer', 8n],
  ['0o10', 'integer', 8n],
  ['08', 'float', 8],
  ['0x1F', 'integer', 31n],
  ['-0b11', 'integer', -3n],
  ['1_000', 'integer', 1000n],
  ['9223372036854775807', 'integer', 9223372036854775807n],
  ['99999999999999999999', 'float', 1e20],
  ['10.7', 'float', 10.7],
  ['.5', 'float', 0.5],
  ['1e3', 'float', 1000],
  ['1e1000', 'string', '1e1000'],
  ['.inf', 'float', Number.POSITIVE_INFINITY],
  ['-.INF', 'float', Number.NEGATIVE_INFINITY],
  ['1:30', 'string', '1:30'],
  ['10s', 'string', '10s'],
  ['2001-01-01', 'string', '2001-01-01'],
  ['.', 'string', '.'],
  ['-', 'string', '-'],
];

for (const [text, kind, value] of cases) {
  test(`"${text}" is ${kind}`, () => {
    const meaning = readPlainScalar(text);
    assert.equal(meaning.kind, kind);
    assert.equal(meaning.kind === 'null' ? undefined : meaning.value, value);
  });
}

const tagged: readonly (readonly [tag: string, text: string, kind: string | undefined, value?: unknown])[] = [
  ['tag:yaml.org,2002:str', '12', 'string', '12'],
  ['tag:yaml.org,2002:str', '~', 'string', '~'],
  ['tag:yaml.org,2002:int', '3', 'integer', 3n],
  ['tag:yaml.org,2002:int', '3.5', undefined],
  ['tag:yaml.org,2002:float', '3', 'float', 3],
  ['tag:yaml.org,2002:float', 'x', undefined],
  ['tag:yaml.org,2002:bool', 'yes', 'boolean', true],
  ['tag:yaml.org,2002:bool', '1', undefined],
  ['tag:yaml.org,2002:null', '', 'null'],
  ['tag:yaml.org,2002:null', 'x', undefined],
  ['tag:yaml.org,2002:binary', 'aGVs\nbG8=', 'string', 'hello'],
  ['tag:yaml.org,2002:binary', 'aGVs bG8=', undefined],
  ['!', '12', 'string', '12'],
  ['!mine', 'true', 'string', 'true'],
];

for (const [tag, text, kind, value] of tagged) {
  test(`"${text}" with ${tag} is ${kind ?? 'refused'}`, () => {
    const meaning = readScalar({ text, isPlain: true, tag });
    assert.equal(meaning?.kind, kind);
    assert.equal(meaning === undefined || meaning.kind === 'null' ? undefined : meaning.value, value);
  });
}

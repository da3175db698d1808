/**
 * Values for `{{.Values.x}}`: a YAML map, and single texts that replace its top-level keys. Nested maps and lists of
 * maps work; the reference engine fails on them because it cannot write them as JSON.
 */
import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import { failure, type Result, success } from '../result.ts';
import type { TemplateValue } from '../template/value.ts';
import { unreachable } from '../unreachable.ts';
import { isNull } from './fields.ts';
import { createFindings } from './findings.ts';
import { createSourceText } from './source-text.ts';
import { describeNode, parseYaml, spanOf, writtenScalar } from './yaml-document.ts';
import { createYamlReader, type YamlReader } from './yaml-map.ts';
import { readScalar } from './yaml-scalar.ts';

/** Values by name. */
export type Values = Map<string, TemplateValue>;

/** More values than this are refused: anchors can multiply a short file without end. */
const MAX_VALUES = 100_000;

/** Larger integers are of Go's unsigned type. */
const MAX_INT = 2n ** 63n - 1n;

/** Reads the text of a values file; errors have the code `values-invalid` or are about its YAML. */
export function parseValues(text: string, fileName: string): Result<Values> {
  const source = createSourceText(fileName, text);
  const findings = createFindings(source);
  const document = parseYaml(source, findings);
  if (document === undefined) return failure(findings.list().map(asValuesError));
  const reader = createYamlReader(document, text, findings);
  const root = reader.follow(document.root);
  if (isNull(root)) return success(new Map(), findings.list());
  if (!isMap(root)) {
    const message = `A values file is a map of names to values, but this is ${describeNode(root)}`;
    findings.error('values-invalid', spanOf(root, text), message, 'Write one "name: value" per line.');
    return failure(findings.list());
  }
  const value = toValue(reader, root, { left: MAX_VALUES });
  if (findings.failed() || !(value instanceof Map)) return failure(findings.list().map(asValuesError));
  return success(value, findings.list());
}

/** `values` with texts put over its top-level keys. Names may have dots; they make no nesting. */
export function withSet(values: Values, set: Readonly<Record<string, string>>): Values {
  return new Map<string, TemplateValue>([...values, ...Object.entries(set)]);
}

/** Reads `--set` arguments: `NAME=VALUE`, split at the first `=`, no commas; the last one of a name counts. */
export function parseSet(args: readonly string[]): Result<Record<string, string>> {
  const wrong = args.filter((arg) => arg.indexOf('=') < 1);
  if (wrong.length > 0) return failure(wrong.map(setError));
  const pairs = args.map((arg): [string, string] => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]);
  return success(Object.fromEntries(pairs));
}

function setError(arg: string): Diagnostic {
  const reason = arg.startsWith('=') ? 'has no name before the =' : 'has no =';
  return plainError('set-invalid', `The value "${arg}" ${reason}`, 'Write NAME=VALUE.');
}

function toValue(reader: YamlReader, given: Node | null, budget: { left: number }): TemplateValue {
  const node = reader.follow(given);
  budget.left--;
  if (budget.left <= 0) {
    if (budget.left === 0) {
      const hint = 'Write less, or use fewer anchors.';
      reader.findings.error(
        'values-invalid',
        spanOf(given, reader.text),
        `The file has more than ${MAX_VALUES} values`,
        hint,
      );
    }
    return null;
  }
  if (isScalar(node)) return scalarValue(reader, node);
  if (isSeq(node)) return node.items.map((item) => toValue(reader, reader.follow(item), budget));
  if (!isMap(node)) return null;
  const entries = [...reader.entries(node).values()];
  return new Map(entries.map(({ key, value }): [string, TemplateValue] => [key, toValue(reader, value, budget)]));
}

function scalarValue({ findings, text }: YamlReader, node: Scalar): TemplateValue {
  const meaning = readScalar(writtenScalar(node));
  if (meaning === undefined) {
    const message = `${describeNode(node)} is not what its tag says`;
    findings.error('values-invalid', spanOf(node, text), message, 'Remove the tag, the word that begins with !!.');
    return null;
  }
  switch (meaning.kind) {
    case 'null':
      return null;
    case 'integer':
      return meaning.value > MAX_INT ? { kind: 'integer', type: 'uint64', value: meaning.value } : meaning.value;
    case 'boolean':
    case 'float':
    case 'string':
      return meaning.value;
    default:
      return unreachable(meaning);
  }
}

/** A values file with broken YAML is above all an invalid values file. */
function asValuesError(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.severity === 'error' ? { ...diagnostic, code: 'values-invalid' } : diagnostic;
}

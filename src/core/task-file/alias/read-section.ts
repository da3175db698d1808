/** What an `alias:` section says: own values, sources of more, and the character that begins an alias. */
import { isMap, isScalar, type Node } from 'yaml';
import { type FieldTable, isNull, readFields } from '../fields.ts';
import type { Findings } from '../findings.ts';
import type { SourceText, Span } from '../source-text.ts';
import { describeNode, parseYaml, spanOf } from '../yaml-document.ts';
import { createYamlReader, type YamlReader } from '../yaml-map.ts';

const ALIAS = { src: 'strings', values: 'node', directive: 'string' } as const satisfies FieldTable;

/** An alias section as read; `src` are paths or URLs in the order in which later ones win. */
export interface AliasSection {
  readonly values: ReadonlyMap<string, string>;
  readonly sources: readonly { readonly path: string; readonly span: Span }[];
  readonly directive: string;
}

/** The most sources that a task may name: each is a file to read or a server to ask before anything runs. */
export const MAX_SOURCES = 32;

/** A file without a section. */
export const NO_SECTION: AliasSection = { values: new Map(), sources: [], directive: '$' };

/**
 * Reads the section (its templates are rendered already). Errors have the codes `alias-invalid`, `alias-invalid-key`
 * and `alias-invalid-directive`, or are about its YAML. Several sections count together.
 */
export function readAliasSection(source: SourceText, findings: Findings): AliasSection {
  const document = parseYaml(source, findings);
  if (document === undefined) return NO_SECTION;
  const reader = createYamlReader(document, source.text, findings);
  const root = reader.follow(document.root);
  if (!isMap(root)) return NO_SECTION;
  const values = new Map<string, string>();
  const sources: { path: string; span: Span }[] = [];
  let directive = NO_SECTION.directive;
  for (const { value } of root.items) {
    const section = reader.follow(value);
    if (isNull(section)) continue;
    if (!isMap(section)) {
      findings.error(
        'alias-invalid',
        spanOf(section, source.text),
        `"alias" needs a map, but has ${describeNode(section)}`,
        HINT,
      );
      continue;
    }
    const { values: fields, spans } = readFields(reader, section, ALIAS, 'An alias section');
    for (const [name, text] of readAliasMap(reader, fields.values, 'alias-invalid')) values.set(name, text);
    for (const [index, path] of (fields.src ?? []).entries()) {
      sources.push({ path, span: spans.get(`src.${index}`) ?? spanOf(section, source.text) });
    }
    directive = checkDirective(fields.directive, spans.get('directive'), findings) ?? directive;
  }
  return { values, sources, directive };
}

const HINT = 'Write values: with one "name: text" per line under alias:.';

/**
 * A map of names to scalars, as text.
 * @param code of the error when it is not one: `alias-invalid` or `alias-source-invalid`
 */
export function readAliasMap(
  reader: YamlReader,
  node: Node | null | undefined,
  code: string,
): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  if (node === undefined || isNull(node)) return aliases;
  if (!isMap(node)) {
    reader.findings.error(
      code,
      spanOf(node, reader.text),
      `Aliases are a map of names to texts, but this is ${describeNode(node)}`,
      HINT,
    );
    return aliases;
  }
  for (const { key, keyNode, value, valueNode } of reader.entries(node).values()) {
    if (!/^[A-Za-z0-9]+$/.test(key)) {
      const hint = `Write ${key.replace(/[^A-Za-z0-9]+/g, '') || 'name'}.`;
      reader.findings.error(
        'alias-invalid-key',
        spanOf(keyNode, reader.text),
        `The alias "${key}" may have letters and digits only`,
        hint,
      );
    } else if (isScalar(value)) aliases.set(key, isNull(value) ? '' : String(value.value));
    else if (value === null) aliases.set(key, '');
    else
      reader.findings.error(
        code,
        spanOf(valueNode, reader.text),
        `The alias "${key}" needs a text, but has ${describeNode(value)}`,
      );
  }
  return aliases;
}

function checkDirective(directive: string | undefined, span: Span | undefined, findings: Findings): string | undefined {
  if (directive === undefined || directive === '' || span === undefined) return undefined;
  if ([...directive].length === 1 && !/[\p{L}\p{Nd}\s]/u.test(directive)) return directive;
  const message = `The directive "${directive}" is not one character that is neither a letter nor a digit`;
  findings.error('alias-invalid-directive', span, message, 'Write one character such as $ or &.');
  return undefined;
}

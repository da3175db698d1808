/** Aliases of a task file: from its text without comment lines to the text that is rendered as a template. */
import type { Diagnostic } from '../../../../task-schemas/index.ts';
import { plainError } from '../../diagnostic.ts';
import { failure, type Result, success } from '../../result.ts';
import type { RenderedText } from '../../template/render.ts';
import { createFindings, type Findings } from '../findings.ts';
import { createSourceText, type LineOrigins, type SourceText } from '../source-text.ts';
import { parseYaml } from '../yaml-document.ts';
import { createYamlReader } from '../yaml-map.ts';
import { IMAGE_ALIASES, RUN_ALIASES } from './built-in.ts';
import { type AliasSection, MAX_SOURCES, NO_SECTION, readAliasMap, readAliasSection } from './read-section.ts';
import type { AliasSourceContent } from './source-content.ts';
import { type Lines, splitSection } from './split-section.ts';
import { MAX_EXPANDED, substituteAliases } from './substitute.ts';

/** What expanding needs besides the text. */
export interface AliasSetting {
  readonly fileName: string;
  /** The file as the user wrote it, and where the lines of the text were in it. */
  readonly original: string;
  readonly origins: LineOrigins;
  /** What the files and URLs hold that sections name; one that cannot be read, or is not there, is an error. */
  readonly sources: ReadonlyMap<string, AliasSourceContent>;
  /** Names of images that a `cmd` may begin with, besides the built-in ones or in their place. */
  readonly images?: ReadonlyMap<string, string> | undefined;
  /** Renders the section's own templates. */
  render(section: string): Result<RenderedText>;
}

/** A text with aliases expanded, and what the first word of a `cmd` may stand for. */
export interface Expanded {
  readonly text: string;
  readonly origins: LineOrigins;
  readonly firstWords: ReadonlyMap<string, string>;
}

/** Expands the aliases of a file; own values win over sources, later sources over earlier, all over built-in ones. */
export function expandAliases(text: string, setting: AliasSetting): Result<Expanded> {
  const { section, rest } = splitSection(text);
  const read = readSection(section, setting);
  if (!read.ok) return read;
  const own = read.value.aliases;
  const images = new Map([...IMAGE_ALIASES, ...(setting.images ?? [])]);
  const all = new Map([...images, ...RUN_ALIASES, ...own]);
  const substituted = substituteAliases(rest.text, read.value.directive, all);
  if (substituted === undefined) {
    const message = `With its aliases expanded, ${setting.fileName} has more than ${MAX_EXPANDED} characters`;
    return failure([plainError('task-file-too-large', message, 'Put long texts into files of the source.')]);
  }
  const origins = substituted.origins.map((row) => toFile(rest.origins[row] ?? row, setting));
  // A run alias is no image: `cmd: ID x` means an image of that name.
  return success({ text: substituted.text, origins, firstWords: new Map([...images, ...own]) }, read.warnings);
}

/** The first word of a cmd text replaced, if it is an alias (reference, section 3.5); outer blanks go with it. */
export function expandFirstWord(cmd: string, firstWords: ReadonlyMap<string, string>): string {
  const [first = '', ...others] = cmd.trim().split(' ');
  const target = firstWords.get(first);
  return target === undefined ? cmd : [target, ...others].join(' ');
}

interface ReadSection {
  readonly aliases: ReadonlyMap<string, string>;
  readonly directive: string;
}

function readSection(section: Lines, setting: AliasSetting): Result<ReadSection> {
  if (section.text.trim() === '') return success({ aliases: new Map(), directive: NO_SECTION.directive });
  const rendered = setting.render(section.text);
  if (!rendered.ok) return failure(rendered.diagnostics.map((found) => moved(found, section, setting)));
  const origins = rendered.value.lines.map((row) => toFile(section.origins[row] ?? row, setting));
  const source = createSourceText(setting.fileName, setting.original, rendered.value.text, origins);
  const findings = createFindings(source);
  const read = readAliasSection(source, findings);
  const aliases = new Map([...readSources(read, setting, findings), ...read.values]);
  const found = findings.list().map(asAliasError);
  return findings.failed() ? failure(found) : success({ aliases, directive: read.directive }, found);
}

function readSources(
  { sources }: AliasSection,
  setting: AliasSetting,
  findings: Findings,
): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  const tooMany = sources[MAX_SOURCES];
  if (tooMany !== undefined) {
    const message = `The task names ${sources.length} alias files, but it may name ${MAX_SOURCES}`;
    findings.error('alias-invalid', tooMany.span, message, 'Put several files into one.');
  }
  for (const { path, span } of sources.slice(0, MAX_SOURCES)) {
    const text = setting.sources.get(path);
    if (typeof text !== 'string') {
      const { reason, hint } = text ?? UNKNOWN;
      const message = `The alias file "${path}" cannot be read: ${reason}`;
      findings.error('alias-source-unavailable', span, message, hint);
      continue;
    }
    const inner = createFindings(createSourceText(path, text));
    for (const [name, value] of readSource(createSourceText(path, text), inner)) aliases.set(name, value);
    const [first] = inner.list().filter(({ severity }) => severity === 'error');
    if (first === undefined) continue;
    const code = first.code === 'alias-invalid-key' ? first.code : 'alias-source-invalid';
    findings.error(
      code,
      span,
      `The alias file "${path}" is wrong in line ${first.place?.line ?? 1}: ${first.message}`,
      first.hint,
    );
  }
  return aliases;
}

const UNKNOWN = {
  reason: 'there is no such file',
  hint: 'Check its path, or write the aliases under values:.',
};

function readSource(source: SourceText, findings: Findings): ReadonlyMap<string, string> {
  const document = parseYaml(source, findings);
  if (document === undefined) return new Map();
  const reader = createYamlReader(document, source.text, findings);
  return readAliasMap(reader, reader.follow(document.root), 'alias-source-invalid');
}

function toFile(row: number, { origins }: AliasSetting): number {
  return origins[row] ?? row;
}

function moved(found: Diagnostic, section: Lines, setting: AliasSetting): Diagnostic {
  if (found.place === undefined) return found;
  const line = toFile(section.origins[found.place.line - 1] ?? 0, setting) + 1;
  return { ...found, place: { ...found.place, line } };
}

/** What is no YAML, or has a value of the wrong type, is an invalid section. */
function asAliasError(found: Diagnostic): Diagnostic {
  return ['yaml-type', 'yaml-syntax'].includes(found.code) ? { ...found, code: 'alias-invalid' } : found;
}

import { renderTemplate } from '../../template/render.ts';
import type { TemplateValue } from '../../template/value.ts';
import { removeCommentLines } from '../comment-lines.ts';
import { createFindings } from '../findings.ts';
import { createSourceText } from '../source-text.ts';
import { MAX_TEXT_BYTES } from '../yaml-document.ts';
import { MAX_SOURCES, readAliasSection } from './read-section.ts';
import { splitSection } from './split-section.ts';
import { findVersion, hasAliases } from './version-line.ts';

/** A file or a URL that `alias: src:` names, as it is written there. */
export interface AliasSource {
  readonly path: string;
  readonly kind: 'file' | 'url';
}

/**
 * The sources that a task file names, each once: whoever compiles it reads them first. Of a file with mistakes it
 * answers what it can make out; compiling reports them.
 * @param data what the templates of the section see
 * @param now the time that they see, in milliseconds
 */
export function namedAliasSources(
  original: string,
  data: Map<string, TemplateValue>,
  now: number,
): readonly AliasSource[] {
  if (Buffer.byteLength(original) > MAX_TEXT_BYTES) return [];
  const { text } = removeCommentLines(original);
  const { section } = splitSection(text);
  if (!hasAliases(findVersion(text)) || section.text.trim() === '') return [];
  const rendered = renderTemplate(section.text, data, { fileName: '', now });
  if (!rendered.ok) return [];
  const source = createSourceText('', rendered.value);
  const paths = readAliasSection(source, createFindings(source)).sources.map(({ path }) => path);
  return [...new Set(paths)].slice(0, MAX_SOURCES).map((path) => ({ path, kind: isUrl(path) ? 'url' : 'file' }));
}

/** Of URLs only http and https are fetched; the others are told so, instead of being looked for as files. */
function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}

/** From a task file as written to the text that is parsed: comment lines removed, aliases expanded, templates rendered. */
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError, withFewSources } from '../diagnostic.ts';
import { failure, type Result, success } from '../result.ts';
import { renderWithLines } from '../template/render.ts';
import type { KnownFields } from '../template/unknown-fields.ts';
import type { TemplateValue } from '../template/value.ts';
import { type Expanded, expandAliases } from './alias/expand.ts';
import type { AliasSourceContent } from './alias/source-content.ts';
import { findVersion, hasAliases } from './alias/version-line.ts';
import { removeCommentLines } from './comment-lines.ts';
import { createSourceText, type LineOrigins, type SourceText } from './source-text.ts';
import { MAX_TEXT_BYTES } from './yaml-document.ts';

/** What rendering needs; `now` is the time that template functions see, in milliseconds. */
export interface RenderSetting {
  readonly fileName: string;
  readonly data: Map<string, TemplateValue>;
  readonly now: number;
  /** The fields of the data: reading any other is worth a warning. */
  readonly known: KnownFields;
  /** What the files and URLs hold that `alias: src:` names. */
  readonly aliasSources?: ReadonlyMap<string, AliasSourceContent> | undefined;
  /** Images for names at the start of a `cmd`, besides `bash`, `az` and their like or in their place. */
  readonly imageAliases?: ReadonlyMap<string, string> | undefined;
}

/** A task file ready to be parsed. */
export interface RenderedTask {
  readonly source: SourceText;
  /** What the first word of a `cmd` may stand for; empty before v1.1.0. */
  readonly firstWords: ReadonlyMap<string, string>;
}

/** Renders a task file; a failure has the mistakes in its templates or aliases. */
export function renderTask(text: string, setting: RenderSetting): Result<RenderedTask> {
  const expanded = expandTask(text, setting);
  if (!expanded.ok) return expanded;
  const { firstWords } = expanded.value;
  const rendered = render(text, expanded.value, setting);
  if (!rendered.ok) return rendered;
  return success({ source: rendered.value, firstWords }, [...expanded.warnings, ...rendered.warnings]);
}

/** A task file without its comment lines and with its aliases expanded: what is rendered. */
export function expandTask(original: string, setting: RenderSetting): Result<Expanded> {
  const bytes = Buffer.byteLength(original);
  if (bytes > MAX_TEXT_BYTES) {
    const message = `${setting.fileName} has ${bytes} bytes; a task file may have at most ${MAX_TEXT_BYTES}`;
    return failure([plainError('task-file-too-large', message, 'Put long scripts into files of the source.')]);
  }
  const { text, origins } = removeCommentLines(original);
  if (!hasAliases(findVersion(text))) return success({ text, origins, firstWords: new Map() });
  const { fileName, data, now, aliasSources = new Map(), imageAliases } = setting;
  return expandAliases(text, {
    fileName,
    original,
    origins,
    sources: aliasSources,
    images: imageAliases,
    render: (section) => renderWithLines(section, data, { fileName, now }),
  });
}

function render(
  original: string,
  { text, origins }: Expanded,
  { fileName, data, now, known }: RenderSetting,
): Result<SourceText> {
  if (text === '') return success(createSourceText(fileName, original, ''));
  const rendered = renderWithLines(text, data, { fileName, now, known });
  if (!rendered.ok) {
    return failure(withFewSources(rendered.diagnostics.map((found) => inFile(found, origins, original))));
  }
  if (rendered.value.text === '') {
    const message = 'The templates of the task file leave nothing to run: the rendered text is empty';
    return failure([plainError('template-empty', message, 'Check the conditions and values of its templates.')]);
  }
  const lines = rendered.value.lines.map((line) => origins[line] ?? line);
  const found = rendered.warnings.map((warning) => inFile(warning, origins, original));
  return success(createSourceText(fileName, original, rendered.value.text, lines), found);
}

/** Moves a place from the text that was rendered to the file; aliases may have changed the line in between. */
function inFile(found: Diagnostic, origins: LineOrigins, original: string): Diagnostic {
  if (found.place === undefined) return found;
  const row = origins[found.place.line - 1] ?? found.place.line - 1;
  const line = original.split(/\r?\n/)[row] ?? '';
  if (line === found.source) return { ...found, place: { ...found.place, line: row + 1 } };
  const { column, length } = found.place;
  const part = found.source?.slice(column - 1, column - 1 + length) ?? '';
  const at = part === '' ? -1 : line.indexOf(part);
  const columns = at < 0 ? { column: 1, length: line.length } : { column: at + 1, length: part.length };
  return { ...found, place: { ...found.place, line: row + 1, ...columns }, source: line };
}

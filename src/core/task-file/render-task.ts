import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import { failure, type Result, success } from '../result.ts';
import { renderTemplate } from '../template/render.ts';
import type { TemplateValue } from '../template/value.ts';
import { removeCommentLines } from './comment-lines.ts';
import { alignLines, createSourceText, type LineOrigins, type SourceText } from './source-text.ts';
import { MAX_TEXT_BYTES } from './yaml-document.ts';

/**
 * From a task file as written to the text that is parsed: comment lines removed, templates rendered.
 * @param now the time that template functions see, in milliseconds
 */
export function renderTask(
  text: string,
  fileName: string,
  data: Map<string, TemplateValue>,
  now: number,
): Result<SourceText> {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_TEXT_BYTES) {
    const message = `${fileName} has ${bytes} bytes; a task file may have at most ${MAX_TEXT_BYTES}`;
    return failure([plainError('task-file-too-large', message, 'Put long scripts into files of the source.')]);
  }
  const uncommented = removeCommentLines(text);
  if (uncommented.text === '') return success(createSourceText(fileName, text, ''));
  const rendered = renderTemplate(uncommented.text, data, { fileName, now });
  if (!rendered.ok) return failure(rendered.diagnostics.map((found) => inFile(found, uncommented.origins)));
  if (rendered.value === '') {
    const message = 'The templates of the task file leave nothing to run: the rendered text is empty';
    return failure([plainError('template-empty', message, 'Check the conditions and values of its templates.')]);
  }
  const origins = alignLines(uncommented.text, rendered.value).map((line) => uncommented.origins[line] ?? line);
  const found = rendered.warnings.map((warning) => inFile(warning, uncommented.origins));
  return success(createSourceText(fileName, text, rendered.value, origins), found);
}

/** Moves a place from the text without comment lines to the file. */
function inFile(diagnostic: Diagnostic, origins: LineOrigins): Diagnostic {
  const { place } = diagnostic;
  if (place === undefined) return diagnostic;
  return { ...diagnostic, place: { ...place, line: (origins[place.line - 1] ?? place.line - 1) + 1 } };
}

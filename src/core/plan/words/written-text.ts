/** What the author wrote where templates or aliases have changed a text of a step since. */
import { placeOf, type StepReport } from '../step-setting.ts';

/**
 * A text of a step as it stands in the file; undefined when that is not known, because a line of it was changed and it
 * is no plain text on the line of its key.
 * @param value what the text says after rendering
 */
export function writtenText(field: string, value: string, report: StepReport): string | undefined {
  const { source } = report;
  const span = placeOf(field, report);
  const starts = [span.start];
  for (let at = source.text.indexOf('\n', span.start); at >= 0 && at < span.end; at = source.text.indexOf('\n', at + 1))
    starts.push(at + 1);
  const lines = starts.map((start) => source.locate({ start, end: start }));
  if (lines.every(({ rendered }) => rendered === undefined)) return value;
  const [first] = lines;
  return lines.length === 1 && first !== undefined ? plainTextOf(field, first.line) : undefined;
}

/** The value on a line such as `- cmd: alpine`, unless it is quoted or a comment follows. */
function plainTextOf(field: string, line: string): string | undefined {
  const [, key, value = ''] = /^\s*(?:-\s+)?(\w+):\s+(.*)$/.exec(line) ?? [];
  return key === field && !/^["'|>&*!]|\s#/.test(value) ? value.trim() : undefined;
}

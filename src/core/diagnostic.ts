import type { Diagnostic } from '../../task-schemas/index.ts';

/** The longest part of a source line that is shown; longer lines are cut around the caret. */
const MAX_SHOWN = 160;

/** The findings that make the text unusable. */
export function errors(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
}

/** The findings that the text survives. */
export function warnings(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.severity === 'warning');
}

/** The characters of source lines that diagnostics may hold together: a line may be the whole file. */
const MAX_QUOTED = 100_000;

/** The same diagnostics, without source lines from the one on where those become too many to be stored or sent. */
export function withFewSources(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  let quoted = 0;
  return diagnostics.map((diagnostic) => {
    const { source, ...others } = diagnostic;
    quoted += source?.length ?? 0;
    return quoted > MAX_QUOTED ? others : diagnostic;
  });
}

/** An error that belongs to no place in a file. */
export function plainError(code: string, message: string, hint?: string): Diagnostic {
  return { severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) };
}

/** A warning that belongs to no place in a file. */
export function plainWarning(code: string, message: string, hint?: string): Diagnostic {
  return { ...plainError(code, message, hint), severity: 'warning' };
}

/**
 * A diagnostic as text without colours and without a final line end:
 * `file:line:column: error: message`, the source line, a line with carets under the place, `hint: …`.
 */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { place, severity, message, source, hint } = diagnostic;
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
  const lines = [printable(`${where}${severity}: ${message}`)];
  if (place !== undefined && source !== undefined) lines.push(...excerpt(source, place.column - 1, place.length));
  if (hint !== undefined) lines.push(`  hint: ${hint.split('\n').map(printable).join('\n  ')}`);
  return lines.join('\n');
}

/** A diagnostic about a text that is not shown, in one line: `line 2, column 5: message. hint`. */
export function renderBriefly({ place, message, hint }: Diagnostic): string {
  const where = place === undefined ? '' : `line ${place.line}, column ${place.column}: `;
  return printable(`${where}${message}.${hint === undefined ? '' : ` ${hint}`}`);
}

/** Several diagnostics as text, with an empty line between them. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderDiagnostic).join('\n\n');
}

/** The source line and its caret line. Tabs are kept in both, so that they line up in any terminal. */
function excerpt(source: string, column: number, length: number): readonly string[] {
  const start = Math.min(column, source.length);
  const from = source.length <= MAX_SHOWN ? 0 : Math.max(0, start - MAX_SHOWN / 2);
  const shown = source.slice(from, from + MAX_SHOWN);
  const before = shown.slice(0, start - from);
  const width = Math.max(1, Math.min(length, shown.length - before.length));
  return [`    ${printable(shown)}`, `    ${before.replace(/[^\t]/g, ' ')}${'^'.repeat(width)}`];
}

/**
 * A user's text must not steer the terminal it is shown on: control characters, and those that turn the direction of
 * what follows, become a visible stand-in.
 */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\u00b7');
}

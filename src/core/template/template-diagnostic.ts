import type { Diagnostic, Place } from '../../../task-schemas/index.ts';
import type { Span, TemplateMistake } from './mistake.ts';

/** The diagnostic of a mistake: with line, column (UTF-16 units, from 1) and source line when it has a place. */
export function toDiagnostic(mistake: TemplateMistake, text: string, fileName: string): Diagnostic {
  const { code, message, hint, span } = mistake;
  const base: Diagnostic = { severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) };
  return span === undefined ? base : { ...base, ...placeOf(span, text, fileName) };
}

/** Where a part of a template stands: line, column (UTF-16 units, from 1) and source line. */
export function placeOf(span: Span, text: string, file: string): { readonly place: Place; readonly source: string } {
  const before = text.slice(0, span.at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const nextBreak = text.indexOf('\n', span.at);
  const ending = text.slice(lineStart, nextBreak < 0 ? undefined : nextBreak);
  const source = nextBreak < 0 ? ending : ending.replace(/\r$/, '');
  const line = 1 + (before.match(/\n/g)?.length ?? 0);
  const length = Math.max(1, Math.min(span.end, lineStart + source.length) - span.at);
  return { place: { file, line, column: span.at - lineStart + 1, length }, source };
}

import type { Diagnostic } from '../../../task-schemas/index.ts';
import type { SourceText, Span } from './source-text.ts';

/**
 * Where one reading of a file collects what it finds, so that a user sees every mistake at once. Codes are stable
 * kebab-case names of rules.
 */
export interface Findings {
  error(code: string, span: Span, message: string, hint?: string): void;
  warning(code: string, span: Span, message: string, hint?: string): void;
  /** The findings so far (the first hundred), in the order of the text. */
  list(): readonly Diagnostic[];
  /** Whether an error is among them. */
  failed(): boolean;
}

/** More findings help nobody, and they are stored with the run: the first ones of a hopeless text are enough. */
const MAX_FINDINGS = 100;

/** Starts with nothing found. */
export function createFindings(source: SourceText): Findings {
  const found: { readonly start: number; readonly diagnostic: Diagnostic }[] = [];
  const known = new Set<string>();
  let failed = false;

  function add(severity: Diagnostic['severity'], code: string, span: Span, message: string, hint?: string): void {
    failed ||= severity === 'error';
    // Aliases and merges lead to the same node several times.
    const identity = `${span.start} ${code} ${message}`;
    if (found.length >= MAX_FINDINGS || known.has(identity)) return;
    known.add(identity);
    const { place, line, rendered } = source.locate(span);
    const notes = [hint, rendered === undefined ? undefined : `After rendering, the line is: ${rendered.trim()}`];
    const text = notes.filter((note) => note !== undefined).join('\n');
    const diagnostic = { severity, code, message, place, source: line, ...(text === '' ? {} : { hint: text }) };
    found.push({ start: span.start, diagnostic });
  }

  return {
    error: (code, span, message, hint) => add('error', code, span, message, hint),
    warning: (code, span, message, hint) => add('warning', code, span, message, hint),
    list: () => found.toSorted((left, right) => left.start - right.start).map(({ diagnostic }) => diagnostic),
    failed: () => failed,
  };
}

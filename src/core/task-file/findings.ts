import type { Diagnostic } from '../../../task-schemas/index.ts';
import { withFewSources } from '../diagnostic.ts';
import type { SourceText, Span } from './source-text.ts';

/** Where something was found; a function when finding the place takes long: it is only asked where it is needed. */
export type FoundAt = Span | (() => Span);

/** What to write instead; a function when finding it takes long. */
export type FoundHint = string | undefined | (() => string | undefined);

/**
 * Where one reading of a file collects what it finds, so that a user sees every mistake at once. Codes are stable
 * kebab-case names of rules.
 */
export interface Findings {
  error(code: string, span: FoundAt, message: string, hint?: FoundHint): void;
  warning(code: string, span: FoundAt, message: string, hint?: FoundHint): void;
  /** The findings so far (a hundred, errors first of all), in the order of the text. */
  list(): readonly Diagnostic[];
  /** Whether an error is among them. */
  failed(): boolean;
}

/**
 * More findings help nobody, and they are stored with the run: the first ones of a hopeless text are enough. Warnings
 * never take the place of errors, or a text could fail without saying why.
 */
const MAX_FINDINGS = 100;

/** The longest message and hint: a value may be the whole file. */
const MAX_MESSAGE = 1000;
const MAX_HINT = 4000;

interface Found {
  readonly start: number;
  readonly diagnostic: Diagnostic;
}

/** Starts with nothing found. */
export function createFindings(source: SourceText): Findings {
  const found: Found[] = [];
  const counts = { error: 0, warning: 0 };
  const known = new Set<string>();
  let failed = false;

  function isNew(identity: string): boolean {
    if (known.has(identity)) return false;
    known.add(identity);
    return true;
  }

  function add(severity: Diagnostic['severity'], code: string, at: FoundAt, message: string, hint?: FoundHint): void {
    failed ||= severity === 'error';
    if (counts[severity] >= MAX_FINDINGS) return;
    const span = typeof at === 'function' ? at() : at;
    const rule = `${code} ${shortened(message, MAX_MESSAGE)}`;
    // Aliases and merges lead to the same node several times, loops of templates to the same place of the file.
    if (!isNew(`${span.start} ${rule}`)) return;
    const { place, line, rendered } = source.locate(span);
    if (!isNew(`${place.line}:${place.column} ${rule}`)) return;
    counts[severity]++;
    const cure = typeof hint === 'function' ? hint() : hint;
    const notes = [cure, rendered === undefined ? undefined : `After rendering, the line is: ${rendered.trim()}`];
    const text = shortened(notes.filter((note) => note !== undefined).join('\n'), MAX_HINT);
    const said = { severity, code, message: shortened(message, MAX_MESSAGE), ...(text === '' ? {} : { hint: text }) };
    found.push({ start: span.start, diagnostic: { ...said, place, source: line } });
  }

  return {
    error: (code, span, message, hint) => add('error', code, span, message, hint),
    warning: (code, span, message, hint) => add('warning', code, span, message, hint),
    list: () => withFewSources(firstOf(found).map(({ diagnostic }) => diagnostic)),
    failed: () => failed,
  };
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** All errors and as many of the first warnings as there is room for, in the order of the text. */
function firstOf(found: readonly Found[]): readonly Found[] {
  const sorted = found.toSorted((left, right) => left.start - right.start);
  let room = MAX_FINDINGS - sorted.filter(({ diagnostic }) => diagnostic.severity === 'error').length;
  return sorted.filter(({ diagnostic }) => diagnostic.severity === 'error' || room-- > 0);
}

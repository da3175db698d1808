/**
 * Go's text/template with the functions of sprig 2.22 that a task file may use, over Map values.
 *
 * Differences from the reference engine, all wanted: functions that reach the machine or are not reproducible are
 * refused by name; a literal `<no value>` that a user wrote is kept; `<<.Run.ID>>` is accepted besides `{{.Run.ID}}`;
 * what Go prints in random order (keys, values) comes sorted; everything is bounded.
 */
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { failure, type Result, success } from '../result.ts';
import { createBudget, DEFAULT_LIMITS, type TemplateLimits } from './budget.ts';
import { cloneValue } from './clone.ts';
import { evaluate } from './evaluate.ts';
import { checkFunctionName } from './functions/names.ts';
import { tokenize } from './lexer.ts';
import { TemplateMistake } from './mistake.ts';
import type { RenderedText } from './output.ts';
import { parseTemplate } from './parser.ts';
import { toDiagnostic } from './template-diagnostic.ts';
import { findUnknownFields, type KnownFields } from './unknown-fields.ts';
import type { TemplateValue } from './value.ts';

export type { TemplateLimits } from './budget.ts';
export type { RenderedText } from './output.ts';
export type { TemplateValue } from './value.ts';

/** What a render needs besides the text and the data. */
export interface RenderOptions {
  /** Shown in diagnostics. */
  readonly fileName: string;
  /** Milliseconds since the epoch: what `now` gives. */
  readonly now: number;
  /** Overrides of the default limits. */
  readonly limits?: Partial<TemplateLimits>;
  /** The fields of the data: reading any other is worth a warning. Absent: none is. */
  readonly known?: KnownFields;
}

/**
 * Renders a template over its data, which stays as it is. Never throws for what a user wrote: mistakes are diagnostics
 * with the codes template-parse, template-exec, template-empty, template-unknown-function,
 * template-refused-function and template-limit.
 */
export function renderTemplate(
  text: string,
  data: ReadonlyMap<string, TemplateValue>,
  options: RenderOptions,
): Result<string> {
  const rendered = renderWithLines(text, data, options);
  return rendered.ok ? success(rendered.value.text, rendered.warnings) : rendered;
}

/** Renders like `renderTemplate` and tells which line of the template each line of the output came from. */
export function renderWithLines(
  text: string,
  data: ReadonlyMap<string, TemplateValue>,
  options: RenderOptions,
): Result<RenderedText> {
  try {
    return renderOrThrow(text, data, options);
  } catch (error) {
    if (error instanceof TemplateMistake) return failure([toDiagnostic(error, text, options.fileName)]);
    throw error;
  }
}

function renderOrThrow(
  text: string,
  data: ReadonlyMap<string, TemplateValue>,
  options: RenderOptions,
): Result<RenderedText> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  if (text.length > limits.textLength) {
    throw new TemplateMistake('template-limit', `The template is longer than ${limits.textLength} characters.`);
  }
  const parsed = parseTemplate(tokenize(text), text, checkFunctionName);
  if (parsed.kind === 'failed') {
    return failure(parsed.mistakes.map((mistake): Diagnostic => toDiagnostic(mistake, text, options.fileName)));
  }
  const { known, fileName } = options;
  const unknown = known === undefined ? [] : findUnknownFields(parsed.template, known, text, fileName);
  try {
    const budget = createBudget(limits);
    const now = BigInt(options.now) * 1_000_000n;
    const output = evaluate(parsed.template, text, cloneValue(new Map(data), budget), { budget, now });
    return text !== '' && output.text === '' ? failure([emptyOutput(text, fileName)]) : success(output, unknown);
  } catch (error) {
    if (error instanceof TemplateMistake) return failure(besides(toDiagnostic(error, text, fileName), unknown));
    throw error;
  }
}

/** An error with the unknown fields of the template; the one that it fails on says best what to write instead. */
function besides(error: Diagnostic, unknown: readonly Diagnostic[]): readonly Diagnostic[] {
  const cause = unknown.find((found) => error.code === 'template-exec' && isSamePlace(found, error));
  if (cause === undefined) return [error, ...unknown];
  const hint = cause.hint === undefined ? {} : { hint: cause.hint };
  return [{ ...error, ...hint }, ...unknown.filter((found) => !isSamePlace(found, error))];
}

function isSamePlace({ place: left }: Diagnostic, { place: right }: Diagnostic): boolean {
  return left !== undefined && left.line === right?.line && left.column === right.column;
}

/** The reference engine refuses this too: what is left would be a task without steps. */
function emptyOutput(text: string, fileName: string): Diagnostic {
  const mistake = new TemplateMistake('template-empty', 'Nothing is left of the template when it is rendered.', {
    hint: 'Check the conditions and values that it depends on.',
  });
  return toDiagnostic(mistake, text, fileName);
}

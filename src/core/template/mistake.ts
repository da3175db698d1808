/** A part of the template's text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** Which rule a template broke; becomes the code of the diagnostic. */
export type MistakeCode =
  | 'template-parse'
  | 'template-exec'
  | 'template-empty'
  | 'template-unknown-function'
  | 'template-refused-function'
  | 'template-limit';

/**
 * A mistake in a template, on its way from deep inside the parser or the evaluator to `renderTemplate`, which makes a
 * diagnostic of it. It never leaves this folder. A throw is used because a mistake ends everything, like Go's own
 * engine; a function that finds one does not know its place, so the evaluator adds the span on the way.
 */
export class TemplateMistake extends Error {
  readonly code: MistakeCode;
  readonly hint: string | undefined;
  span: Span | undefined;

  constructor(
    code: MistakeCode,
    message: string,
    details: { readonly hint?: string | undefined; readonly span?: Span } = {},
  ) {
    super(message);
    this.code = code;
    this.hint = details.hint;
    this.span = details.span;
  }
}

/** A mistake that shows when the template is executed; the caller adds the place. */
export function execMistake(message: string, hint?: string): TemplateMistake {
  return new TemplateMistake('template-exec', message, { hint });
}

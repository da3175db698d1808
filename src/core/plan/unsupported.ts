/** What the task language has and the engine does not carry out yet: told at its place, never skipped silently. */
import type { BuildTaskStep, CmdTaskStep } from '../../../task-schemas/index.ts';
import type { Findings } from '../task-file/findings.ts';
import type { Span } from '../task-file/source-text.ts';

/** Whether such a part makes a plan unusable (it is to be carried out) or not (it is only shown). */
export type UnsupportedSeverity = 'error' | 'warning';

/** Tells of one such part; `cure` is what to write instead. */
export type ReportUnsupported = (what: string, span: Span, cure: string) => void;

/** Findings of the code `not-supported-yet`. */
export function unsupportedReporter(findings: Findings, severity: UnsupportedSeverity): ReportUnsupported {
  return (what, span, cure) =>
    findings[severity]('not-supported-yet', span, `Workers do not support ${what} yet`, cure);
}

/** Tells of what containers of a step would need. */
export function checkStepSupport(
  step: CmdTaskStep | BuildTaskStep,
  at: (field: string) => Span,
  report: ReportUnsupported,
): void {
  if (step.isolation !== undefined && !/^(?:|default)$/i.test(step.isolation))
    report(`the isolation "${step.isolation}"`, at('isolation'), 'It is for Windows containers; leave it out.');
}

import type { Run } from '../../../task-schemas/index.ts';
import { unreachable } from '../../core/unreachable.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { failureText } from '../report.ts';
import { type Screen, showDiagnostic } from '../screen.ts';
import { renderSummary } from '../view/summary.ts';

/** How the following of a run ended: with the run, or because the user left it while it went on. */
export type RunEnd =
  | { readonly kind: 'ended'; readonly run: Run }
  | { readonly kind: 'left'; readonly run: Run; readonly exitCode: ExitCode };

/** Says how a run ended (with `json` as its record alone) and answers the exit code. */
export async function concludeRun(end: RunEnd, json: boolean, screen: Screen): Promise<ExitCode> {
  switch (end.kind) {
    case 'left':
      await screen.note(`Left run ${end.run.id}, which goes on. Follow it with: slipway logs ${end.run.id} --follow`);
      return end.exitCode;
    case 'ended':
      if (json) await printJson(end.run, screen);
      else await screen.out(renderSummary(end.run, screen.outStyle));
      await sayFailure(end.run, screen);
      return exitCodeOf(end.run.status);
    default:
      return unreachable(end);
  }
}

/** For `--no-wait`: the run's id (or record) alone on standard output, for scripts. */
export async function concludeQueued(run: Run, json: boolean, screen: Screen): Promise<ExitCode> {
  if (json) await printJson(run, screen);
  else {
    await screen.note(`Follow it with: slipway logs ${run.id} --follow`);
    await screen.out(`${run.id}\n`);
  }
  return EXIT.succeeded;
}

async function sayFailure({ failure }: Run, screen: Screen): Promise<void> {
  if (failure === undefined) return;
  const findings = (failure.diagnostics ?? []).map((each) => `${showDiagnostic(each, screen.errStyle)}\n`).join('');
  await screen.err(findings + failureText(screen, failure.message, failure.hint));
}

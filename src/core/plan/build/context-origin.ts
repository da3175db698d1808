/** Where a build is from whose context is not of the source of the run. */
import type { BuildStep } from '../../../../task-schemas/index.ts';
import { shownAddress } from '../../source/git-address.ts';
import { parseSource, shownContext } from '../../source/parse-source.ts';
import { relabelled } from './image-labels.ts';

/** What was fetched for a build, without anything that is secret. */
export interface ContextOrigin {
  readonly uri: string;
  /** URL of the repository; empty: it is from none. */
  readonly repository: string;
  /** Absent: it is from no commit. */
  readonly commit?: string;
}

/** The origin of a context that was fetched, at this commit if it is from git. `hide` hides the secrets of the run. */
export function contextOrigin(
  context: string,
  commit: string | undefined,
  hide: (text: string) => string,
): ContextOrigin {
  const parsed = parseSource(context);
  const isGit = parsed.kind === 'remote' && parsed.source.kind === 'git';
  return {
    uri: hide(shownContext(context)),
    repository: isGit ? hide(shownAddress(parsed.source.repository)) : '',
    ...(commit === undefined ? {} : { commit }),
  };
}

/** The step with what is told of its image as that origin has it, in place of the source of the run (reference, section 7.2). */
export function withOrigin(step: BuildStep, { repository, commit }: ContextOrigin): BuildStep {
  const { revision: _ofTheRun, ownLabels, ...rest } = step;
  const labels = ownLabels && [...relabelled(ownLabels, { sourceUrl: repository, revision: commit ?? '' })];
  return {
    ...rest,
    ...(commit === undefined ? {} : { revision: commit }),
    ...(labels === undefined ? {} : { ownLabels: labels }),
  };
}

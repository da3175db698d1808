import path from 'node:path';
import { type ContextOrigin, contextOrigin } from '../../src/core/plan/build/context-origin.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import type { BuildPlace } from './build-context.ts';

/** Where a context lies in the workspace, and where it is from; absent: from the source of the run. */
export interface FetchedPlace extends Pick<BuildPlace, 'context'> {
  readonly origin?: ContextOrigin;
}

/**
 * Fetches the context of a build into the folder of the workspace that has the step's id (reference, section 6.4, point 3),
 * where later steps find it too. When the step runs again, what its first time has fetched is used again. Rejects as
 * `RunSandbox.run` does.
 */
export async function fetchIntoWorkspace(
  { id, context, dockerfile }: BuildStep,
  { workspace, fetchContext, hide }: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<(BuildPlace & FetchedPlace) | { readonly message: string; readonly hint: string }> {
  const known = workspace.fetched.get(id);
  if (known !== undefined) return { ...known, dockerfile };
  if (!/^\w[\w.-]*$/.test(id)) {
    const message = `The step id "${id}" is no name for the folder that its build context is fetched into.`;
    return { message, hint: 'Use letters, digits, "_", "-" and "." in the id.' };
  }
  const fetched = await fetchContext(context, output.note, signal);
  if (fetched.kind === 'unusable') return fetched;
  const isFree = await workspace.add(id, fetched.folder, signal);
  if (!isFree) {
    return {
      message: `The build context of step "${id}" belongs into the folder "${id}" of the workspace, which exists already.`,
      hint: 'Give the step another id, or the folder another name.',
    };
  }
  const origin = contextOrigin(context, fetched.commit, hide);
  const place = { context: path.posix.join(id, fetched.directory), origin };
  workspace.fetched.set(id, place);
  return { ...place, dockerfile };
}

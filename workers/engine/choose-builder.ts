import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { asksForMore, type BuildWay, chooseWay } from './beyond-build.ts';
import type { UsableContext } from './build-context.ts';
import type { Hidden } from './build-hidden.ts';
import type { Builder } from './build-query.ts';
import { type BuildSession, openBuildSession } from './build-session.ts';

/** A session with BuildKit, or undefined when the classic builder has to do, which the log then says. */
export async function openBuilder(
  step: BuildStep,
  context: UsableContext,
  { secrets, agents }: Hidden,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<BuildSession | undefined> {
  if (step.env.findLast((entry) => entry.startsWith('DOCKER_BUILDKIT=')) === 'DOCKER_BUILDKIT=0') {
    output.note('Using the classic builder, because the step sets DOCKER_BUILDKIT=0');
    return undefined;
  }
  const offer = { credentials: room.credentials, folders: context.files.folders, secrets, agents };
  const session = await openBuildSession(room.connection, room.newName(step.id), offer, signal);
  if (session !== 'unsupported') return session;
  output.note('Using the classic builder, because this engine has no BuildKit');
  return undefined;
}

/** Most steps ask for nothing special, and of the engine nothing is asked then. */
export async function wayOf(
  step: BuildStep,
  session: BuildSession | undefined,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<BuildWay> {
  if (!asksForMore(step)) return { kind: 'usual' };
  return chooseWay(step, session !== undefined, await room.facts(signal), output);
}

/** Who carries out a build that has this session, in this way. */
export function builderOf(session: BuildSession | undefined, way: 'usual' | 'solver'): Builder {
  return session === undefined
    ? { kind: 'classic' }
    : way === 'solver'
      ? { kind: 'solver', session: session.id }
      : { kind: 'buildkit', session: session.id, buildId: `${session.id}-build` };
}

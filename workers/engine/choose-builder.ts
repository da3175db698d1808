import { asksForMore, type BuildWay, chooseWay, type RefusedBuild } from '../../src/core/build/build-way.ts';
import { readBuildKitSwitch } from '../../src/core/build/buildkit-switch.ts';
import type { WorkerPolicy } from '../../src/core/policy/worker-policy.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import type { UsableContext } from './build-context.ts';
import type { Hidden } from './build-hidden.ts';
import type { Builder } from './build-query.ts';
import { type BuildSession, openBuildSession } from './build-session.ts';

/**
 * A session with BuildKit, or undefined when the classic builder has to do, which the log then says. Refused is what says
 * neither.
 */
export async function openBuilder(
  step: BuildStep,
  context: UsableContext,
  { secrets, agents }: Hidden,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<BuildSession | RefusedBuild | undefined> {
  const wish = readBuildKitSwitch(step.env);
  if (wish.kind === 'unreadable') {
    const message = `DOCKER_BUILDKIT of step "${step.id}" is "${wish.value}", which is neither true nor false.`;
    return { kind: 'refused', message, hint: 'Write 1 or 0 in its env, or leave it out: builds use BuildKit.' };
  }
  if (wish.kind === 'off') {
    output.note(`Using the classic builder, because the step sets DOCKER_BUILDKIT=${wish.value}`);
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
  const { buildCgroupParent: cgroupParent } = room.policy;
  if (!asksForMore(step) && cgroupParent === undefined) return { kind: 'usual' };
  const { version, imageStore } = await room.facts(signal);
  const way = chooseWay(step, { hasBuildKit: session !== undefined, version, imageStore, cgroupParent });
  if (way.kind !== 'refused' && way.note !== undefined) output.note(way.note);
  return way;
}

/** Who carries out a build that has this session, in this way, within the limits of the policy. */
export function builderOf(session: BuildSession | undefined, way: 'usual' | 'solver', policy: WorkerPolicy): Builder {
  return session === undefined
    ? { kind: 'classic', policy }
    : way === 'solver'
      ? { kind: 'solver', session: session.id, cgroupParent: policy.buildCgroupParent }
      : { kind: 'buildkit', session: session.id, buildId: `${session.id}-build` };
}

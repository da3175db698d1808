import type { IncomingMessage } from 'node:http';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import type { UsableContext } from './build-context.ts';
import { type Builder, buildQuery, type RequestBuilder } from './build-query.ts';
import { solve } from './control/solve.ts';
import { solveRequest } from './control/solve-request.ts';
import { registryConfig } from './credentials.ts';
import { type BuildEnd, followBuild } from './follow-build.ts';
import { endsWithin, raceAbort } from './race-abort.ts';
import { registryConfigHeader } from './registry-auth.ts';
import { openUnnamed, type Unnamed } from './unnamed-images.ts';

/** How long a cancelled build may take to end by itself before its connection is cut. */
const CANCEL_MS = 1_500;

/**
 * Builds, and removes what nobody has a name for then. Rejects as `RunSandbox.run` does, after the engine was told to give
 * the build up.
 */
export async function runBuild(
  step: BuildStep,
  context: UsableContext,
  builder: Builder,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<BuildEnd> {
  const unnamed = await raceAbort(openUnnamed(step, room.connection, room.leftLayers), signal);
  let imageId: string | undefined;
  try {
    const end = await build(step, context, builder, room, unnamed, output, signal);
    if (end.kind === 'built') imageId = end.imageId;
    return end;
  } finally {
    await unnamed.remove(imageId);
  }
}

async function build(
  step: BuildStep,
  context: UsableContext,
  builder: Builder,
  room: AttemptRoom,
  unnamed: Unnamed,
  output: StepOutput,
  signal: AbortSignal,
): Promise<BuildEnd> {
  const cut = new AbortController();
  const following = startBuild(step, context, builder, room, cut.signal).then((stream) =>
    followBuild(builder.kind === 'classic' ? unnamed.watch(stream) : stream, room, output),
  );
  try {
    return await raceAbort(Promise.race([following, context.files.unreadable]), signal);
  } catch (error) {
    if (signal.aborted && builder.kind === 'buildkit') {
      await cancelBuild(room, builder.buildId);
      await endsWithin(following, CANCEL_MS);
    }
    // The classic builder knows no other way to be stopped, and an ended request does not mind.
    cut.abort(signal.reason);
    if (signal.aborted && builder.kind === 'solver') await endsWithin(following, CANCEL_MS);
    throw error;
  }
}

async function startBuild(
  step: BuildStep,
  context: UsableContext,
  builder: Builder,
  room: AttemptRoom,
  cut: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (builder.kind !== 'solver') return await requestBuild(step, context, builder, room, cut);
  const { dockerfile } = context;
  const { session, cgroupParent } = builder;
  const { sbomScanner } = room;
  return solve(room.connection, solveRequest(step, { session, dockerfile, sbomScanner, cgroupParent }), cut);
}

function requestBuild(
  step: BuildStep,
  context: UsableContext,
  builder: RequestBuilder,
  room: AttemptRoom,
  cut: AbortSignal,
): Promise<IncomingMessage> {
  return room.connection.stream(
    {
      method: 'POST',
      path: '/build',
      query: buildQuery(step, builder, context.dockerfile),
      headers: { 'Content-Type': 'application/x-tar', ...registryConfigHeader(registryConfig(room.credentials)) },
      ...(builder.kind === 'classic' ? { body: context.files.pack() } : {}),
    },
    cut,
  );
}

/** Tells BuildKit to give up. When the engine does not hear it, cutting the connection comes next. */
async function cancelBuild(room: AttemptRoom, buildId: string): Promise<void> {
  try {
    const request = { method: 'POST', path: '/build/cancel', query: { id: buildId } } as const;
    const answer = await room.connection.stream(request, AbortSignal.timeout(CANCEL_MS));
    answer.resume();
  } catch {
    // Nothing to do: the build has ended, or the engine is gone or hangs.
  }
}

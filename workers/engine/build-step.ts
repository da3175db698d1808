import type { RefusedBuild } from '../../src/core/build/build-way.ts';
import { withInlineCache, withKeptLayers } from '../../src/core/build/layers-in-image.ts';
import { refuseUnknownLimits } from '../../src/core/build/unknown-limits.ts';
import { isRemote, keepsGitFolder } from '../../src/core/plan/build/build-context.ts';
import { withOrigin } from '../../src/core/plan/build/context-origin.ts';
import type { StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { type BuildPlace, openContext } from './build-context.ts';
import { cureOfBuild } from './build-failure.ts';
import { type Hidden, openHidden } from './build-hidden.ts';
import { builtLine, openBuildRecord } from './build-record.ts';
import type { BuildSession } from './build-session.ts';
import { builderOf, openBuilder, wayOf } from './choose-builder.ts';
import { refusalOf } from './engine-error.ts';
import { type FetchedPlace, fetchIntoWorkspace } from './fetched-context.ts';
import type { BuildEnd } from './follow-build.ts';
import { withHold } from './held-images.ts';
import { refuseRights } from './policy.ts';
import { rememberBuilt } from './provenance.ts';
import { raceAbort } from './race-abort.ts';
import { runBuild } from './run-build.ts';
import { type SoughtLayers, seekLayers } from './seek-layers.ts';

/** Builds the image of a step; see `RunSandbox.run` for what it promises. */
export async function runBuildStep(
  planned: BuildStep,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<StepResult> {
  const refused = refuseRights(planned, room.declared.networks, room.policy);
  if (refused !== undefined) return { ...refused, kind: 'failed', reason: 'refused-by-engine' };
  const place = await placeOf(planned, room, output, signal);
  if ('message' in place) return buildFailed(place.message, place.hint);
  const source = place.origin ?? room.source;
  const step = place.origin === undefined ? planned : withOrigin(planned, place.origin);
  const files = await raceAbort(room.workspace.files(), signal);
  const isCheckout = source?.commit !== undefined && !keepsGitFolder(step);
  const context = await openContext({ ...place, isCheckout }, files, signal);
  if (context.kind === 'unusable') return buildFailed(context.message, context.hint);
  const record = openBuildRecord(step, context.dockerfileText, room, output, signal);
  let session: BuildSession | undefined;
  let hidden: Hidden | undefined;
  try {
    const opened = await openHidden(step, files, room, signal);
    if (opened.kind === 'refused') return buildFailed(opened.message, opened.hint);
    hidden = opened;
    const builder = await openBuilder(step, context, hidden, room, output, signal);
    if (builder !== undefined && 'kind' in builder) return { ...builder, kind: 'failed', reason: 'refused-by-engine' };
    session = builder;
    if (session === undefined && hidden.options.length > 0) return withoutBuildKit(step, hidden);
    const unknown = session === undefined ? undefined : await unknownLimits(step, room, signal);
    if (unknown !== undefined) return { ...unknown, kind: 'failed', reason: 'refused-by-engine' };
    const way = await wayOf(step, session, room, output, signal);
    if (way.kind === 'refused') return { ...way, kind: 'failed', reason: 'refused-by-engine' };
    const labels = [...(await record.labels())];
    const labelled = withInlineCache({ ...step, labels });
    const sought = session === undefined ? 'none' : await seekLayers(step, room, output, signal);
    const cached = session === undefined ? labelled : withKeptLayers(labelled, sought === 'there');
    const asked = withHold(cached, room);
    const startedAt = room.now();
    const end = await runBuild(asked, context, builderOf(session, way.kind, room.policy), room, output, signal);
    const report = await record.report(end.counts, (room.now() - startedAt) / 1000, end.kind === 'built');
    if (end.kind === 'built') rememberBuilt({ step, source, imageId: end.imageId, startedAt }, report, room);
    output.note(builtLine(report));
    if (end.kind === 'built' && session !== undefined) keepLayers(step, end.imageId, sought, room, output);
    return { ...explainEnd(step, end), build: report };
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return buildFailed(`The engine refused the build: ${refusal.message}`, REFUSAL_HINT);
  } finally {
    context.files.close();
    session?.close();
    await hidden?.close();
  }
}

const REFUSAL_HINT = 'The message is the engine’s own: it names what to change in the Dockerfile or the build options.';

/** The context of a step in the workspace: what is no folder there is fetched first, and never by the engine. */
async function placeOf(
  step: BuildStep,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<(BuildPlace & FetchedPlace) | { readonly message: string; readonly hint: string }> {
  const { context, dockerfile } = step;
  if (isRemote(context)) return fetchIntoWorkspace(step, room, output, signal);
  // It may lie in what was fetched for a step before.
  const [folder = ''] = context.split('/');
  return { ...room.workspace.fetched.get(folder), context, dockerfile };
}

/** The engine is asked only where it matters. */
async function unknownLimits(
  step: BuildStep,
  { connection }: AttemptRoom,
  signal: AbortSignal,
): Promise<RefusedBuild | undefined> {
  if (step.shmSizeBytes === undefined && step.ulimits.length === 0) return undefined;
  const { ApiVersion, Version } = await raceAbort(connection.docker.version(), signal);
  return refuseUnknownLimits(step, ApiVersion, Version);
}

/** The build has named its layers by the image that keeps them. A registry that was silent before is not tried again. */
function keepLayers(
  { cache }: BuildStep,
  imageId: string,
  sought: SoughtLayers,
  { keptLayers }: AttemptRoom,
  output: StepOutput,
): void {
  if (cache?.kind !== 'kept') return;
  keptLayers.built(cache.image, imageId);
  if (cache.pushedBy === 'build' && sought !== 'silent') keptLayers.pushLater([cache.image], output);
}

function explainEnd(step: BuildStep, end: BuildEnd): StepResult {
  if (end.kind === 'built') return { kind: 'succeeded', images: [] };
  const where = end.instruction === undefined ? '' : ` at "${end.instruction}"`;
  return buildFailed(
    `The build of step "${step.id}" failed${where}: ${end.message}`,
    cureOfBuild(end.message, end.instruction),
  );
}

/** The classic builder would leave them out, and the build would fail far from the reason. */
function withoutBuildKit(step: BuildStep, { options }: Hidden): StepResult {
  return {
    kind: 'failed',
    reason: 'refused-by-engine',
    message: `Step "${step.id}" builds with ${options.join(' and ')}, which the classic builder does not know.`,
    hint: 'Remove DOCKER_BUILDKIT from the env of the step, or use a worker whose engine has BuildKit.',
  };
}

function buildFailed(message: string, hint: string | undefined): StepResult {
  return { kind: 'failed', reason: 'build-failed', message, ...(hint === undefined ? {} : { hint }) };
}

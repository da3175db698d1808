import type { IncomingMessage } from 'node:http';
import { isRemote } from '../../src/core/plan/build-context.ts';
import { withOrigin } from '../../src/core/plan/context-origin.ts';
import type { StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { asksForMore, type BuildWay, chooseWay } from './beyond-build.ts';
import { type BuildContext, type BuildPlace, openContext } from './build-context.ts';
import { cureOfBuild } from './build-failure.ts';
import { type Hidden, openHidden } from './build-hidden.ts';
import { refuseUnknownLimits } from './build-limits.ts';
import { type Builder, buildQuery, type RequestBuilder } from './build-query.ts';
import { builtLine, openBuildRecord } from './build-record.ts';
import { type BuildSession, openBuildSession } from './build-session.ts';
import { solve } from './control/solve.ts';
import { solveRequest } from './control/solve-request.ts';
import { registryConfig } from './credentials.ts';
import { refusalOf } from './engine-error.ts';
import { type FetchedPlace, fetchIntoWorkspace } from './fetched-context.ts';
import { type BuildEnd, followBuild } from './follow-build.ts';
import { withHold } from './held-images.ts';
import { withKeptLayers } from './layer-cache.ts';
import { refuseRights } from './policy.ts';
import { rememberBuilt } from './provenance.ts';
import { endsWithin, raceAbort } from './race-abort.ts';
import { registryConfigHeader } from './registry-auth.ts';
import { type SoughtLayers, seekLayers } from './seek-layers.ts';
import { uploadAddress } from './session-services/upload.ts';
import { openUnnamed, type Unnamed } from './unnamed-images.ts';

type UsableContext = Exclude<BuildContext, { kind: 'unusable' }>;

/** How long a cancelled build may take to end by itself before its connection is cut. */
const CANCEL_MS = 1_500;

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
  const context = await openContext(place, files, signal);
  if (context.kind === 'unusable') return buildFailed(context.message, context.hint);
  const text = context.kind === 'archive' ? context.dockerfileText : undefined;
  const record = openBuildRecord(step, text, room, output, signal);
  let session: BuildSession | undefined;
  let hidden: Hidden | undefined;
  try {
    const opened = await openHidden(step, files, room, signal);
    if (opened.kind === 'refused') return buildFailed(opened.message, opened.hint);
    hidden = opened;
    session = await openBuilder(step, context, hidden, room, output, signal);
    if (session === undefined && hidden.options.length > 0) return withoutBuildKit(step, hidden);
    const unknown = session === undefined ? undefined : await refuseUnknownLimits(step, room.connection, signal);
    if (unknown !== undefined) return { ...unknown, kind: 'failed', reason: 'refused-by-engine' };
    const way = await wayOf(step, session, room, output, signal);
    if (way.kind === 'refused') return { ...way, kind: 'failed', reason: 'refused-by-engine' };
    const labels = [...(await record.labels())];
    const labelled = { ...step, labels };
    const sought = session === undefined ? 'none' : await seekLayers(step, room, output, signal);
    const cached = session === undefined ? labelled : withKeptLayers(labelled, sought === 'there');
    const asked = withHold(cached, room);
    const startedAt = room.now();
    const end = await buildAndTidy(asked, context, builderOf(session, way.kind), room, output, signal);
    const report = await record.report(end.counts, (room.now() - startedAt) / 1000, end.kind === 'built');
    if (end.kind === 'built') rememberBuilt({ step, source, imageId: end.imageId, startedAt }, report, room);
    output.note(builtLine(report));
    if (end.kind === 'built' && session !== undefined) keepLayers(step, sought, room, output);
    return { ...explainEnd(step, end), build: report };
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return buildFailed(`The engine refused the build: ${refusal.message}`, REFUSAL_HINT);
  } finally {
    context.archive.close();
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
  const isCheckout = room.source?.commit !== undefined && !keepsGitFolder(step);
  return { ...room.workspace.fetched.get(folder), context, dockerfile, isCheckout };
}

/** As the Dockerfile reference has it for contexts from git. */
function keepsGitFolder({ buildArgs }: BuildStep): boolean {
  return buildArgs.includes('BUILDKIT_CONTEXT_KEEP_GIT_DIR=1');
}

/** A session with BuildKit, or undefined when the classic builder has to do. */
async function openBuilder(
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
  const offer = { credentials: room.credentials, openArchive: context.archive.open, secrets, agents };
  const session = await openBuildSession(room.connection, room.newName(step.id), offer, signal);
  if (session !== 'unsupported') return session;
  output.note('Using the classic builder, because this engine has no BuildKit');
  return undefined;
}

/** Most steps ask for nothing special, and of the engine nothing is asked then. */
async function wayOf(
  step: BuildStep,
  session: BuildSession | undefined,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<BuildWay> {
  if (!asksForMore(step)) return { kind: 'usual' };
  return chooseWay(step, session !== undefined, await room.facts(signal), output);
}

function builderOf(session: BuildSession | undefined, way: 'usual' | 'solver'): Builder {
  return session === undefined
    ? { kind: 'classic' }
    : way === 'solver'
      ? { kind: 'solver', session: session.id }
      : { kind: 'buildkit', session: session.id, buildId: `${session.id}-build` };
}

/** Builds, and removes what nobody has a name for then. */
async function buildAndTidy(
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
    followBuild(builder.kind === 'classic' ? unnamed.watch(stream) : stream, output),
  );
  try {
    return await raceAbort(Promise.race([following, context.archive.unreadable]), signal);
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
  const { session } = builder;
  const address = uploadAddress(session);
  return solve(
    room.connection,
    solveRequest(step, { session, address, dockerfile, sbomScanner: room.sbomScanner }),
    cut,
  );
}

function requestBuild(
  step: BuildStep,
  context: UsableContext,
  builder: RequestBuilder,
  room: AttemptRoom,
  cut: AbortSignal,
): Promise<IncomingMessage> {
  const address = builder.kind === 'buildkit' ? uploadAddress(builder.session) : undefined;
  return room.connection.stream(
    {
      method: 'POST',
      path: '/build',
      query: buildQuery(step, builder, context.dockerfile, address),
      headers: { 'Content-Type': 'application/x-tar', ...registryConfigHeader(registryConfig(room.credentials)) },
      ...(address === undefined ? { body: context.archive.open() } : {}),
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

/** The build has named its layers by the image that keeps them. A registry that was silent before is not tried again. */
function keepLayers({ cache }: BuildStep, sought: SoughtLayers, { keptLayers }: AttemptRoom, output: StepOutput): void {
  if (cache?.kind !== 'kept') return;
  keptLayers.built(cache.image);
  if (cache.pushedBy === 'build' && sought !== 'silent') keptLayers.pushLater([cache.image], output);
}

function explainEnd(step: BuildStep, end: BuildEnd): StepResult {
  if (end.kind === 'built') return { kind: 'succeeded', images: [] };
  const where = end.instruction === undefined ? '' : ` at "${end.instruction}"`;
  return buildFailed(`The build of step "${step.id}" failed${where}: ${end.message}`, cureOfBuild(end.message));
}

/** The classic builder would leave them out, and the build would fail far from the reason. */
function withoutBuildKit(step: BuildStep, { options }: Hidden): StepResult {
  return {
    kind: 'failed',
    reason: 'refused-by-engine',
    message: `Step "${step.id}" builds with ${options.join(' and ')}, which the classic builder does not know.`,
    hint: 'Remove DOCKER_BUILDKIT=0 from the env of the step, or use a worker whose engine has BuildKit.',
  };
}

function buildFailed(message: string, hint: string | undefined): StepResult {
  return { kind: 'failed', reason: 'build-failed', message, ...(hint === undefined ? {} : { hint }) };
}

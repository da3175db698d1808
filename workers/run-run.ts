import { renderDiagnostic } from '../src/core/diagnostic.ts';
import type { CompiledRun } from '../src/core/plan/compile-task.ts';
import { secretTexts } from '../src/core/plan/secret-volumes.ts';
import type { WorkerSignIn } from '../src/core/registry-credentials-file.ts';
import { hostNames } from '../src/core/registry-host.ts';
import type { Result } from '../src/core/result.ts';
import { shownSource } from '../src/core/source/parse-source.ts';
import { type Secrets, valuesOf, withSecrets } from '../src/core/task/secrets.ts';
import { unreachable } from '../src/core/unreachable.ts';
import type { RegistryCredential, RunSandbox, SandboxRequest, StepEngine } from '../src/ports/step-engine.ts';
import type { Diagnostic, Run, RunPlan, RunResult, StepRecord } from '../task-schemas/index.ts';
import type { Attempt } from './attempt.ts';
import { type CompileDeps, compileRun } from './compile-run.ts';
import { executePlan } from './execute.ts';
import { MIN_SECRET_LENGTH } from './output/mask.ts';
import { resolveCredentials } from './resolve-credentials.ts';
import type { SourceContext } from './source/fetch-source.ts';
import { isFault, stoppedResult, stopReason } from './stop.ts';

/** What carrying out a run needs. `fetch` brings its source; the one who fetched removes it. */
export interface RunDeps extends Omit<CompileDeps, 'knownRegistries'> {
  readonly engine: StepEngine;
  /** How to sign in to registries; a later one replaces an earlier one of the same host. */
  readonly signIns: readonly WorkerSignIn[];
  fetch(
    note: (line: string) => void,
    registries: readonly RegistryCredential[],
    signal: AbortSignal,
  ): Promise<SourceContext>;
  /** The secret values that the run came with. */
  openSecrets(): Promise<Result<Secrets>>;
  now(): number;
}

/**
 * The story of a run: sign in → fetch → compile → set up → execute → tear down (or leave that for later). Answers how it ended, or undefined when the end
 * is not this attempt's to say (it was fenced off, or the worker shuts down). Never rejects: a fault is told and becomes
 * the end of the run, as Error.
 */
export async function runRun(attempt: Attempt, deps: RunDeps): Promise<RunResult | undefined> {
  try {
    return await fetchAndRun(attempt, deps);
  } catch (error) {
    const reason = stopReason(attempt.signal) ?? { kind: 'fault', error };
    if (isFault(reason)) attempt.tellFault(reason.error);
    return stoppedResult(reason);
  }
}

async function fetchAndRun(attempt: Attempt, deps: RunDeps): Promise<RunResult> {
  const credentials = await resolveCredentials(deps.signIns, deps.secretSource, attempt.signal);
  if (!credentials.ok) return withoutCredentials(credentials.diagnostics, attempt);
  attempt.learn(credentials.value.map(({ password }) => password));
  const secrets = await attempt.persist(deps.openSecrets);
  if (!secrets.ok) return unreadableSecrets(secrets.diagnostics, attempt);
  learnSecrets(valuesOf(secrets.value), attempt);
  const source = await deps.fetch((line) => attempt.log.note(line), credentials.value, attempt.signal);
  try {
    const known = await withRevision(source, attempt, deps);
    const run = { ...known, request: withSecrets(known.request, secrets.value) };
    const compileDeps = { ...deps, knownRegistries: credentials.value.flatMap(({ registry }) => hostNames(registry)) };
    const learn = (secrets: readonly string[]) => learnSecrets(secrets, attempt);
    const compiled = await compileRun(run, source.directory, compileDeps, learn, attempt.signal);
    noteDiagnostics(compiled.ok ? compiled.warnings : compiled.diagnostics, attempt);
    if (!compiled.ok) return invalidTask(compiled.diagnostics);
    attempt.learn(secretTexts(compiled.value.secretVolumes));
    return await setUpAndExecute(compiled.value, source, credentials.value, attempt, deps);
  } finally {
    // What cannot be removed now is swept later; it says nothing about the run.
    await source.remove().catch(() => undefined);
  }
}

/** The record with what is known of its source now. */
async function withRevision({ revision }: SourceContext, attempt: Attempt, deps: RunDeps): Promise<Run> {
  if (revision === undefined) return attempt.run;
  const { commit, branch } = revision;
  const known = { commit, ...(branch === '' ? {} : { branch }) };
  await attempt.report({ kind: 'source-fetched', at: deps.now(), ...known });
  return { ...attempt.run, ...known };
}

async function setUpAndExecute(
  { plan, secretVolumes }: CompiledRun,
  source: SourceContext,
  credentials: readonly RegistryCredential[],
  attempt: Attempt,
  deps: RunDeps,
): Promise<RunResult> {
  await attempt.report({ kind: 'planned', at: deps.now(), steps: plan.steps.map(waiting) });
  const request = {
    plan,
    attempt: attempt.run.attempt,
    sourceDirectory: source.directory,
    ...(source.scratchDirectory === undefined ? {} : { scratchDirectory: source.scratchDirectory }),
    fetchContext: source.fetchContext,
    ...toldSource(attempt.run, source),
    hide: attempt.hide,
    longestSecret: attempt.longestSecret,
    credentials,
    secretVolumes,
  };
  const sandbox = await deps.engine.open(request, attempt.signal);
  let isClosing = false;
  try {
    const execution = { ...deps, sandbox, log: attempt.log, report: attempt.report };
    const result = await executePlan(plan, execution, attempt.signal);
    await sandbox.settle();
    if (attempt.closeAfterwards !== undefined) {
      attempt.closeAfterwards(sandbox);
      isClosing = true;
    }
    return result;
  } finally {
    // Whoever cancels a run expects nothing of it to be there when it has ended.
    if (!isClosing) await closeNow(sandbox, attempt);
  }
}

async function closeNow(sandbox: RunSandbox, { log }: Attempt): Promise<void> {
  for (const left of await sandbox.close()) log.note(`Could not remove ${left}; it is tried again later.`);
}

/** Where the source comes from, as it may be told of what is made of it. */
function toldSource({ request: { source } }: Run, { revision }: SourceContext): Pick<SandboxRequest, 'source'> {
  switch (source.kind) {
    case 'none':
    case 'upload':
      return {};
    case 'git':
    case 'archive':
    case 'oci':
      return { source: { uri: shownSource(source), ...(revision === undefined ? {} : { commit: revision.commit }) } };
    default:
      return unreachable(source);
  }
}

/** One that is too short would be masked inside of ordinary words, so it is not, which its owner has to know. */
function learnSecrets(secrets: readonly string[], attempt: Attempt): void {
  attempt.learn(secrets);
  const short = secrets.filter((secret) => secret !== '' && secret.trim().length < MIN_SECRET_LENGTH).length;
  if (short === 0) return;
  const which = short === 1 ? 'A secret of this task is' : `${short} secrets of this task are`;
  attempt.log.note(`${which} shorter than ${MIN_SECRET_LENGTH} characters and not hidden in the log.`);
}

function withoutCredentials(diagnostics: readonly Diagnostic[], attempt: Attempt): RunResult {
  noteDiagnostics(diagnostics, attempt);
  const [first] = diagnostics;
  return {
    status: 'Failed',
    failure: {
      code: 'credential-unresolved',
      message: first?.message ?? 'A registry has no credential.',
      hint: first?.hint ?? 'Check SLIPWAY_REGISTRY_CREDENTIALS_FILE on the worker.',
      diagnostics: [...diagnostics],
    },
  };
}

/** Nobody but the operator can mend it: it is an error of the service. */
function unreadableSecrets(diagnostics: readonly Diagnostic[], attempt: Attempt): RunResult {
  noteDiagnostics(diagnostics, attempt);
  const [first] = diagnostics;
  return {
    status: 'Error',
    failure: {
      code: first?.code ?? 'secrets-unreadable',
      message: first?.message ?? 'The secrets of the run cannot be read.',
      ...(first?.hint === undefined ? {} : { hint: first.hint }),
    },
  };
}

function waiting(step: RunPlan['steps'][number]): StepRecord {
  return { id: step.id, kind: step.kind, status: 'waiting' };
}

function noteDiagnostics(diagnostics: readonly Diagnostic[], attempt: Attempt): void {
  for (const diagnostic of diagnostics) attempt.log.note(renderDiagnostic(diagnostic));
}

function invalidTask(diagnostics: readonly Diagnostic[]): RunResult {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return {
    status: 'Failed',
    failure: {
      code: 'task-invalid',
      message: `The task cannot be run: ${first?.message ?? 'it has errors'}${more}`,
      hint: first?.hint ?? 'Correct the task file; `slipway plan -f FILE` checks it without running anything.',
      diagnostics: [...diagnostics],
    },
  };
}

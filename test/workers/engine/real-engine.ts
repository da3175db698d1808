import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import type { SecretVolume } from '../../../src/core/plan/secret-volumes.ts';
import { STRICT_POLICY, type WorkerPolicy } from '../../../src/core/policy/worker-policy.ts';
import type { ContextFetcher } from '../../../src/ports/context-fetcher.ts';
import type {
  RegistryCredential,
  RunSandbox,
  SandboxRequest,
  StepEngine,
  StepResult,
} from '../../../src/ports/step-engine.ts';
import type { PlannedStep, RunPlan } from '../../../task-schemas/index.ts';
import { createDockerEngine, type DockerEngineOptions } from '../../../workers/engine/docker-engine.ts';
import { type RecordedOutput, recordOutput } from '../../contract/step-engine.ts';
import { objectsOf } from '../../support/engine-objects.ts';
import { noContexts } from '../../support/fakes/context-fetcher.ts';
import { planOf } from '../../support/fakes/planned-steps.ts';
import { showAll } from '../../support/fakes/show-all.ts';
import { realParts } from '../../support/real-parts.ts';

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A run id that no other test has, for an engine that many share. */
export function newRunId(): string {
  return `r${Array.from({ length: 7 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}

/** Tests share their engine with other tests and their sweeps. */
const installation = `test-${process.pid}`;

/** An engine over the real Docker Engine of the tests. */
export function realEngine(
  policy: WorkerPolicy = STRICT_POLICY,
  given: Pick<DockerEngineOptions, 'provenance' | 'buildTimes' | 'onLatePush' | 'limits'> = {},
): StepEngine {
  const registries = createRegistryClient();
  const { dockerHost } = realParts();
  return createDockerEngine({ dockerHost, policy, registries, ...given, installation, now: Date.now });
}

/** A folder with these files. */
export async function sourceWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-engine-test-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

/** A run on the real engine, for one test. */
export interface RealRun {
  readonly runId: string;
  readonly registry: string;
  readonly source: string;
  readonly sandbox: RunSandbox;
  /** Runs a step to its end. */
  run(step: PlannedStep, signal?: AbortSignal): Promise<{ result: StepResult; output: RecordedOutput }>;
  /** Runs a step that must succeed; answers its output. */
  succeed(step: PlannedStep): Promise<RecordedOutput>;
}

/** How a run differs from the simplest one. */
export interface RealRunOptions {
  readonly policy?: WorkerPolicy;
  readonly provenance?: DockerEngineOptions['provenance'];
  readonly onLatePush?: DockerEngineOptions['onLatePush'];
  readonly limits?: DockerEngineOptions['limits'];
  readonly credentials?: readonly RegistryCredential[];
  readonly steps?: readonly PlannedStep[];
  readonly buildTimes?: DockerEngineOptions['buildTimes'];
  readonly plan?: Partial<RunPlan>;
  readonly secretVolumes?: readonly SecretVolume[];
  readonly fetchContext?: ContextFetcher;
  readonly scratchDirectory?: string;
  readonly hide?: SandboxRequest['hide'];
  readonly longestSecret?: SandboxRequest['longestSecret'];
  readonly source?: SandboxRequest['source'];
}

/**
 * Gives the test a run whose source has these files; afterwards the run is closed, and whatever it has left on the
 * engine fails the test.
 */
export async function withRealRun(
  files: Readonly<Record<string, string>>,
  body: (run: RealRun) => Promise<void>,
  options: RealRunOptions = {},
): Promise<void> {
  const { registry, dockerHost } = realParts();
  const { policy, provenance, buildTimes, onLatePush, limits } = options;
  const engine = realEngine(policy, { provenance, buildTimes, onLatePush, limits });
  const source = await sourceWith(files);
  const runId = newRunId();
  const { secretVolumes = [] } = options;
  const volumes = secretVolumes.map(({ name, files }) => ({ name, files: files.map((file) => file.name) }));
  const request = {
    plan: { ...planOf(runId, ...(options.steps ?? [])), volumes, ...options.plan },
    secretVolumes,
    attempt: 1,
    sourceDirectory: source,
    fetchContext: options.fetchContext ?? noContexts,
    hide: options.hide ?? showAll,
    longestSecret: options.longestSecret ?? (() => 0),
    ...(options.source === undefined ? {} : { source: options.source }),
    credentials: options.credentials ?? [],
    ...(options.scratchDirectory === undefined ? {} : { scratchDirectory: options.scratchDirectory }),
  };
  const sandbox = await engine.open(request, new AbortController().signal);
  async function run(step: PlannedStep, signal: AbortSignal = AbortSignal.timeout(60_000)) {
    const output = recordOutput();
    return { result: await sandbox.run(step, output, signal), output };
  }
  async function succeed(step: PlannedStep): Promise<RecordedOutput> {
    const { result, output } = await run(step);
    if (result.kind !== 'succeeded') assert.fail(`${JSON.stringify(result)}\n${output.text('stderr')}`);
    return output;
  }
  let left: readonly string[] = [];
  try {
    await body({ runId, registry, source, sandbox, run, succeed });
    await sandbox.settle();
  } finally {
    left = await sandbox.close();
    await engine.close();
    await rm(source, { recursive: true, force: true });
  }
  const objects = await objectsOf(dockerHost, runId);
  if (left.length + objects.length > 0) throw new Error(`Left on the engine: ${[...left, ...objects].join(', ')}`);
}

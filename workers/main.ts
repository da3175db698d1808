import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import { createFolderBlobStore } from '../src/adapters/blob/folder.ts';
import { createRedisBuildTimes } from '../src/adapters/redis/build-times.ts';
import { checkRedis } from '../src/adapters/redis/check.ts';
import { connectRedis } from '../src/adapters/redis/connection.ts';
import { installationOf } from '../src/adapters/redis/installation.ts';
import { createRedisLogStore } from '../src/adapters/redis/log-store.ts';
import { createRedisRunQueue } from '../src/adapters/redis/run-queue.ts';
import { createRedisRunStore } from '../src/adapters/redis/run-store.ts';
import { createRegistryClient } from '../src/adapters/registry/registry-client.ts';
import { createSecretBox } from '../src/adapters/secrets/secret-box.ts';
import { createSecretSource } from '../src/adapters/secrets/secret-source.ts';
import { createTextReader } from '../src/adapters/text/text-reader.ts';
import { createClosing } from '../src/closing.ts';
import { type Config, readConfig } from '../src/config/config.ts';
import { metadataProblem } from '../src/core/policy/address.ts';
import { unlimitedBuilds } from '../src/core/policy/unlimited-builds.ts';
import type { WorkerSignIn } from '../src/core/registry-credentials-file.ts';
import type { Result } from '../src/core/result.ts';
import { signInSecrets } from '../src/core/secret/secret-providers.ts';
import { secretsOf } from '../src/core/source/credentials.ts';
import type { Secrets } from '../src/core/task/secrets.ts';
import { findEngine } from '../src/embedded/find-engine.ts';
import { installationKeys } from '../src/installation/secret-keys.ts';
import type { SecretSource } from '../src/ports/secret-source.ts';
import type { StepEngine } from '../src/ports/step-engine.ts';
import { createRemoteSources } from '../src/remote-sources.ts';
import { aborted, stopSignal } from '../src/stop-signal.ts';
import { readVersion } from '../src/version.ts';
import type { Attempt } from './attempt.ts';
import { createJobHandler } from './consumer.ts';
import { createDockerEngine } from './engine/docker-engine.ts';
import type { LatePushEnd } from './engine/late-pushes.ts';
import { provenanceRule } from './engine/provenance.ts';
import { openSecrets } from './open-secrets.ts';
import { runRun } from './run-run.ts';
import { fetchSource, type SourceDeps } from './source/fetch-source.ts';
import { sourceFolder } from './source/left-sources.ts';
import { createSourceRemoval } from './source/remove-sources.ts';
import { startSweep } from './sweep.ts';

/** The store counts all attempts of a run and what wraps its lines; it is a backstop behind the writer's own limit. */
const LOG_STORE_FACTOR = 4;

const NO_ENGINE =
  'No Docker Engine answers at its usual sockets, and a worker cannot do without one. Start Docker, set DOCKER_HOST, or use `slipway up`, which brings its own.';

/** A worker's settings, with its engine found. */
export type WorkerConfig = Config & { readonly dockerHost: string };

/** A running worker. `close` lets its runs finish within the grace time, then gives them back to the queue. */
export interface Worker {
  close(): Promise<void>;
}

/** `slipway worker`: takes runs until SIGTERM or SIGINT. Answers the exit code. */
export async function runWorker({ env }: { env: NodeJS.ProcessEnv }): Promise<number> {
  const config = readConfig(env);
  const stopped = stopSignal();
  const dockerHost = config.dockerHost ?? (await findEngine(env));
  if (dockerHost === undefined) throw new Error(NO_ENGINE);
  const worker = await startWorker({ ...config, dockerHost }, pino({ level: config.logLevel }));
  await aborted(stopped);
  await worker.close();
  return 0;
}

/** Connects to Redis and the engine and starts to take runs. Rejects with what is missing and how to mend it. */
export async function startWorker(config: WorkerConfig, log: Logger): Promise<Worker> {
  const closing = createClosing();
  try {
    await openWorker(config, log, closing);
    return closing;
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function openWorker(config: WorkerConfig, log: Logger, closing: ReturnType<typeof createClosing>): Promise<void> {
  const connection = closing.add(await connectRedis({ url: config.redisUrl }));
  for (const problem of await checkRedis(connection)) log.warn(problem);
  const installation = await installationOf(connection, randomUUID());
  const { dockerHost, policy } = config;
  const unlimited = unlimitedBuilds(policy);
  if (unlimited !== undefined) log.warn(unlimited);
  const registries = createRegistryClient({ check: metadataProblem });
  const told = { sbomScanner: config.sbomScanner, provenance: provenanceRule(config.provenance, readVersion()) };
  const buildTimes = createRedisBuildTimes({ connection });
  const onLatePush = (end: LatePushEnd) => tellLatePush(end, log);
  const given = { dockerHost, installation, policy, registries, buildTimes, ...told, onLatePush, now: Date.now };
  const engine = closing.add(createDockerEngine(given));
  const info = await engine.describe();
  const runStore = closing.add(createRedisRunStore({ connection }));
  const logStore = closing.add(
    createRedisLogStore({ connection, limitBytes: LOG_STORE_FACTOR * config.logLimitBytes }),
  );
  const blobStore = createFolderBlobStore(path.join(config.dataDirectory, 'blobs'));
  const runQueue = closing.add(
    createRedisRunQueue({ connection, onFault: (error) => log.error({ err: error }, 'the queue has a fault') }),
  );
  const removal = closing.add(createSourceRemoval());
  closing.add(startSweep({ engine, sourceDirectory: sourcesOf(config), removal, runStore, operatorLog: log }));
  const secretBox = createSecretBox(config.secretKeys ?? (await installationKeys(config.dataDirectory)));
  const openSecretsOf = (runId: string) => openSecrets(runId, { runStore, secretBox });
  const secretSource = createSecretSource(config.secrets, Date.now);
  const sources = { ...createRemoteSources(config, process.env), blobStore, discard: removal.remove };
  const handler = createJobHandler({
    runStore,
    logStore,
    blobStore,
    operatorLog: log,
    workerName: config.workerName ?? hostname(),
    secrets: [
      ...signInsOf(config).flatMap((signIn) => (signIn.kind === 'opaque' ? [signIn.password] : [])),
      ...secretsOf(config.sourceCredentials),
      ...signInSecrets(config.secrets),
    ],
    logLimitBytes: config.logLimitBytes,
    now: Date.now,
    carryOut: (attempt) => carryOut(attempt, config, { engine, secretSource, openSecretsOf, sources }),
  });
  const consumer = await runQueue.consume(config.pool, config.concurrency, handler);
  closing.add({ close: () => consumer.close(config.graceMs) });
  log.info({ engine: info, pool: config.pool, concurrency: config.concurrency }, 'taking runs');
}

/** The log of the run has ended with the run. */
function tellLatePush({ runId, image, problem }: LatePushEnd, log: Logger): void {
  if (problem === undefined) log.info({ runId, image }, 'the layers of a run were kept after its end');
  else log.warn({ runId, image, problem }, 'the layers of a run could not be kept; other workers build them anew');
}

interface Hands {
  readonly engine: StepEngine;
  readonly secretSource: SecretSource;
  openSecretsOf(runId: string): Promise<Result<Secrets>>;
  readonly sources: Omit<SourceDeps, 'directory'>;
}

function carryOut(attempt: Attempt, config: Config, { engine, secretSource, openSecretsOf, sources }: Hands) {
  const { run } = attempt;
  const directory = path.join(sourcesOf(config), sourceFolder(run.id, run.attempt));
  return runRun(attempt, {
    engine,
    registry: config.registry,
    textReader: createTextReader(),
    imageAliases: config.imageAliases,
    secretSource,
    signIns: signInsOf(config),
    policy: config.policy,
    fetch: (note, registries, signal) =>
      fetchSource(run.request.source, { ...sources, registries, directory }, note, signal),
    openSecrets: () => openSecretsOf(run.id),
    builds: { layerCache: config.layerCache, imageLabels: config.imageLabels, sbom: config.sbom },
    now: Date.now,
  });
}

/** The credential of the installation's own registry replaces one for the same host in a file. */
function signInsOf({ registry, registryCredential: own, registrySignIns }: Config): readonly WorkerSignIn[] {
  return own === undefined ? registrySignIns : [...registrySignIns, { kind: 'opaque', registry, ...own, unused: {} }];
}

function sourcesOf(config: Config): string {
  return path.join(config.dataDirectory, 'sources');
}

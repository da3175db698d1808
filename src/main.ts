import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import { createFolderBlobStore } from './adapters/blob/folder.ts';
import { checkRedis } from './adapters/redis/check.ts';
import { connectRedis } from './adapters/redis/connection.ts';
import { createRedisDecisionStore } from './adapters/redis/decision-store.ts';
import { createRedisLogStore } from './adapters/redis/log-store.ts';
import { createRedisRunQueue } from './adapters/redis/run-queue.ts';
import { createRedisRunStore } from './adapters/redis/run-store.ts';
import { createRedisTaskStore } from './adapters/redis/task-store.ts';
import { createSecretBox } from './adapters/secrets/secret-box.ts';
import { buildApi } from './api/build-api.ts';
import { createClosing } from './closing.ts';
import { type Config, readConfig } from './config/config.ts';
import { RUN_ID_BYTES, runIdOf, UPLOAD_ID_BYTES, uploadIdOf } from './core/run/new-id.ts';
import { installationKeys } from './installation/secret-keys.ts';
import { installationToken } from './installation/token.ts';
import { startUpkeep } from './services/start-upkeep.ts';
import { aborted, stopSignal } from './stop-signal.ts';
import { readVersion } from './version.ts';

/** A running API. `url` is where it listens, `token` what it accepts; `tokenFile` holds it unless it was given. */
export interface Server {
  readonly url: string;
  readonly token: string;
  readonly tokenFile: string | undefined;
  close(): Promise<void>;
}

/** `slipway server`: the API until SIGTERM or SIGINT. Answers the exit code. */
export async function runServer({ env }: { env: NodeJS.ProcessEnv }): Promise<number> {
  const config = readConfig(env);
  const stopped = stopSignal();
  const log = pino({ level: config.logLevel });
  const server = await startServer(config, log);
  await aborted(stopped);
  await server.close();
  return 0;
}

/** Connects, listens and starts the upkeep. Rejects with what is missing and how to mend it. */
export async function startServer(config: Config, log: Logger): Promise<Server> {
  const closing = createClosing();
  try {
    return await openServer(config, log, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function openServer(config: Config, log: Logger, closing: ReturnType<typeof createClosing>): Promise<Server> {
  const { token, file } = config.token
    ? { token: config.token, file: undefined }
    : await installationToken(config.dataDirectory);
  const connection = closing.add(await connectRedis({ url: config.redisUrl }));
  for (const problem of await checkRedis(connection)) log.warn(problem);
  const stores = {
    runStore: closing.add(createRedisRunStore({ connection })),
    logStore: closing.add(createRedisLogStore({ connection })),
    runQueue: closing.add(
      createRedisRunQueue({ connection, onFault: (error) => log.error({ err: error }, 'the queue has a fault') }),
    ),
    blobStore: createFolderBlobStore(path.join(config.dataDirectory, 'blobs')),
    taskStore: createRedisTaskStore({ connection }),
    decisionStore: createRedisDecisionStore({ connection }),
    secretBox: createSecretBox(config.secretKeys ?? (await installationKeys(config.dataDirectory))),
  };
  const scheduling = {
    ...stores,
    registry: config.registry,
    platform: `linux/${dockerArchitecture(process.arch)}`,
    pool: config.pool,
    imageAliases: config.imageAliases,
    now: Date.now,
    newRunId: () => runIdOf(randomBytes(RUN_ID_BYTES)),
  };
  const app = buildApi({
    ...scheduling,
    tokens: [{ name: 'admin', token }],
    logger: log,
    version: readVersion(),
    limits: { uploadBytes: config.maxSourceBytes, sourceBytes: config.maxSourceBytes },
    newUploadId: () => uploadIdOf(randomBytes(UPLOAD_ID_BYTES)),
    newRequestId: randomUUID,
  });
  closing.add(app);
  await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(cannotListen(config, error), { cause: error });
  });
  closing.add(startUpkeep({ ...scheduling, logLifeMs: config.logLifeMs, operatorLog: log }));
  const url = urlOf(app.server.address(), config);
  log.info({ url, ...(file ? { tokenFile: file } : {}) }, `listening on ${url}`);
  return { url, token, tokenFile: file, close: closing.close };
}

function urlOf(address: ReturnType<import('node:net').Server['address']>, config: Config): string {
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function cannotListen(config: Config, error: NodeJS.ErrnoException): string {
  const where = `${config.host}:${config.port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `Something else listens on ${where} already. Stop it, or choose another port with --port or SLIPWAY_PORT.`;
    case 'EACCES':
      return `This user may not listen on ${where}. Choose a port above 1023 with --port or SLIPWAY_PORT.`;
    default:
      return `The API cannot listen on ${where}: ${error.message}. Set SLIPWAY_HOST and SLIPWAY_PORT to an address of this machine.`;
  }
}

/** Node's name of an architecture in Docker's words. */
function dockerArchitecture(arch: NodeJS.Architecture): string {
  return arch === 'x64' ? 'amd64' : arch;
}

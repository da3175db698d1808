import { homedir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { startWorker } from '../workers/main.ts';
import { createClosing } from './closing.ts';
import { readConfig } from './config/config.ts';
import { type Parts, startParts } from './embedded/parts.ts';
import { type Server, startServer } from './main.ts';
import { aborted, stopSignal } from './stop-signal.ts';

/** What `slipway up` was told. `port` 0 takes a free one; without `dataDir` the state lies in the user's data folder. */
export interface UpOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly dataDir: string | undefined;
  readonly port: number | undefined;
  readonly json: boolean;
  readonly install: boolean;
}

/** `slipway up`: the whole service on this machine until SIGTERM or SIGINT. Answers the exit code. */
export async function runUp(options: UpOptions): Promise<number> {
  const stopped = stopSignal();
  const closing = createClosing();
  try {
    const { parts, server } = await bringUp(options, closing, stopped);
    sayReady(options, parts, server);
    await aborted(stopped);
  } catch (error) {
    if (!stopped.aborted) throw error;
  } finally {
    notice('Stopping …');
    await closing.close();
  }
  return 0;
}

async function bringUp(
  options: UpOptions,
  closing: ReturnType<typeof createClosing>,
  stopped: AbortSignal,
): Promise<{ parts: Parts; server: Server }> {
  const { env, install } = options;
  const dataDir = path.resolve(options.dataDir ?? defaultDataDirectory(env));
  const given = readConfig(env);
  const parts = closing.add(
    await startParts(
      {
        dataDir,
        install,
        env,
        redisUrl: env.REDIS_URL,
        dockerHost: env.DOCKER_HOST,
        registry: env.SLIPWAY_REGISTRY,
        onNotice: notice,
      },
      stopped,
    ),
  );
  const config = {
    ...given,
    ...parts,
    dataDirectory: dataDir,
    port: options.port ?? given.port,
  };
  const log = pino({ level: env.SLIPWAY_LOG_LEVEL ? given.logLevel : 'warn' }, pino.destination(2));
  const server = closing.add(await startServer(config, log));
  closing.add(await startWorker(config, log));
  return { parts, server };
}

function sayReady({ json }: UpOptions, parts: Parts, server: Server): void {
  const { redisUrl, dockerHost, registry } = parts;
  const { url, token, tokenFile } = server;
  const ready = json
    ? JSON.stringify({ url, token, registry, redisUrl, dockerHost, pid: process.pid })
    : `Slipway is up at ${url} (registry ${registry}). Ctrl-C stops it; its state stays.

In another terminal:
  npx slipway login --server ${url}${tokenFile === undefined ? '' : ` --token-stdin < ${shellWord(tokenFile)}`}
  npx slipway build -t hello:{{.Run.ID}} examples/hello
`;
  process.stdout.write(`${ready}\n`);
}

/** A path as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function defaultDataDirectory(env: NodeJS.ProcessEnv): string {
  return path.join(env.XDG_DATA_HOME || path.join(homedir(), '.local/share'), 'slipway/up');
}

function notice(line: string): void {
  process.stderr.write(`${line}\n`);
}

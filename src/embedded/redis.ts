import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { claimDirectory } from './claim.ts';
import { startDaemon } from './daemon.ts';
import { findCommand } from './find-command.ts';
import { choosePort } from './free-port.ts';
import { type Environment, MissingPartsError, NEEDS } from './packages.ts';

/** Where the private Redis keeps its state and on which port it listens. */
export interface RedisOptions {
  /** Its own folder; created when missing. */
  readonly directory: string;
  /** Default: the port it had the last time in this folder, else a free one. */
  readonly port?: number;
  readonly env: Environment;
}

/** A private Redis that answers. */
export interface EmbeddedRedis {
  readonly redisUrl: string;
  /** Stops it; the data stay in the folder. */
  close(): Promise<void>;
}

const STOP_WITHIN_MS = 10_000;

/** Starts a private redis-server (or valkey-server) on 127.0.0.1 and returns when it answers. */
export async function startRedis(options: RedisOptions, signal?: AbortSignal): Promise<EmbeddedRedis> {
  const command = findCommand(NEEDS.redis.commands, options.env.PATH);
  if (!command) throw new MissingPartsError([NEEDS.redis], 'it can not be started');
  const claim = await claimDirectory(options.directory, STOP_WITHIN_MS);
  try {
    const port = await choosePort(options.directory, options.port, 'Redis');
    const data = join(options.directory, 'data');
    await mkdir(data, { recursive: true });
    const daemon = await startDaemon(
      {
        name: 'Redis',
        command,
        args: redisArguments(port, data),
        env: options.env,
        claim,
        isReady: (pid) => isRedis('127.0.0.1', port, pid),
        readyWithinMs: 15_000,
        stopWithinMs: STOP_WITHIN_MS,
      },
      signal,
    );
    return {
      redisUrl: `redis://127.0.0.1:${port}`,
      async close() {
        await daemon.close();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/**
 * The settings Slipway relies on: every change appended to disk within a second, no snapshots beside that, and never an
 * eviction, because Redis holds the truth about runs (https://docs.bullmq.io/guide/going-to-production).
 */
export function redisArguments(port: number, data: string): string[] {
  const network = ['--bind', '127.0.0.1', '--port', String(port)];
  const durability = ['--dir', data, '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];
  return [...network, ...durability, '--maxmemory-policy', 'noeviction', '--daemonize', 'no'];
}

/** Whether the Redis on `host:port` answers and has loaded its data; with `pid`, only when it is that very process. */
export async function isRedis(host: string, port: number, pid?: number): Promise<boolean> {
  const info = await ask(host, port, 'INFO server\r\nPING\r\nQUIT\r\n');
  return info.includes('+PONG') && (pid === undefined || new RegExp(`^process_id:${pid}\\r?$`, 'm').test(info));
}

function ask(host: string, port: number, commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer within a second')));
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += text;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
    socket.write(commands);
  });
}

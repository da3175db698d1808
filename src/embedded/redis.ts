import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { startClaimed } from './claim.ts';
import { startDaemon } from './daemon.ts';
import { findCommand } from './find-command.ts';
import { choosePort } from './free-port.ts';
import { type Environment, MissingPartsError, NEEDS } from './packages.ts';
import { redisPassword, writeRedisConfig } from './redis-config.ts';

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
  /** With the password: other users of this machine reach the port too. */
  readonly redisUrl: string;
  /** Stops it; the data stay in the folder. */
  close(): Promise<void>;
}

const STOP_WITHIN_MS = 10_000;

/** Starts a private redis-server (or valkey-server) on 127.0.0.1 and returns when it answers. */
export async function startRedis(options: RedisOptions, signal?: AbortSignal): Promise<EmbeddedRedis> {
  const command = findCommand(NEEDS.redis.commands, options.env.PATH);
  if (!command) throw new MissingPartsError([NEEDS.redis], 'it can not be started');
  return startClaimed(options.directory, STOP_WITHIN_MS, async (claim) => {
    const port = await choosePort(options.directory, options.port, 'Redis');
    const data = join(options.directory, 'data');
    await mkdir(data, { recursive: true });
    const password = await redisPassword(options.directory);
    const redisUrl = `redis://:${password}@127.0.0.1:${port}`;
    const file = join(options.directory, 'redis.conf');
    await writeRedisConfig(file, { port, bind: '127.0.0.1', data: resolve(data), password });
    const daemon = await startDaemon(
      {
        name: 'Redis',
        command,
        args: [resolve(file)],
        env: options.env,
        claim,
        isReady: (pid) => isRedis(redisUrl, pid),
        readyWithinMs: 15_000,
        stopWithinMs: STOP_WITHIN_MS,
      },
      signal,
    );
    return { redisUrl, close: daemon.close };
  });
}

/** Whether the Redis at `url` answers its user and has loaded its data; with `pid`, only when it is that very process. */
export async function isRedis(url: string, pid?: number): Promise<boolean> {
  const { hostname, port, password } = new URL(url);
  const login = password === '' ? '' : `AUTH ${decodeURIComponent(password)}\r\n`;
  const info = await ask(hostname, Number(port), `${login}INFO server\r\nPING\r\nQUIT\r\n`);
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

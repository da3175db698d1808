import { type ExecFileOptions, execFile, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { finishProgress } from '../engine-stream.ts';
import type { Environment } from '../packages.ts';

/** What every recipe needs in hand. */
export interface Workshop {
  readonly docker: Docker;
  /** Go's name of the processor the engine runs on. */
  readonly architecture: string;
  /** Kept between runs. */
  readonly cacheDir: string;
  readonly install: boolean;
  readonly env: Environment;
  readonly onNotice: (line: string) => void;
  readonly signal: AbortSignal;
}

const run = promisify(execFile);

/** Runs a program to its end and returns what it wrote to stdout; its last words are in the error when it fails. */
export async function runProgram(
  shop: Workshop,
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  try {
    const { stdout } = await run(command, args, {
      maxBuffer: 64 << 20,
      env: { ...shop.env, LC_ALL: 'C' },
      signal: shop.signal,
      ...options,
      encoding: 'utf8',
    });
    return stdout;
  } catch (error) {
    const said =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').slice(-5).join(' ') : '';
    throw new Error(`"${[command, ...args].join(' ')}" failed: ${said || error}`, { cause: error });
  }
}

/** Gives `work` a folder of its own and removes it whatever happens. */
export async function inScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-image-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file of the cache is made anew after this time, so that images do not stay without security updates for ever. */
const OLDEST_MS = 30 * 24 * 3600_000;

/**
 * The file `name` of the cache, made by `make(path)` when it is absent or too old. It appears under its name only when
 * it is whole, so two processes that make it at once do no harm.
 */
export async function cached(shop: Workshop, name: string, make: (path: string) => Promise<void>): Promise<string> {
  const file = join(shop.cacheDir, name);
  const found = await stat(file).catch(() => undefined);
  if (found && found.size > 0 && Date.now() - found.mtimeMs < OLDEST_MS) return file;
  await mkdir(shop.cacheDir, { recursive: true });
  const part = `${file}.${process.pid}.part`;
  try {
    await make(part);
    await rename(part, file);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return file;
}

/** A tar of a folder's content, with everything owned by root, as a stream. */
export function tarOf(shop: Workshop, folder: string): NodeJS.ReadableStream {
  const tar = spawn('tar', ['-C', folder, '--numeric-owner', '--owner=0', '--group=0', '-c', '.'], {
    env: { ...shop.env },
    stdio: ['ignore', 'pipe', 'inherit'],
    signal: shop.signal,
  });
  tar.once('error', (error) => tar.stdout.destroy(error));
  tar.once('exit', (code) => {
    if (code !== 0) tar.stdout.destroy(new Error(`tar exited with ${code} while packing ${folder}`));
  });
  return tar.stdout;
}

/** Makes an image out of a root file system (a tar file or stream). `changes` are Dockerfile instructions. */
export async function importImage(
  shop: Workshop,
  tar: string | NodeJS.ReadableStream,
  reference: string,
  changes: string[],
): Promise<void> {
  const [repo, tag] = reference.split(':');
  const source = typeof tar === 'string' ? createReadStream(tar) : tar;
  await finishProgress(await shop.docker.importImage(source, { repo, tag, changes, abortSignal: shop.signal }));
}

import { spawn } from 'node:child_process';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UnusableSource } from './unusable-source.ts';

/** Programs for what Node cannot decompress itself, and the Debian packages that have them. */
const PROGRAMS = {
  xz: {
    command: 'xz',
    args: ['--decompress', '--stdout', '--quiet', '--memlimit-decompress=256MiB'],
    from: 'xz-utils',
  },
  zstd: { command: 'zstd', args: ['--decompress', '--stdout', '--quiet', '--memory=256MB'], from: 'zstd' },
  bzip2: { command: 'bzip2', args: ['--decompress', '--stdout', '--quiet'], from: 'bzip2' },
} as const;

/** How much a program says that is kept. */
const MAX_SAID = 300;

/**
 * Lets a program of this machine decompress what comes from `from` and writes that to `to`. Rejects with `UnusableSource`
 * when there is no such program or it does not like what it gets; the program is gone then, and after an abort.
 */
export async function decompress(
  format: keyof typeof PROGRAMS,
  from: readonly [Readable, Transform],
  to: readonly [Transform, NodeJS.WritableStream],
  signal: AbortSignal,
): Promise<void> {
  const { command, args } = PROGRAMS[format];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(0, MAX_SAID);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => reject(missing(format, cause)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(broken(format, said))));
  });
  // Each is looked at below; until then none must count as unhandled.
  ended.catch(() => undefined);
  const written = pipeline(...from, child.stdin, { signal });
  const read = pipeline(child.stdout, ...to, { signal });
  const stop = () => child.kill('SIGKILL');
  // A program whose input or output has ended early would wait for ever.
  read.catch(stop);
  const [input, output] = await Promise.allSettled([written, read]);
  if (output.status === 'rejected' && output.reason instanceof UnusableSource) throw output.reason;
  if (input.status === 'rejected' && !isClosedPipe(input.reason)) throw input.reason;
  if (output.status === 'rejected' && child.signalCode !== null) throw output.reason;
  // When it has ended by itself it knows best why.
  await ended;
}

/** The program has stopped to read: why, others know. */
function isClosedPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function missing(format: keyof typeof PROGRAMS, cause: unknown): UnusableSource {
  const { command, from } = PROGRAMS[format];
  return new UnusableSource(
    `The source is compressed with ${format}, and this worker has no ${command}.`,
    `Install ${from} on the worker, or compress with gzip.`,
    { cause },
  );
}

function broken(format: keyof typeof PROGRAMS, said: string): UnusableSource {
  return new UnusableSource(
    `The source is not a readable ${format} archive: ${said.trim() || 'it ends too early'}.`,
    'Check that the archive is whole: that it was uploaded or published to its end.',
  );
}

/**
 * `npm run quickstart`: brings a whole Slipway up on this machine, builds, tests and pushes examples/hello through it,
 * pulls the image back to prove that it is there, and stops everything again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import type { Run } from '../task-schemas/index.ts';
import { ensureBaseImages } from './embedded/base-images.ts';
import { pullImage, removeImage } from './embedded/images.ts';
import { stopChild } from './stop-child.ts';

const root = path.resolve(import.meta.dirname, '..');
const slipway = path.join(root, 'src/cli/bin.mjs');
const example = path.join(root, 'examples/hello');
const data = path.join(process.env.XDG_DATA_HOME ?? path.join(homedir(), '.local/share'), 'slipway/quickstart');
const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');

/** The line that `slipway up --json` prints when it is ready. */
interface UpLine {
  readonly url: string;
  readonly token: string;
  readonly dockerHost: string;
}

async function main(interrupted: AbortSignal): Promise<number> {
  const started = Date.now();
  say('Bringing up Redis, a registry, a Docker Engine, the API and a worker …');
  const up = await startUp(interrupted);
  try {
    const env = { ...process.env, SLIPWAY_SERVER: up.line.url, SLIPWAY_TOKEN: up.line.token };
    const code = await proveIt(env, up.line.dockerHost, interrupted);
    if (code !== 0) return code;
  } finally {
    await up.stop();
  }
  say(`Everything that was started is stopped again (${Math.round((Date.now() - started) / 1000)} s in all).`);
  sayNext();
  return 0;
}

async function proveIt(env: NodeJS.ProcessEnv, dockerHost: string, signal: AbortSignal): Promise<number> {
  const cacheDir = path.join(cache, 'slipway');
  await ensureBaseImages({ dockerHost, names: ['busybox:latest'], cacheDir, env, onNotice: say }, signal);
  say('Building, testing and pushing examples/hello …');
  const code = await runExample(env, signal);
  if (code !== 0) return code;
  const reference = await pullBack(env, dockerHost, signal);
  say(`Pushed, and pulled back as proof: ${reference}`, 'green');
  return 0;
}

/** Starts `slipway up`. When it does not come up, is interrupted or says something odd, it is stopped before this rejects. */
async function startUp(signal: AbortSignal): Promise<{ line: UpLine; stop(): Promise<void> }> {
  const options = ['up', '--json', '--port', '0', '--data', data];
  const noInstall = process.argv.includes('--no-install') ? ['--no-install'] : [];
  const child = spawn(process.execPath, [slipway, ...options, ...noInstall], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Nobody waits for an interrupted example: its run is given back soon, well before the child's time is up.
    env: { SLIPWAY_GRACE_SECONDS: '5', ...process.env },
    // A Ctrl-C in the terminal must reach this process alone, which then stops its child in order.
    detached: true,
  });
  try {
    return { line: await readyLine(child.stdout, once(child, 'exit'), signal), stop: () => stopChild(child) };
  } catch (error) {
    await stopChild(child);
    throw error;
  }
}

async function readyLine(stdout: Readable, exited: Promise<unknown[]>, signal: AbortSignal): Promise<UpLine> {
  const lines = createInterface({ input: stdout });
  const [line] = await Promise.race([once(lines, 'line', { signal }), exited]);
  if (typeof line !== 'string') throw new Error('Slipway did not come up; the lines above say why.');
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`Slipway said "${line}" instead of where it is.`, { cause });
  }
}

async function runExample(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [slipway, 'run', '-f', 'task.yaml', '.'], {
    cwd: example,
    stdio: 'inherit',
    env,
  });
  try {
    const [code] = await once(child, 'exit', { signal });
    return code ?? 1;
  } finally {
    await stopChild(child);
  }
}

/** Takes the pushed image from the engine, pulls it again by its digest, and answers its reference. */
async function pullBack(env: NodeJS.ProcessEnv, dockerHost: string, signal: AbortSignal): Promise<string> {
  const { runs } = JSON.parse(await lastRun(env, signal));
  const [run]: Run[] = runs;
  const [image] = run?.outputImages ?? [];
  if (image === undefined) throw new Error('The run succeeded, but its record has no pushed image.');
  const name = `${image.registry}/${image.repository}`;
  await removeImage(dockerHost, `${name}:${image.tag}`);
  await pullImage(dockerHost, `${name}@${image.digest}`, {}, signal);
  return `${name}:${image.tag}@${image.digest}`;
}

async function lastRun(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, [slipway, 'runs', '--limit', '1', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
    signal,
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return printed;
}

/** Aborts at the first Ctrl-C, SIGTERM or hang-up. Further ones change nothing: what was started is being stopped. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      say(interrupted.signal.aborted ? 'Still stopping …' : 'Interrupted: stopping what was started …');
      interrupted.abort(128 + constants.signals[name]);
    });
  }
  // A terminal that was closed must not end this process before it has stopped its child.
  process.stderr.on('error', () => undefined);
  return interrupted.signal;
}

function say(line: string, colour: 'cyan' | 'green' = 'cyan'): void {
  process.stderr.write(`${styleText(colour, '▸')} ${line}\n`);
}

function sayNext(): void {
  process.stdout.write(`
Three commands to try next:
  npx slipway up --data ${data}
      the same parts, to stay; it prints the login for the other two, in another terminal
  npx slipway build -t hello:{{.Run.ID}} examples/hello
      build and push a folder
  npx slipway runs
      what ran, with its images
`);
}

const interrupted = interruption();
process.exitCode = await main(interrupted).catch((error: unknown) => {
  if (interrupted.aborted) return interrupted.reason;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

/**
 * `npm run quickstart`: brings a whole Slipway up on this machine, builds, tests and pushes examples/hello through it,
 * pulls the image back to prove that it is there, and stops everything again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import type { Run } from '../task-schemas/index.ts';
import { ensureBaseImages } from './embedded/base-images.ts';
import { pullImage, removeImage } from './embedded/images.ts';

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

async function main(): Promise<number> {
  const started = Date.now();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(signal));
  say('Bringing up Redis, a registry, a Docker Engine, the API and a worker …');
  const up = await startUp();
  try {
    const env = { ...process.env, SLIPWAY_SERVER: up.line.url, SLIPWAY_TOKEN: up.line.token };
    await ensureBaseImages(
      {
        dockerHost: up.line.dockerHost,
        names: ['busybox:latest'],
        cacheDir: path.join(cache, 'slipway'),
        env,
        onNotice: say,
      },
      interrupted.signal,
    );
    say('Building, testing and pushing examples/hello …');
    const code = await runExample(env, interrupted.signal);
    if (code !== 0) return code;
    const reference = await pullBack(env, up.line.dockerHost);
    say(`Pushed, and pulled back as proof: ${reference}`, 'green');
  } finally {
    await up.stop();
  }
  say(`Everything that was started is stopped again (${Math.round((Date.now() - started) / 1000)} s in all).`);
  sayNext();
  return 0;
}

async function startUp(): Promise<{ line: UpLine; stop(): Promise<void> }> {
  const options = ['up', '--json', '--port', '0', '--data', data];
  const noInstall = process.argv.includes('--no-install') ? ['--no-install'] : [];
  const child = spawn(process.execPath, [slipway, ...options, ...noInstall], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A Ctrl-C in the terminal must reach this process alone, which then stops its child in order.
    detached: true,
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit')]);
  if (typeof line !== 'string') throw new Error('Slipway did not come up; the lines above say why.');
  return { line: JSON.parse(line), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function runExample(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [slipway, 'run', '-f', 'task.yaml', '.'], {
    cwd: example,
    stdio: 'inherit',
    env,
    signal,
  });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** Takes the pushed image from the engine, pulls it again by its digest, and answers its reference. */
async function pullBack(env: NodeJS.ProcessEnv, dockerHost: string): Promise<string> {
  const { runs } = JSON.parse(await output(env, 'runs', '--limit', '1', '--json'));
  const [run]: Run[] = runs;
  const [image] = run?.outputImages ?? [];
  if (image === undefined) throw new Error('The run succeeded, but its record has no pushed image.');
  const name = `${image.registry}/${image.repository}`;
  await removeImage(dockerHost, `${name}:${image.tag}`);
  await pullImage(dockerHost, `${name}@${image.digest}`);
  return `${name}:${image.tag}@${image.digest}`;
}

async function output(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [slipway, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env });
  return text(child.stdout);
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

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

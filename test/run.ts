// The runner behind `npm test`: chooses the test files, starts real parts when a chosen file needs them, lets Node's own
// runner do the work, and takes everything down again. `npm test -- PATTERN… [--no-install]`.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ensureBaseImages } from '../src/embedded/base-images.ts';
import { type Parts, startParts } from '../src/embedded/parts.ts';
import { REAL_PARTS_VARIABLES } from './support/real-parts.ts';
import { openRunFolder, type RunFolder } from './support/run-folder.ts';

const HERE = import.meta.dirname;
const ROOT = dirname(HERE);
const REAL_PARTS = join(HERE, 'support', 'real-parts.ts');
/** A mistake in the call, as opposed to a failed test. */
const USAGE = 2;

interface Choice {
  readonly files: readonly string[];
  /** Patterns for names of tests; empty: all tests of the files. */
  readonly names: readonly string[];
  readonly install: boolean;
}

/** A word that occurs in the path of a test file chooses files; one that occurs in none chooses tests by their names. */
function choose(args: readonly string[], files: readonly string[]): Choice | { mistake: string } {
  const unknown = args.filter((arg) => arg.startsWith('-') && arg !== '--no-install');
  if (unknown.length > 0) {
    return { mistake: `Unknown option ${unknown.join(', ')}. The call is: npm test -- [PATTERN…] [--no-install].` };
  }
  const words = args.filter((arg) => !arg.startsWith('-'));
  const paths = words.filter((word) => files.some((file) => file.includes(word)));
  const names = words.filter((word) => !paths.includes(word));
  const inPaths = paths.length === 0 ? files : files.filter((file) => paths.some((path) => file.includes(path)));
  const named = inPaths.filter((file) => mentions(file, names));
  const chosen = names.length === 0 || named.length === 0 ? inPaths : named;
  if (chosen.length === 0)
    return { mistake: 'There is no file test/**/*.test.ts. Write one, then run npm test again.' };
  return { files: chosen, names, install: !args.includes('--no-install') };
}

/** Names of tests stand in their files, unless they are put together from parts: then all files have to be asked. */
function mentions(file: string, names: readonly string[]): boolean {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return names.some((name) => text.includes(name));
}

/** All test files, as paths from the root of the repository. */
function findTestFiles(): string[] {
  const names = readdirSync(HERE, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .sort();
}

/** Whether one of these files, or a file under test/ that they import, imports test/support/real-parts.ts. */
function needRealParts(files: readonly string[]): boolean {
  const waiting = files.map((file) => join(ROOT, file));
  const seen = new Set<string>();
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file) || !file.startsWith(HERE) || !existsSync(file)) continue;
    seen.add(file);
    if (file === REAL_PARTS) return true;
    for (const [, imported = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)) {
      waiting.push(resolve(dirname(file), imported));
    }
  }
  return false;
}

/** Real parts for the tests; the test processes learn of them by environment variables. */
async function openParts(folder: string, install: boolean, signal: AbortSignal): Promise<Parts> {
  const env = process.env;
  const onNotice = (line: string) => console.error(line);
  const given = { redisUrl: env.REDIS_URL, dockerHost: env.DOCKER_HOST, registry: env.SLIPWAY_REGISTRY };
  const parts = await startParts({ dataDir: join(folder, 'parts'), install, env, ...given, onNotice }, signal);
  const cacheDir = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway');
  const images = { dockerHost: parts.dockerHost, names: ['busybox'], cacheDir, install, env, onNotice };
  await ensureBaseImages(images, signal).catch(async (error) => {
    await parts.close();
    throw error;
  });
  return parts;
}

function variablesFor(parts: Parts): Record<string, string> {
  const { redisUrl, dockerHost, registry } = REAL_PARTS_VARIABLES;
  return { [redisUrl]: parts.redisUrl, [dockerHost]: parts.dockerHost, [registry]: parts.registry };
}

/** Files that run together, and how many of them at once. */
interface Phase {
  readonly files: readonly string[];
  readonly concurrency: number;
}

/**
 * What goes through everything comes last and one after the other: a worker whose machine is busy with other tests is
 * taken for a lost one.
 */
function phasesOf({ files }: Choice): readonly Phase[] {
  const isWhole = (file: string) => file.startsWith(join('test', 'e2e'));
  const concurrency = Math.max(2, Math.min(4, availableParallelism()));
  const phases = [
    { files: files.filter((file) => !isWhole(file)), concurrency },
    { files: files.filter(isWhole), concurrency: 1 },
  ];
  return phases.filter((phase) => phase.files.length > 0);
}

/** Runs all tests and returns the exit code: that of the first phase that failed. */
async function runTests(
  choice: Choice,
  folder: RunFolder,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<number> {
  const codes: number[] = [];
  const reports: string[] = [];
  for (const [index, phase] of phasesOf(choice).entries()) {
    const report = join(folder.path, `report-${index}.tap`);
    reports.push(report);
    codes.push(await runPhase(phase, nodeArguments(choice, phase, report), folder, env, signal));
  }
  return noTestRan(choice, reports) ? USAGE : (codes.find((code) => code !== 0) ?? 0);
}

/** Runs Node's test runner to its end and returns its exit code; `signal` ends it and everything it started. */
async function runPhase(
  { files }: Phase,
  args: readonly string[],
  folder: RunFolder,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  // A group of its own: Ctrl-C reaches the tests through us, and nothing they start in it outlives them.
  const child = spawn(process.execPath, [...args, ...files], {
    cwd: ROOT,
    env: { ...process.env, ...env, TMPDIR: folder.temporary },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const end = () => endGroup(child);
  signal.addEventListener('abort', end);
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', end);
  killGroup(child, 'SIGKILL');
  signal.throwIfAborted();
  return code ?? 1;
}

/** For each test file, in ms; tests that repeat themselves get a minute more for each of their rounds. */
function timeoutMs(): number {
  return 600_000 + 60_000 * Number(process.env.SLIPWAY_TEST_ROUNDS ?? 0);
}

function nodeArguments(choice: Choice, { concurrency }: Phase, report: string): string[] {
  return [
    ...['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`, `--test-timeout=${timeoutMs()}`],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${report}`],
    ...choice.names.map((name) => `--test-name-pattern=${name}`),
  ];
}

/** Node's runner is content when a name pattern fits no test; whoever mistyped one should hear of it. */
function noTestRan(choice: Choice, reports: readonly string[]): boolean {
  if (choice.names.length === 0) return false;
  const text = reports.map((report) => readFileSync(report, 'utf8')).join('\n');
  const counts = [...text.matchAll(/^# (?:pass|fail|cancelled) (\d+)$/gm)];
  if (counts.some(([, count]) => count !== '0')) return false;
  console.error(
    `No test file's path and no test's name contains ${choice.names.map((name) => `"${name}"`).join(' or ')}.`,
  );
  return true;
}

function endGroup(child: ChildProcess): void {
  killGroup(child, 'SIGTERM');
  setTimeout(() => killGroup(child, 'SIGKILL'), 5_000).unref();
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(-pid, signal);
  } catch {
    // All of the group have ended.
  }
}

async function main(): Promise<number> {
  const choice = choose(process.argv.slice(2), findTestFiles());
  if ('mistake' in choice) {
    console.error(choice.mistake);
    return USAGE;
  }
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => interrupted.abort(new Error(`Ended by ${name}.`)));
  const folder = await openRunFolder();
  let parts: Parts | undefined;
  try {
    if (needRealParts(choice.files)) parts = await openParts(folder.path, choice.install, interrupted.signal);
    return await runTests(choice, folder, parts ? variablesFor(parts) : {}, interrupted.signal);
  } finally {
    await parts?.close();
    await folder.remove();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

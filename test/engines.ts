// The runner behind `npm run test:engines`: runs the tests of the engine side on each Docker Engine that has to stay
// working, one private engine after the other. `npm run test:engines -- [NAME…] [--no-install]`.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages, NEEDS } from '../src/embedded/packages.ts';
import { startEdition } from './support/engines/edition-engine.ts';
import { EDITIONS, type EngineEdition, RELEASES } from './support/engines/editions.ts';
import { type EditionResult, resultTable, works } from './support/engines/table.ts';
import { runTests, type TestRun } from './support/engines/test-run.ts';
import { unpackPackages } from './support/engines/unpacked-packages.ts';
import { openRunFolder } from './support/run-folder.ts';

/** What the runner behind `npm test` is asked for: everything that speaks to an engine, the main job end to end, and to cancel it. */
const TESTS = ['test/workers/engine/', 'test/e2e/hello.test.ts', 'test/e2e/cancel-phases.test.ts'];
/** A mistake in the call, as opposed to a failed test. */
const USAGE = 2;

const say = (line: string) => console.error(line);

interface Choice {
  readonly editions: readonly EngineEdition[];
  readonly install: boolean;
}

function choose(args: readonly string[]): Choice | { mistake: string } {
  const words = args.filter((arg) => arg !== '--no-install');
  const unknown = words.filter((word) => !EDITIONS.some(({ name }) => name === word));
  const names = EDITIONS.map(({ name }) => name).join(', ');
  if (unknown.length > 0) {
    return {
      mistake: `There is no engine ${unknown.join(', ')}. The call is: npm run test:engines -- [NAME…] [--no-install], the names: ${names}.`,
    };
  }
  const editions = EDITIONS.filter(({ name }) => words.length === 0 || words.includes(name));
  return { editions, install: !args.includes('--no-install') };
}

interface Surroundings {
  /** All that this run writes is inside. */
  readonly folder: string;
  readonly install: boolean;
}

/** Tests one edition. An edition that can not be had or started does not keep the others from being tested. */
async function testEdition(edition: EngineEdition, around: Surroundings, signal: AbortSignal): Promise<EditionResult> {
  const begin = performance.now();
  const done = () => ({ name: edition.name, seconds: (performance.now() - begin) / 1000 });
  say(`\n▸ Docker Engine ${edition.name}`);
  try {
    const tested = await runOn(edition, around, signal);
    return { ...tested, ...done(), kind: 'tested' };
  } catch (error) {
    signal.throwIfAborted();
    say(error instanceof Error ? error.message : String(error));
    return { ...done(), kind: 'broken' };
  }
}

/** Starts one edition, runs the tests on it, and ends it again. */
async function runOn(
  edition: EngineEdition,
  { folder, install }: Surroundings,
  signal: AbortSignal,
): Promise<{ version: string; storageDriver: string; tests: TestRun }> {
  const { env } = process;
  const cacheDir = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway/engines');
  const scratch = join(folder, `packages-${edition.name}`);
  const wanted = { packages: edition.packages, releases: RELEASES, cacheDir, scratch, env, onNotice: say };
  const programs = await unpackPackages(wanted, signal);
  const directory = join(folder, `engine-${edition.name}`);
  const engine = await startEdition({ edition, programs, directory, env, onNotice: say }, signal);
  try {
    const given = { ...env, DOCKER_HOST: engine.dockerHost };
    const tests = await runTests([...TESTS, ...(install ? [] : ['--no-install'])], given, signal);
    return { version: engine.facts.version, storageDriver: engine.storageDriver, tests };
  } finally {
    await engine.close();
  }
}

async function main(): Promise<number> {
  const choice = choose(process.argv.slice(2));
  if ('mistake' in choice) {
    say(choice.mistake);
    return USAGE;
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    say(
      'Only root on Linux can start private Docker Engines. Run this as root on Debian 12, ' +
        'or test the one engine you have: DOCKER_HOST=… npm test -- workers/engine e2e/hello',
    );
    return USAGE;
  }
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => interrupted.abort(new Error(`Ended by ${name}.`)));
  const needs = [NEEDS.iptables, NEEDS.ip, NEEDS.certificates];
  await ensurePackages(needs, { install: choice.install, env: process.env, onNotice: say }, interrupted.signal);
  const folder = await openRunFolder();
  const results: EditionResult[] = [];
  try {
    for (const edition of choice.editions) {
      results.push(await testEdition(edition, { folder: folder.path, install: choice.install }, interrupted.signal));
    }
  } finally {
    await folder.remove();
  }
  console.log(`\n${resultTable(results)}`);
  return results.every(works) ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);

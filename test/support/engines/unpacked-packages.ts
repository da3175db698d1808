import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findCommand } from '../../../src/embedded/find-command.ts';
import type { Environment } from '../../../src/embedded/packages.ts';

const run = promisify(execFile);
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Packages are fetched anew after this time, so that the engines do not stay without fixes for ever. */
const OLDEST_MS = 30 * 24 * 3600_000;
/** The file whose date says when a folder was filled. */
const MARK = '.unpacked';

/** Which packages are wanted. */
export interface UnpackOptions {
  /** As apt names them: `package/release`. */
  readonly packages: readonly string[];
  /** The Debian releases that are searched. */
  readonly releases: readonly string[];
  /** Kept between runs. */
  readonly cacheDir: string;
  /** An empty folder to work in, which the caller removes afterwards; created when missing. */
  readonly scratch: string;
  readonly env: Environment;
  readonly onNotice: (line: string) => void;
}

/**
 * The folder that these Debian packages are unpacked in, as if it were `/`. They are downloaded from the mirror that apt
 * uses already, and nothing of the system is changed: no package is installed and no apt source stays.
 */
export async function unpackPackages(options: UnpackOptions, signal: AbortSignal): Promise<string> {
  const { packages, cacheDir, env } = options;
  const why = whyNotHere(env);
  if (why) throw new Error(`The engines to be tested are Debian's packages, and ${why}.`);
  const name = createHash('sha256').update(packages.join()).digest('hex').slice(0, 12);
  const folder = join(cacheDir, name);
  // The folder itself has the date that the packages give it.
  const unpacked = await stat(join(folder, MARK)).catch(() => undefined);
  if (unpacked && Date.now() - unpacked.mtimeMs < OLDEST_MS) return folder;
  options.onNotice(`Downloading ${packages.join(', ')}.`);
  await mkdir(cacheDir, { recursive: true });
  const part = await mkdtemp(join(cacheDir, `${name}.part-`));
  try {
    await downloadAndUnpack(options, part, signal);
    await writeFile(join(part, MARK), '');
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return folder;
}

function whyNotHere(env: Environment): string | undefined {
  const missing = ['apt-get', 'dpkg-deb'].filter((name) => !findCommand([name], env.PATH));
  if (process.platform !== 'linux' || missing.length > 0) return 'this is no Debian system. Run this on Debian 12';
  if (!existsSync(KEYRING)) {
    return `${KEYRING}, which proves them genuine, is missing here. Run this on Debian 12, or install debian-archive-keyring`;
  }
  return undefined;
}

async function downloadAndUnpack(
  { packages, releases, scratch, env }: UnpackOptions,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  for (const name of ['lists/partial', 'archives/partial']) await mkdir(join(scratch, name), { recursive: true });
  const options = { cwd: scratch, env: { ...env, LC_ALL: 'C' }, maxBuffer: 64 << 20, signal };
  const mirror = await findMirror(options);
  const source = join(scratch, 'sources.list');
  await writeFile(source, releases.map((name) => `deb [signed-by=${KEYRING}] ${mirror} ${name} main\n`).join(''));
  const apt = ['apt-get', ...privateApt(scratch, source)];
  await runProgram([...apt, 'update'], options);
  await runProgram([...apt, 'download', ...packages], options);
  for (const file of (await readdir(scratch)).filter((name) => name.endsWith('.deb'))) {
    await runProgram(['dpkg-deb', '--extract', file, folder], options);
  }
}

/** Settings with which apt reads one list of sources and writes only below `folder` (apt.conf(5)). */
function privateApt(folder: string, sourceList: string): string[] {
  const settings = [
    `Dir::Etc::SourceList=${sourceList}`,
    'Dir::Etc::SourceParts=-',
    'Dir::Etc::Preferences=-',
    'Dir::Etc::PreferencesParts=-',
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}`,
    'APT::Update::Error-Mode=any', // else apt is content when there is no network at all
    'APT::Sandbox::User=root', // else apt warns that its own user can not write here
  ];
  return ['-q', ...settings.flatMap((setting) => ['-o', setting])];
}

interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly maxBuffer: number;
  readonly signal: AbortSignal;
}

/** The address of the Debian mirror that apt uses on this machine. */
async function findMirror(options: ProgramOptions): Promise<string> {
  const targets = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Label: Debian'];
  const ask = () => runProgram(['apt-get', ...targets], options);
  let mirrors = await ask();
  if (mirrors.trim() === '') {
    await runProgram(['apt-get', '-q', 'update'], options); // a fresh system does not know its sources' labels yet
    mirrors = await ask();
  }
  const [mirror] = mirrors.trim().split('\n');
  if (mirror) return mirror;
  throw new Error('apt on this machine has no Debian mirror among its sources. Run this on Debian 12.');
}

async function runProgram(words: readonly string[], options: ProgramOptions): Promise<string> {
  const [command = '', ...args] = words;
  try {
    return (await run(command, args, { ...options, encoding: 'utf8' })).stdout;
  } catch (error) {
    options.signal.throwIfAborted();
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').slice(-5) : [];
    throw new Error(
      `The engine's packages could not be had, because ${command} failed: ${said.join(' ') || error}\n` +
        'See whether apt reaches its mirror (apt-get update), and whether that mirror still has these releases.',
      { cause: error },
    );
  }
}

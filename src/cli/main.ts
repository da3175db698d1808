/** The main of the command line: everything of the process that commands may touch is taken here and handed down. */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { createRegistryClient } from '../adapters/registry/registry-client.ts';
import { createSecretSource } from '../adapters/secrets/secret-source.ts';
import { createTextReader } from '../adapters/text/text-reader.ts';
import { metadataProblem } from '../core/policy/address.ts';
import { readVersion } from '../version.ts';
import { runCli } from './program.ts';
import { usesColours } from './style.ts';
import type { Keyboard, Output, Terminal } from './terminal.ts';

const ASSUMED_COLUMNS = 100;

function createTerminal(): Terminal {
  const stdoutGone = new AbortController();
  // A reader that left (EPIPE), a full disk: nothing more can be printed there, the command decides what that means.
  process.stdout.on('error', (error) => stdoutGone.abort(error));
  process.stderr.on('error', () => undefined);
  return {
    stdin: process.stdin,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    keyboard: process.stdin.isTTY ? createKeyboard() : undefined,
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    platform: process.platform,
    processes: { own: process.pid, runs: isRunning },
    textReader: createTextReader(),
    registries: createRegistryClient({ check: metadataProblem }),
    secretSource: (stores) => createSecretSource(stores, Date.now),
    now: Date.now,
    randomBytes,
    onInterruption(handler) {
      const onInterrupt = () => handler('SIGINT');
      const onTerminate = () => handler('SIGTERM');
      process.on('SIGINT', onInterrupt);
      process.on('SIGTERM', onTerminate);
      return () => {
        process.off('SIGINT', onInterrupt);
        process.off('SIGTERM', onTerminate);
      };
    },
    stdoutGone: stdoutGone.signal,
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of somebody else (EPERM) is there; only ESRCH says that there is none.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function outputOf(stream: NodeJS.WriteStream): Output {
  const isTerminal = stream.isTTY === true;
  return {
    stream,
    isTerminal,
    colours: usesColours(isTerminal, process.env),
    columns: () => stream.columns ?? ASSUMED_COLUMNS,
  };
}

function createKeyboard(): Keyboard {
  return {
    listen(onKey) {
      const take = (data: Buffer) => {
        const text = data.toString('utf8');
        // A cursor key is one key although it comes as several characters; pasted text is many.
        for (const key of text.startsWith('\u001b') ? [text] : text) onKey(key);
      };
      process.stdin.setRawMode(true);
      process.stdin.on('data', take);
      process.stdin.resume();
      return () => {
        process.stdin.off('data', take);
        process.stdin.setRawMode(false);
        process.stdin.pause();
      };
    },
  };
}

// Every write was waited for, so nothing is lost by not waiting for idle connections and timers.
process.exit(await runCli(process.argv.slice(2), createTerminal(), readVersion()));

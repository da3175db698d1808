import { Readable, Writable } from 'node:stream';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import { createSecretSource } from '../../../src/adapters/secrets/secret-source.ts';
import { createTextReader } from '../../../src/adapters/text/text-reader.ts';
import { runCli } from '../../../src/cli/program.ts';
import type { Interruption, Keyboard, Output, Terminal } from '../../../src/cli/terminal.ts';

/** What a test says about the terminal; whatever is missing is a pipe in an empty environment. */
export interface TestTerminalOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly now?: () => number;
}

/** A terminal whose output can be read and on which signals and keys can be pressed. */
export interface TestTerminal extends Terminal {
  outText(): string;
  errText(): string;
  /** Sends a signal to whoever listens; false when nobody does. */
  signal(signal: Interruption): boolean;
  press(key: string): boolean;
  /** Resolves when standard error contains the words. */
  said(words: string): Promise<void>;
  /** Makes standard output fail as if its reader had left. */
  leaveStdout(): void;
}

/** Makes such a terminal. */
export function createTestTerminal(options: TestTerminalOptions = {}): TestTerminal {
  const isTerminal = options.isTerminal === true;
  const out = createOutput(isTerminal, options.columns ?? 80);
  const err = createOutput(isTerminal, options.columns ?? 80);
  const signalListeners = new Set<(signal: Interruption) => void>();
  const keyListeners = new Set<(key: string) => void>();
  const gone = new AbortController();
  const keyboard: Keyboard = { listen: (onKey) => add(keyListeners, onKey) };
  return {
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout: out.output,
    stderr: err.output,
    keyboard: isTerminal ? keyboard : undefined,
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    home: options.env?.HOME ?? '/nowhere',
    platform: 'linux',
    processes: { own: 1, runs: () => true },
    textReader: createTextReader(),
    registries: createRegistryClient(),
    secretSource: (stores) => createSecretSource(stores, Date.now),
    now: options.now ?? Date.now,
    randomBytes: (count) => new Uint8Array(count),
    onInterruption: (handler) => add(signalListeners, handler),
    stdoutGone: gone.signal,
    outText: out.text,
    errText: err.text,
    signal: (signal) => tell(signalListeners, signal),
    press: (key) => tell(keyListeners, key),
    said: err.said,
    leaveStdout: () => gone.abort(new Error('EPIPE')),
  };
}

/** Carries out a command line; answers its exit code and what it printed. */
export async function slipway(args: readonly string[], options: TestTerminalOptions = {}) {
  const terminal = createTestTerminal(options);
  const code = await runCli(args, terminal, '1.2.3');
  return { code, out: terminal.outText(), err: terminal.errText() };
}

function createOutput(isTerminal: boolean, columns: number) {
  let text = '';
  const waiting = new Set<() => void>();
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      for (const wake of waiting) wake();
      done();
    },
  });
  const output: Output = { stream, isTerminal, colours: false, columns: () => columns };
  return {
    output,
    text: () => text,
    async said(words: string) {
      while (!text.includes(words)) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}

function add<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): boolean {
  const all = [...listeners];
  for (const listener of all) listener(value);
  return all.length > 0;
}

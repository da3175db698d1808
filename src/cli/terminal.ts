import type { Readable, Writable } from 'node:stream';
import type { SecretProviders } from '../core/secret/secret-providers.ts';
import type { RegistryClient } from '../ports/registry-client.ts';
import type { SecretSource } from '../ports/secret-source.ts';
import type { TextReader } from '../ports/text-reader.ts';

/** A stream that text is printed to. */
export interface Output {
  readonly stream: Writable;
  /** Whether a person sees it: then lines may be redrawn and control characters are made harmless. */
  readonly isTerminal: boolean;
  /** Whether colours may be used. */
  readonly colours: boolean;
  /** Width in characters now; a fixed guess when it is no terminal. */
  columns(): number;
}

/** Keys pressed by a person, read one by one. */
export interface Keyboard {
  /** Hands over each key as text (Ctrl-C is \u0003) until the returned function is called. */
  listen(onKey: (key: string) => void): () => void;
}

/** The processes of this machine, by their numbers. */
export interface Processes {
  /** The one that runs the command. */
  readonly own: number;
  /** Whether there is such a process, of whatever program. */
  runs(pid: number): boolean;
}

/** The signals that the commands answer to. */
export type Interruption = 'SIGINT' | 'SIGTERM';

/**
 * Everything a command may touch of the process that it runs in. Made once, in main.ts; tests make their own. That is
 * why no other file of this folder reads `process`, the clock or the console.
 */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Absent when standard input is not a terminal. */
  readonly keyboard: Keyboard | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly processes: Processes;
  /** Reads what a task file refers to. */
  readonly textReader: TextReader;
  /** For the executing side, when a command brings it along. */
  readonly registries: RegistryClient;
  /** The secrets that are in these stores. */
  secretSource(stores: SecretProviders): SecretSource;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  randomBytes(count: number): Uint8Array;
  /** Calls `handler` for each such signal until the returned function is called; the process does not end by itself. */
  onInterruption(handler: (signal: Interruption) => void): () => void;
  /** Aborts when nobody reads standard output any more (`slipway logs … | head`). */
  readonly stdoutGone: AbortSignal;
}

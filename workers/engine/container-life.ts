import type { Readable } from 'node:stream';
import type { Container } from 'dockerode';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { EngineConnection } from './connection.ts';
import type { StepContainer } from './create-options.ts';
import { demultiplex } from './demultiplex.ts';
import { EngineFault, engineFault, refusalOf } from './engine-error.ts';
import { inBody } from './in-body.ts';
import { textField } from './json-stream.ts';
import { createOutputGate } from './output-gate.ts';
import { endsWithin } from './race-abort.ts';
import { removeUntilGone } from './removal.ts';

/** How long a container may take to end after it was asked to; then it is killed. */
const POLITE_SECONDS = 1;
/** How long the engine may take to stop and remove a container. */
const STOP_MS = 10_000;
/** How long to wait for the rest of the output of a container that is gone. */
const OUTPUT_REST_MS = 500;

/** A container that was started. */
export interface RunningContainer {
  /** Resolves with the exit code when it ends; rejects when the engine breaks off. */
  readonly exited: Promise<number>;
  /** Resolves when all output was handed over. */
  readonly outputEnded: Promise<void>;
  /** Whether the engine's machine killed it for want of memory; asked after its end. */
  ranOutOfMemory(): Promise<boolean>;
  /** Removes it after its end. */
  remove(): Promise<void>;
  /** Asks it to end, kills it when it does not, and removes it. */
  stop(): Promise<void>;
}

/** What the engine had against a container. */
export type Refused = { readonly kind: 'refused'; readonly status: number; readonly message: string };

/** A started container, or what the engine had against it. */
export type Started = { readonly kind: 'running'; readonly container: RunningContainer } | Refused;

/** A container that waits to be started; either that or `discard` is called, once. */
export interface MadeContainer {
  readonly kind: 'made';
  /**
   * Starts it, with its output going to `output`. Nothing of it is left when it was refused. Rejects for faults, and
   * with `signal.reason` when that has aborted before.
   */
  start(output: Pick<StepOutput, 'write'>, signal: AbortSignal): Promise<Started>;
  /** Removes it. */
  discard(): Promise<void>;
}

/**
 * Makes a container. Nothing of its life will be missed: the attachment and the wait for its end are in place when this
 * resolves. Nothing of it is left when it was refused. Rejects for faults, and with `signal.reason` when that aborts
 * before, also long after: an engine may be slow to make a container.
 */
export async function makeContainer(
  connection: EngineConnection,
  { name, ...options }: StepContainer,
  signal: AbortSignal,
): Promise<MadeContainer | Refused> {
  let container: Container | undefined;
  const streams: Readable[] = [];
  try {
    container = await connection.docker.createContainer(inBody(options, { name }));
    const keep = (stream: Readable) => {
      streams.push(stream);
      return stream;
    };
    const [attached, waiting] = await Promise.all([
      attach(container).then(keep),
      waitForExit(connection, container.id).then(keep),
    ]);
    signal.throwIfAborted();
    return madeContainer(connection, container, attached, waiting);
  } catch (error) {
    for (const stream of streams) stream.destroy();
    if (container !== undefined) await removeContainer(connection, container);
    return refusedOr(error);
  }
}

function madeContainer(
  connection: EngineConnection,
  container: Container,
  attached: Readable,
  waiting: Readable,
): MadeContainer {
  // While nobody reads them, a broken connection must not end the process; whoever reads them meets it then.
  attached.on('error', () => {});
  waiting.on('error', () => {});
  const discard = async () => {
    attached.destroy();
    waiting.destroy();
    await removeContainer(connection, container);
  };
  return {
    kind: 'made',
    discard,
    async start(output, signal) {
      try {
        signal.throwIfAborted();
        await container.start();
        return { kind: 'running', container: follow(connection, container, attached, waiting, output) };
      } catch (error) {
        await discard();
        return refusedOr(error);
      }
    },
  };
}

function refusedOr(error: unknown): Refused {
  const refusal = refusalOf(error);
  if (refusal === undefined) throw error;
  return { kind: 'refused', ...refusal };
}

/** Removes a container, running or not; rejects when the engine does not do it in time. */
export function removeContainer(
  connection: EngineConnection,
  { id }: Container,
  limit: AbortSignal = AbortSignal.timeout(STOP_MS),
): Promise<void> {
  return removeUntilGone(connection, { kind: 'container', id }, limit);
}

async function attach(container: Container): Promise<Readable> {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true, hijack: true });
  // The library types it as a duplex of the old kind; an upgraded request gives a socket.
  return stream as unknown as Readable;
}

/** The engine sends the headers of this answer when it has begun to wait, and the body when the container ends. */
function waitForExit(connection: EngineConnection, id: string): Promise<Readable> {
  return connection.stream({
    method: 'POST',
    path: `/containers/${id}/wait`,
    // A container that is only created counts as "not running" already.
    query: { condition: 'next-exit' },
  });
}

function follow(
  connection: EngineConnection,
  container: Container,
  attached: Readable,
  waiting: Readable,
  output: Pick<StepOutput, 'write'>,
): RunningContainer {
  const exited = readExitCode(waiting).catch((error: unknown) => {
    throw engineFault(connection.address, error);
  });
  const gate = createOutputGate(output);
  const outputEnded = demultiplex(attached, gate.write);
  // Whoever waits for them gets the errors; when nobody does any more, they must not end the process.
  exited.catch(() => {});
  outputEnded.catch(() => {});
  return {
    exited,
    outputEnded,
    ranOutOfMemory: async () => (await container.inspect()).State.OOMKilled,
    remove: () => removeContainer(connection, container),
    async stop() {
      gate.open();
      const limit = AbortSignal.timeout(STOP_MS);
      try {
        await container.stop({ t: POLITE_SECONDS, abortSignal: limit }).catch(ignoreRefusal);
        await removeContainer(connection, container, limit);
        await endsWithin(outputEnded, OUTPUT_REST_MS);
      } finally {
        attached.destroy();
        waiting.destroy();
      }
    },
  };
}

async function readExitCode(waiting: Readable): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of waiting) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') throw new EngineFault('The engine stopped waiting for a container before it ended.');
  const answer: unknown = JSON.parse(text);
  const problem = typeof answer === 'object' && answer !== null && 'Error' in answer ? answer.Error : undefined;
  const message = textField(problem, 'Message');
  if (message !== undefined && message !== '') throw new EngineFault(`The engine lost a container: ${message}`);
  if (typeof answer === 'object' && answer !== null && 'StatusCode' in answer) return Number(answer.StatusCode);
  throw new EngineFault(`The engine answered a wait with ${text.slice(0, 200)}`);
}

function ignoreRefusal(error: unknown): void {
  if (refusalOf(error) === undefined) throw error;
}

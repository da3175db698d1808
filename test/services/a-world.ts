import { createSecretBox } from '../../src/adapters/secrets/secret-box.ts';
import { KEY_BYTES } from '../../src/core/secret/secret-keys.ts';
import type { LogStream } from '../../task-schemas/index.ts';
import { createMemoryBlobStore } from '../support/fakes/blob-store.ts';
import { createMemoryDecisionStore } from '../support/fakes/decision-store.ts';
import { createMemoryLogStore } from '../support/fakes/log-store.ts';
import { runIdOf } from '../support/fakes/run.ts';
import { createMemoryRunQueue } from '../support/fakes/run-queue.ts';
import { createMemoryRunStore } from '../support/fakes/run-store.ts';
import { createMemoryTaskStore } from '../support/fakes/task-store.ts';

/** Stores in memory, an operator's log (its lines: fields, message, fault), a clock that stands still unless it is set, and ids in order. */
export function aWorld() {
  const runStore = createMemoryRunStore();
  const clock = { now: 1_000_000 };
  const told: string[] = [];
  const log = ({ err, ...fields }: { readonly err?: unknown }, message: string): void => {
    const parts = [...Object.values(fields), message, ...(err instanceof Error ? [err.message] : [])];
    told.push(parts.join(': '));
  };
  let runs = 0;
  let uploads = 0;
  return {
    clock,
    told,
    runStore,
    logStore: createMemoryLogStore({ runs: runStore }),
    blobStore: createMemoryBlobStore({ now: () => clock.now }),
    runQueue: createMemoryRunQueue(),
    taskStore: createMemoryTaskStore(),
    decisionStore: createMemoryDecisionStore(),
    registry: 'registry.test:5000',
    platform: 'linux/amd64',
    pool: 'default',
    secretBox: createSecretBox([Buffer.alloc(KEY_BYTES, 7)]),
    imageAliases: new Map<string, string>(),
    logLifeMs: 30 * 86_400_000,
    now: () => clock.now,
    newRunId: () => runIdOf(++runs),
    newUploadId: () => `u${String(++uploads).padStart(15, '0')}`,
    operatorLog: { info: log, warn: log, error: log },
  };
}

export type World = ReturnType<typeof aWorld>;

/** A chunk to append: lines of step `build`, or of the engine. */
export function lines(text: string, stream: LogStream = 'stdout', at = 1) {
  return { at, stream, text, ...(stream === 'engine' ? {} : { step: 'build' }) };
}

/** Everything an iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

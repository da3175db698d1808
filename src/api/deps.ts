import type { FastifyBaseLogger } from 'fastify';
import type { BlobStore } from '../ports/blob-store.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import type { LogStore } from '../ports/log-store.ts';
import type { RunQueue } from '../ports/run-queue.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { SecretBox } from '../ports/secret-box.ts';
import type { TaskStore } from '../ports/task-store.ts';

/** Who may use the API. `name` is shown as who asked for a run. */
export interface ApiToken {
  readonly name: string;
  readonly token: string;
}

/** Everything the API is made of. Nothing of it is closed by the API. */
export interface ApiDeps {
  readonly runStore: RunStore;
  readonly runQueue: RunQueue;
  readonly logStore: LogStore;
  readonly blobStore: BlobStore;
  readonly taskStore: TaskStore;
  readonly decisionStore: DecisionStore;
  readonly secretBox: SecretBox;
  readonly tokens: readonly ApiToken[];
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** host[:port] behind `{{.Run.Registry}}`. */
  readonly registry: string;
  /** What a run gets that asks for nothing else: os/architecture, and the pool. */
  readonly platform: string;
  readonly pool: string;
  /** As the workers have it: images for names that a `cmd` may begin with. */
  readonly imageAliases: ReadonlyMap<string, string>;
  readonly limits: ApiLimits;
  /** Milliseconds since the epoch. */
  now(): number;
  newRunId(): string;
  newUploadId(): string;
  newRequestId(): string;
  /** Between two signs of life on a quiet event stream, in ms; default 15 s. */
  readonly heartbeatMs?: number;
  /** How long an upload may bring nothing before it is given up, in ms; default 60 s. */
  readonly uploadSilenceMs?: number;
}

/** Sizes in bytes. */
export interface ApiLimits {
  /** An uploaded archive as received. */
  readonly uploadBytes: number;
  /** The unpacked source of a run; the worker enforces it, the API only tells it. */
  readonly sourceBytes: number;
}

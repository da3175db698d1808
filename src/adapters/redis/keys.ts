import type { RunStatus } from '../../../task-schemas/index.ts';

/**
 * The names of everything Slipway keeps in Redis. All begin with one hash tag, `{prefix}:`, so that in a Redis Cluster
 * they lie in one slot and scripts may touch several of them.
 */
export interface RedisKeys {
  /** Hash of a run: `record` (JSON), `rev` (counts changes), `attempt` (the fencing token), `sealed` (secrets), `writes` (see script.ts). */
  run(runId: string): string;
  /** Stream of a run's log: one entry per chunk, entry id `<number of its last line>-0`. */
  log(runId: string): string;
  /** Hash beside the stream: `last` line number, `bytes` used, `full`, `writes`. */
  logState(runId: string): string;
  /** Sorted sets of `<time>:<run id>` (run-index.ts). */
  readonly allRuns: string;
  runsByStatus(status: RunStatus): string;
  runsByTask(task: string): string;
  runsByImage(image: string): string;
  /** Those that have ended and whose log is to be archived. */
  readonly runsLogDue: string;
  /** Hash of a task by its key: `record` (JSON), `rev`, `sealed` (its secrets, encrypted), `timers` (names, with commas), `writes`. */
  task(key: string): string;
  /** Sorted set of the keys of all tasks, all with score 0. */
  readonly allTasks: string;
  /** Sorted set of `<key of task>/<timer>`; the score is when it is due, in ms. */
  readonly timers: string;
  /** Hash of a decision: `record` (JSON). */
  decision(id: string): string;
  /** Sorted sets of `<time>:<decision id>`, as with runs. */
  readonly allDecisions: string;
  decisionsByTask(key: string): string;
  /** Channels: a message on them means "look again", nothing else. */
  runChanged(runId: string): string;
  logGrew(runId: string): string;
  /** Hash of a build: when its instructions were noted and how long they took (build-times.ts). */
  buildTimes(build: string): string;
  /** Name of the installation whose data lies here. */
  readonly installation: string;
  /** Says for a while that a write was done whose other traces are gone. */
  written(writeToken: string): string;
  /** Counter from which every connection takes a number of its own. */
  readonly writers: string;
  /** Prefix handed to BullMQ; a level of its own, so that no pool's name can meet another key. */
  readonly queues: string;
}

/** The keys under a prefix, for example `slipway`; braces in it are not allowed, they are the hash tag. */
export function createKeys(prefix: string): RedisKeys {
  if (!/^[^{}]+$/.test(prefix)) throw new Error(`The Redis key prefix "${prefix}" must be a name without braces.`);
  const tag = `{${prefix}}`;
  return {
    run: (runId) => `${tag}:run:${runId}`,
    log: (runId) => `${tag}:log:${runId}`,
    logState: (runId) => `${tag}:log-state:${runId}`,
    installation: `${tag}:installation`,
    allRuns: `${tag}:runs`,
    runsByStatus: (status) => `${tag}:runs:status:${status}`,
    runsByTask: (task) => `${tag}:runs:task:${task}`,
    runsByImage: (image) => `${tag}:runs:image:${image}`,
    runsLogDue: `${tag}:runs:log-due`,
    task: (key) => `${tag}:task:${key}`,
    allTasks: `${tag}:tasks`,
    timers: `${tag}:timers`,
    decision: (id) => `${tag}:decision:${id}`,
    allDecisions: `${tag}:decisions`,
    decisionsByTask: (key) => `${tag}:decisions:task:${key}`,
    runChanged: (runId) => `${tag}:run-changed:${runId}`,
    logGrew: (runId) => `${tag}:log-grew:${runId}`,
    buildTimes: (build) => `${tag}:build-times:${build}`,
    written: (writeToken) => `${tag}:written:${writeToken}`,
    writers: `${tag}:writers`,
    queues: `${tag}:queue`,
  };
}

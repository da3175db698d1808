/**
 * The client of Slipway's native API, for the command line, the web pages and the tests. Uses `fetch` alone, so it runs
 * in Node and in a browser. Every call rejects with `ApiFailure` when the server refuses it, with `ServerUnreachable`
 * when no Slipway server answers, and with the signal's reason when it is aborted.
 */
import type {
  Decision,
  DecisionPage,
  Run,
  RunPage,
  RunQuery,
  RunRequest,
  ServerInfo,
  Task,
  TaskDefinition,
  TaskPage,
  TaskPatch,
  TaskRunOverrides,
  Upload,
} from '../../task-schemas/index.ts';
import { type FollowEvent, type FollowPatience, followRun, normalPatience } from './follow.ts';
import { queryString } from './query-string.ts';
import { createTransport } from './transport.ts';

/** Where the server is and how to be let in. */
export interface ClientOptions {
  /** http(s)://host[:port][/path]; a trailing slash does not matter. */
  readonly server: string;
  /** Sent as `Authorization: Bearer …`; undefined: no such header. */
  readonly token: string | undefined;
  /** How a broken event stream is picked up again. */
  readonly patience?: FollowPatience;
}

/** The bytes of an upload. An error it throws is what `upload` rejects with. */
export type UploadBody = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Which decisions to list. */
export interface DecisionQuery {
  readonly task?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

/** Which tasks to list. */
export interface TaskQuery {
  readonly tags?: readonly string[];
  readonly cursor?: string;
  readonly limit?: number;
}

export type { FollowEvent } from './follow.ts';

/** Everything the API offers, typed. */
export interface SlipwayClient {
  /** The server's address without a final slash. */
  readonly server: string;
  /** What a client needs to know of the server; also the cheapest way to try server and token. */
  info(signal?: AbortSignal): Promise<ServerInfo>;
  /** Streams an archive to the server. `contentType`: application/gzip or application/x-tar. */
  upload(body: UploadBody, contentType: string, signal?: AbortSignal): Promise<Upload>;
  /** Queues a run and answers its first record. */
  schedule(request: RunRequest, signal?: AbortSignal): Promise<Run>;
  /** The record of a run. */
  getRun(runId: string, signal?: AbortSignal): Promise<Run>;
  /** One page of runs, newest first. */
  listRuns(query: RunQuery, signal?: AbortSignal): Promise<RunPage>;
  /** Asks that a run be canceled; answers the record after the request. */
  cancelRun(runId: string, signal?: AbortSignal): Promise<Run>;
  /** Keeps the log of a run when its time is over, or lets it go; answers the record after that. */
  keepLog(runId: string, keep: boolean, signal?: AbortSignal): Promise<Run>;
  /**
   * The run as it goes on: its log from line `after` + 1 (default 1) and its record after each change. Ends when the run
   * has ended and every line was delivered. A broken connection is made again where it broke, until the server has
   * been away for the time stated in `patience`; then it rejects with `ServerUnreachable`. A server that never answered
   * this client is not waited for. Ends without error when `signal` aborts.
   */
  follow(runId: string, options?: { readonly after?: number }, signal?: AbortSignal): AsyncIterable<FollowEvent>;
  /** The log so far as plain text, UTF-8, each line with \n. */
  log(runId: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** A stored task. */
  getTask(name: string, signal?: AbortSignal): Promise<Task>;
  /** One page of tasks, by name; `tags`: NAME or NAME=VALUE, all of which they must have. */
  listTasks(query: TaskQuery, signal?: AbortSignal): Promise<TaskPage>;
  /** Writes a task; with `revision` only on top of that one (0: only when there is none yet). */
  putTask(name: string, definition: TaskDefinition, revision?: number, signal?: AbortSignal): Promise<Task>;
  /** Changes parts of a task; `revision` as above. */
  patchTask(name: string, patch: TaskPatch, revision?: number, signal?: AbortSignal): Promise<Task>;
  /** Deletes a task; its runs stay. */
  deleteTask(name: string, signal?: AbortSignal): Promise<void>;
  /** A decision of the ledger. */
  getDecision(id: string, signal?: AbortSignal): Promise<Decision>;
  /** One page of decisions, newest first. */
  listDecisions(query: DecisionQuery, signal?: AbortSignal): Promise<DecisionPage>;
  /** Queues a run of a task and answers its first record. */
  runTask(name: string, overrides: TaskRunOverrides, signal?: AbortSignal): Promise<Run>;
}

/** A client for one server. Opens nothing until it is used. Throws `ServerUnreachable` when `server` is no http(s) URL. */
export function createClient(options: ClientOptions): SlipwayClient {
  const transport = createTransport(options.server, options.token);
  const patience = options.patience ?? normalPatience;
  return {
    server: transport.server,
    info: (signal) => transport.json<ServerInfo>({ path: '/v1/info' }, 'version', signal),
    upload: (body, contentType, signal) =>
      transport.send<Upload>({ path: '/v1/uploads', body, contentType }, 'uploadId', signal),
    schedule: (request, signal) =>
      transport.json<Run>({ method: 'POST', path: '/v1/runs', body: request }, 'id', signal),
    getRun: (runId, signal) => transport.json<Run>({ path: runPath(runId) }, 'id', signal),
    listRuns: (query, signal) => transport.json<RunPage>({ path: `/v1/runs${queryString(query)}` }, 'runs', signal),
    cancelRun: (runId, signal) =>
      transport.json<Run>({ method: 'POST', path: `${runPath(runId)}/cancel` }, 'id', signal),
    keepLog: (runId, keepLog, signal) =>
      transport.json<Run>({ method: 'PATCH', path: runPath(runId), body: { keepLog } }, 'id', signal),
    follow: (runId, from, signal) =>
      followRun(transport, `${runPath(runId)}/events`, from?.after ?? 0, patience, signal),
    log: (runId, signal) => transport.stream({ path: `${runPath(runId)}/log` }, 'text/plain', signal),
    getTask: (name, signal) => transport.json<Task>({ path: taskPath(name) }, 'name', signal),
    listTasks: ({ tags, ...query }, signal) =>
      transport.json<TaskPage>({ path: `/v1/tasks${queryString({ ...query, tag: tags })}` }, 'tasks', signal),
    putTask: (name, body, revision, signal) =>
      transport.json<Task>({ method: 'PUT', path: taskPath(name), body, ...onTopOf(revision) }, 'name', signal),
    patchTask: (name, body, revision, signal) =>
      transport.json<Task>({ method: 'PATCH', path: taskPath(name), body, ...onTopOf(revision) }, 'name', signal),
    deleteTask: (name, signal) => transport.nothing({ method: 'DELETE', path: taskPath(name) }, signal),
    getDecision: (id, signal) =>
      transport.json<Decision>({ path: `/v1/decisions/${encodeURIComponent(id)}` }, 'occurrence', signal),
    listDecisions: (query, signal) =>
      transport.json<DecisionPage>({ path: `/v1/decisions${queryString({ ...query })}` }, 'decisions', signal),
    runTask: (name, body, signal) =>
      transport.json<Run>({ method: 'POST', path: `${taskPath(name)}/runs`, body }, 'id', signal),
  };
}

function taskPath(name: string): string {
  return `/v1/tasks/${encodeURIComponent(name)}`;
}

function onTopOf(revision: number | undefined) {
  return revision === undefined ? {} : { headers: { 'if-match': `"${revision}"` } };
}

function runPath(runId: string): string {
  return `/v1/runs/${encodeURIComponent(runId)}`;
}

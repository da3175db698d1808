/**
 * The catalogue: every error this API can answer with. Each entry has its status, its stable code, what happened with the
 * offending value, and what to do about it.
 */
import type { Diagnostic, Run } from '../../task-schemas/index.ts';

/** The stable names of all errors. */
export const PROBLEM_CODES = [
  'token-missing',
  'token-wrong',
  'route-unknown',
  'method-not-allowed',
  'url-invalid',
  'message-invalid',
  'body-not-json',
  'body-too-large',
  'media-type-unsupported',
  'request-invalid',
  'run-unknown',
  'run-id-invalid',
  'run-ended',
  'task-invalid',
  'cursor-invalid',
  'upload-unknown',
  'upload-empty',
  'upload-not-archive',
  'upload-too-large',
  'upload-no-space',
  'upload-broken-off',
  'upload-stalled',
  'log-deleted',
  'task-unknown',
  'task-name-invalid',
  'task-definition-invalid',
  'task-changed',
  'task-disabled',
  'revision-invalid',
  'secrets-unreadable',
  'decision-unknown',
  'range-unsatisfiable',
  'store-unavailable',
  'server-closing',
  'internal',
] as const;
/** One of these codes. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** An error on its way to the client; thrown by handlers, turned into an `ApiError` by the error handler alone. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: ProblemCode;
  readonly hint: string;
  readonly details: readonly Diagnostic[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: ProblemCode, message: string, hint: string, more: More = {}) {
    super(message, { cause: more.cause });
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.details = more.details ?? [];
    this.headers = more.headers ?? {};
  }
}

interface More {
  readonly details?: readonly Diagnostic[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

const TOKEN_HINT =
  'Send "Authorization: Bearer TOKEN" with the token the server was started with; `slipway login` stores it.';

/** One function per error; sizes in bytes. */
export const problems = {
  tokenMissing: (challenge: string) =>
    new ApiProblem(401, 'token-missing', 'The request has no token.', TOKEN_HINT, {
      headers: { 'www-authenticate': challenge },
    }),
  tokenWrong: (challenge: string) =>
    new ApiProblem(401, 'token-wrong', 'The token is not one of this server’s.', TOKEN_HINT, {
      headers: { 'www-authenticate': `${challenge}, error="invalid_token"` },
    }),

  routeUnknown: (method: string, path: string) =>
    new ApiProblem(
      404,
      'route-unknown',
      `There is no ${method} ${path}.`,
      'GET /openapi.json lists what there is; /docs shows it.',
    ),
  methodNotAllowed: (method: string, path: string, allowed: readonly string[]) =>
    new ApiProblem(405, 'method-not-allowed', `${path} does not take ${method}.`, `It takes ${allowed.join(', ')}.`, {
      headers: { allow: allowed.join(', ') },
    }),
  urlInvalid: (url: string) =>
    new ApiProblem(400, 'url-invalid', `The URL ${url} cannot be decoded.`, 'Write a literal % as %25.'),
  messageInvalid: (status: number, reason: string) =>
    new ApiProblem(
      status,
      'message-invalid',
      `The HTTP message cannot be read: ${reason}.`,
      'Check the client or the proxy before the server.',
    ),

  bodyNotJson: (reason: string) =>
    new ApiProblem(400, 'body-not-json', `The body is not JSON: ${reason}.`, 'Send one JSON object, encoded as UTF-8.'),
  bodyTooLarge: (limitBytes: number) =>
    new ApiProblem(
      413,
      'body-too-large',
      `The body is larger than ${sized(limitBytes)}.`,
      'Put large files into the source and upload that (POST /v1/uploads).',
    ),
  mediaTypeUnsupported: (given: string | undefined, accepted: readonly string[]) =>
    new ApiProblem(
      415,
      'media-type-unsupported',
      given === undefined ? 'The request has no Content-Type.' : `This route does not take bodies of type ${given}.`,
      `Send it as ${accepted.join(' or ')}.`,
    ),
  requestInvalid: (details: readonly Diagnostic[]) =>
    new ApiProblem(400, 'request-invalid', summary('The request', details), 'Correct what `details` names.', {
      details,
    }),

  runUnknown: (runId: string) =>
    new ApiProblem(
      404,
      'run-unknown',
      `There is no run ${runId}.`,
      '`slipway runs` (GET /v1/runs) lists the runs of this server.',
    ),
  runIdInvalid: (runId: string) =>
    new ApiProblem(
      404,
      'run-id-invalid',
      `"${runId}" is not the id of a run.`,
      'An id is the letter r and seven more digits or letters (never i, l, o or u), like r4k2m8x1; `slipway runs` (GET /v1/runs) lists them.',
    ),
  runEnded: (run: Run) =>
    new ApiProblem(409, 'run-ended', `Run ${run.id} has ended as ${run.status}.`, 'Nothing is left to cancel.'),
  logDeleted: (run: Run) =>
    new ApiProblem(
      410,
      'log-deleted',
      `The log of run ${run.id} was deleted on ${new Date(run.logDeletedAt ?? 0).toISOString()}, when its time was over.`,
      'Keep the log of a run with `slipway keep` before that, or let the server keep all longer (SLIPWAY_LOG_DAYS).',
    ),
  taskInvalid: (details: readonly Diagnostic[]) =>
    new ApiProblem(
      422,
      'task-invalid',
      summary('The task', details),
      'Correct what `details` names; `slipway plan` checks a task without running it.',
      { details },
    ),
  taskUnknown: (name: string) =>
    new ApiProblem(
      404,
      'task-unknown',
      `There is no task ${name}.`,
      '`slipway task list` (GET /v1/tasks) lists the tasks of this server.',
    ),
  taskNameInvalid: (name: string) =>
    new ApiProblem(
      400,
      'task-name-invalid',
      `"${name}" cannot be the name of a task.`,
      'A name has 1 to 50 letters, digits, "-" and "_", and begins with a letter or a digit.',
    ),
  taskDefinitionInvalid: (details: readonly Diagnostic[]) =>
    new ApiProblem(422, 'task-definition-invalid', summary('The task', details), 'Correct what `details` names.', {
      details,
    }),
  taskChanged: (name: string, revision: number) =>
    new ApiProblem(
      412,
      'task-changed',
      revision === 0 ? `There is no task ${name} yet, or no more.` : `Task ${name} is at revision ${revision} by now.`,
      'Read it again, and make the change on top of what it is now.',
    ),
  taskDisabled: (name: string) =>
    new ApiProblem(
      409,
      'task-disabled',
      `Task ${name} is disabled.`,
      'Enable it (`slipway task update NAME --status Enabled`), then run it.',
    ),
  revisionInvalid: (given: string) =>
    new ApiProblem(
      400,
      'revision-invalid',
      `If-Match is ${given}, which is not a revision.`,
      'Send the ETag of the task as it was read, like "3", or leave the header out.',
    ),
  secretsUnreadable: (name: string, cause: Error) =>
    new ApiProblem(
      409,
      'secrets-unreadable',
      `The secrets of task ${name} cannot be read. ${cause.message}`,
      'Bring its key back (SLIPWAY_SECRET_KEYS, or secret-key of the data folder), or set all secrets of the task anew in one change.',
      { cause },
    ),
  decisionUnknown: (id: string) =>
    new ApiProblem(
      404,
      'decision-unknown',
      `There is no decision ${id}.`,
      'Decisions are kept for 90 days; `slipway triggers log` (GET /v1/decisions) lists them.',
    ),
  cursorInvalid: (cursor: string) =>
    new ApiProblem(
      400,
      'cursor-invalid',
      `"${cursor}" is not a cursor of this server.`,
      'Use `nextCursor` of the page before as it is, or leave `cursor` out.',
    ),

  uploadUnknown: (uploadId: string) =>
    new ApiProblem(
      422,
      'upload-unknown',
      `There is no upload ${uploadId}.`,
      'Uploads are kept for a day: upload the source again and use the id in the answer.',
    ),
  uploadEmpty: () =>
    new ApiProblem(
      400,
      'upload-empty',
      'The upload has no content.',
      'Send a tar archive, plain or compressed with gzip, as the body.',
    ),
  uploadNotArchive: (looksLike: string) =>
    new ApiProblem(
      415,
      'upload-not-archive',
      `The upload is neither a tar archive nor gzip; it looks like ${looksLike}.`,
      'Pack the source with `tar -cz`, or let `slipway build` do it.',
    ),
  uploadTooLarge: (limitBytes: number) =>
    new ApiProblem(
      413,
      'upload-too-large',
      `The upload is larger than ${sized(limitBytes)}.`,
      'Leave out what the build does not need (.dockerignore), or raise the limit of the server.',
    ),
  uploadNoSpace: () =>
    new ApiProblem(
      507,
      'upload-no-space',
      'The server’s disk is full: the upload was not kept.',
      'Free space where the server keeps its data, then upload again.',
    ),
  uploadBrokenOff: (cause: unknown) =>
    new ApiProblem(400, 'upload-broken-off', 'The upload broke off before its end.', 'Upload again.', { cause }),
  uploadStalled: (afterMs: number) =>
    new ApiProblem(
      408,
      'upload-stalled',
      `The upload stalled: nothing came for ${afterMs / 1000} s.`,
      'Check the network between the client and the server, then upload again.',
      // The rest is not waited for.
      { headers: { connection: 'close' } },
    ),

  rangeUnsatisfiable: (sizeBytes: number) =>
    new ApiProblem(
      416,
      'range-unsatisfiable',
      `The log has ${sizeBytes} bytes; the range begins behind them.`,
      'Ask for a range within them, or again when the run has printed more.',
      {
        headers: { 'content-range': `bytes */${sizeBytes}` },
      },
    ),

  storeUnavailable: (reason: string, hint: string, cause: unknown) =>
    new ApiProblem(503, 'store-unavailable', `The server cannot reach its store: ${reason}`, hint, {
      cause,
      headers: { 'retry-after': '5' },
    }),
  serverClosing: () =>
    new ApiProblem(503, 'server-closing', 'The server is shutting down.', 'Try again when it has started again.', {
      headers: { 'retry-after': '5' },
    }),
  internal: (cause: unknown) =>
    new ApiProblem(
      500,
      'internal',
      'The server made a mistake.',
      'Try again. If it stays, look for the request id in the server’s log.',
      { cause },
    ),
} as const;

function sized(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}

function summary(what: string, details: readonly Diagnostic[]): string {
  const found = details.filter((detail) => detail.severity === 'error');
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
  return `${what} is not valid: ${found[0]?.message ?? 'it has errors'}${more}`;
}

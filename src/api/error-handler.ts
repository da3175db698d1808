import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../../task-schemas/index.ts';
import type { RunStore } from '../ports/run-store.ts';
import { ApiProblem, problems } from './errors.ts';
import { storeFault } from './store-fault.ts';

/** Answers an error; also for errors that come before any route is found. */
export type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Answers any error in the one form there is, and tells the operator about faults. `bodyLimit` in bytes. */
export function createErrorHandler(runStore: RunStore, bodyLimit: number): ErrorHandler {
  return async (error, request, reply) => {
    const problem = known(error, request, bodyLimit) ?? (await fault(error, runStore));
    const told = { code: problem.code, err: problem.cause ?? problem };
    if (problem.status >= 500) request.log.error(told, problem.message);
    else request.log.info({ code: problem.code }, problem.message);
    await reply.code(problem.status).headers(problem.headers).send(bodyOf(problem, request.id));
  };
}

/** A problem as the client gets it. */
export function bodyOf(problem: ApiProblem, requestId: string): ApiError {
  const { code, message, hint, details } = problem;
  return { code, message, hint, details: [...details], requestId };
}

/** Our own problems, and the framework's under our names. */
function known(error: unknown, request: FastifyRequest, bodyLimit: number): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  if (!isFrameworkError(error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problems.bodyTooLarge(bodyLimit);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problems.mediaTypeUnsupported(request.headers['content-type'], ['application/json']);
    case 'FST_ERR_BAD_URL':
      return problems.urlInvalid(request.raw.url ?? '');
    default:
      return error.statusCode < 500 ? problems.messageInvalid(error.statusCode, error.message) : undefined;
  }
}

async function fault(error: unknown, runStore: RunStore): Promise<ApiProblem> {
  const trouble = await storeFault(error, runStore);
  return trouble === undefined
    ? problems.internal(error)
    : problems.storeUnavailable(trouble.reason, trouble.hint, error);
}

interface FrameworkError extends Error {
  readonly code: string;
  readonly statusCode: number;
}

function isFrameworkError(error: unknown): error is FrameworkError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('FST_') &&
    'statusCode' in error &&
    typeof error.statusCode === 'number'
  );
}

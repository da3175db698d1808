import type { ApiError } from '../../task-schemas/index.ts';

/** The server answered, and the answer is no. `error` has the cause and the cure, `status` is the HTTP status. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly error: ApiError;

  constructor(status: number, error: ApiError) {
    super(`${error.message} ${error.hint}`.trim());
    this.status = status;
    this.error = error;
  }
}

/** No Slipway server answers at `server`: nothing does, or something else. `reason` and `hint` make up the message. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable';
  readonly server: string;
  readonly reason: string;
  readonly hint: string;

  constructor(server: string, reason: string, hint: string, cause?: unknown) {
    super(`The Slipway server at ${server} can't be reached: ${reason}. ${hint}`, { cause });
    this.server = server;
    this.reason = reason;
    this.hint = hint;
  }
}

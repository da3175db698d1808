/** What the engine said when it answered a request with an error status. */
export interface EngineRefusal {
  readonly status: number;
  /** The engine's own sentence, without the client library's prefix. */
  readonly message: string;
}

/** The engine cannot be reached or broke off in the middle: a fault of the installation, never of the user's step. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
}

/** The answer inside an error of the client library, or undefined when the request never got one. */
export function refusalOf(error: unknown): EngineRefusal | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  return { status: error.statusCode, message: ownWords(error) };
}

const REFUSAL_CURE = 'Try again; if it refuses again, look into its own log for the reason.';
const SILENCE_CURE = 'Look into its own log, and restart it if it hangs.';

/** The error to throw when a request failed for want of a working engine; `address` is what DOCKER_HOST says. */
export function engineFault(address: string, error: unknown): Error {
  if (error instanceof EngineFault) return error;
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    const said = `refused a request (${refusal.status}): ${refusal.message.replace(/\.$/, '')}`;
    return new EngineFault(`The Docker Engine at ${address} ${said}. ${REFUSAL_CURE}`, { cause: error });
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new EngineFault(`The Docker Engine at ${address} does not answer in time. ${SILENCE_CURE}`, {
      cause: error,
    });
  }
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error ? error : new EngineFault(String(error));
  return new EngineFault(`The Docker Engine at ${address} does not answer (${code}). ${cureOf(code)}`, {
    cause: error,
  });
}

function ownWords(error: Error): string {
  if ('json' in error && typeof error.json === 'object' && error.json !== null && 'message' in error.json) {
    return String(error.json.message).trim();
  }
  return error.message.replace(/^\(HTTP code \d+\) .*? - /s, '').trim();
}

/** Codes of errors that come from the connection; a file system error of our own has one too, but names a path. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if ('path' in error && !('address' in error)) return undefined;
  return error.code;
}

function cureOf(code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return 'Start it, or let DOCKER_HOST point at one that runs.';
    case 'EACCES':
      return 'Give this user access to the socket (on Linux: membership in the group "docker").';
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
      return 'Check the host name in DOCKER_HOST and the network in between.';
    default:
      return 'It broke off the connection; its own log says why.';
  }
}

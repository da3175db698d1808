/** Why Redis could not do what was asked: its address is none, it does not answer, or it answers with a refusal. */
export type RedisFaultCode = 'redis-address' | 'redis-unreachable' | 'redis-refused';

/** A fault of Redis, told so that an operator can mend it. The message never holds a password. */
export class RedisFault extends Error {
  override readonly name = 'RedisFault';
  readonly code: RedisFaultCode;
  readonly hint: string;

  constructor(code: RedisFaultCode, what: string, hint: string, cause?: unknown) {
    super(`${what} ${hint}`, { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** What to do about a refusal, by the word with which Redis begins it. */
const CURES: readonly (readonly [string, string])[] = [
  ['WRONGPASS', 'Check user and password in REDIS_URL.'],
  ['NOAUTH', 'It wants a password: set REDIS_URL to redis://:PASSWORD@host:port.'],
  ['ERR AUTH', 'It has no password set: leave the password out of REDIS_URL.'],
  ['NOPERM', 'Give the user of REDIS_URL the right to use all commands on the keys of Slipway.'],
  ['OOM', 'Its memory is full: raise maxmemory; queued and finished runs must not be evicted.'],
  ['MISCONF', 'It can not write to its disk: make room there and look into the log of Redis.'],
  ['READONLY', 'It is a replica: set REDIS_URL to the primary.'],
];

/**
 * The error as a fault when it came from Redis or from the way to it; anything else is returned as it is.
 * `address` is shown, so it must not hold a login.
 */
export function redisFault(address: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RedisFault) return error;
  if (error.name === 'ReplyError') {
    const hint = CURES.find(([word]) => error.message.startsWith(word))?.[1] ?? 'Look into the log of Redis.';
    return new RedisFault('redis-refused', `Redis at ${address} refuses: ${sentence(error.message)}`, hint, error);
  }
  if (!isConnectionError(error)) return error;
  const hint = isForeign(error) ? 'Set REDIS_URL to an address of Redis.' : 'Start it or set REDIS_URL.';
  return new RedisFault(
    'redis-unreachable',
    `Redis at ${address} does not answer: ${sentence(reason(error))}`,
    hint,
    error,
  );
}

/** ioredis gives some of these no code, only a text. */
function isConnectionError(error: Error): boolean {
  if (error.name === 'MaxRetriesPerRequestError' || 'syscall' in error || isForeign(error)) return true;
  return /^(Connection is closed|Command timed out|No answer within|connect ETIMEDOUT|Stream isn't writeable)|TLS|certificate/i.test(
    error.message,
  );
}

/** Something else listens there. */
function isForeign(error: Error): boolean {
  return error.name === 'ParserError';
}

function reason(error: Error): string {
  if (isForeign(error)) return 'what listens there does not speak its protocol';
  return error.name === 'MaxRetriesPerRequestError' ? 'the connection was lost and did not come back' : error.message;
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

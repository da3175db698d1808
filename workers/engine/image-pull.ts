import { setTimeout as sleep } from 'node:timers/promises';
import { type ImageReference, parseImageReference } from '../../src/core/image-reference.ts';
import { credentialFor } from '../../src/core/registry-host.ts';
import type { RegistryCredential, StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { EngineConnection } from './connection.ts';
import { authFor, CREDENTIALS_FILE } from './credentials.ts';
import { refusalOf } from './engine-error.ts';
import { readMessages } from './json-stream.ts';
import type { KnownImages } from './known-images.ts';
import { raceAbort } from './race-abort.ts';
import { registryAuthHeader } from './registry-auth.ts';
import { createThrottle } from './throttle.ts';
import { createTransferProgress } from './transfer-progress.ts';

/** Why there is no image, as the result of the step that wanted it. */
export type ImageFailure = Extract<StepResult, { kind: 'failed' }>;

/** What pulling needs; `retries` are further tries after the first, `retryDelayMs` apart. */
export interface PullRequest {
  readonly image: string;
  readonly known: KnownImages;
  /** Ask the registry also when the engine has the image. */
  readonly always: boolean;
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly credentials: readonly RegistryCredential[];
  readonly now: () => number;
}

const NOTE_EVERY_MS = 5_000;

/**
 * Sees to it that the engine has an image: undefined, or the failure to report. Rejects with `signal.reason` when
 * aborted; the engine then gives up the pull, because nobody listens any more.
 */
export async function ensureImage(
  connection: EngineConnection,
  request: PullRequest,
  output: StepOutput,
  signal: AbortSignal,
): Promise<ImageFailure | undefined> {
  const reference = parseImageReference(request.image);
  if (reference.kind === 'invalid') {
    return notFound(`"${request.image}" is not an image reference: ${reference.reason}`, reference.hint);
  }
  if (!request.always && (await raceAbort(request.known.has(request.image), signal))) return undefined;
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    const problem = await pull(connection, reference, request, output, signal);
    if (problem === undefined) {
      request.known.add(request.image);
      return undefined;
    }
    if (attempt >= request.retries) return explainPull(request, reference, problem);
    output.note(`Pulling ${request.image} failed (${problem}), trying again in ${request.retryDelayMs / 1000} s`);
    await raceAbort(sleep(request.retryDelayMs), signal);
  }
}

/** One try; answers what the engine had to say against it. */
async function pull(
  connection: EngineConnection,
  reference: ImageReference,
  request: PullRequest,
  output: StepOutput,
  signal: AbortSignal,
): Promise<string | undefined> {
  output.note(`Pulling ${request.image}`);
  try {
    const stream = await connection.stream(
      {
        method: 'POST',
        path: '/images/create',
        // Without a tag the engine would pull every tag of the repository.
        query: {
          fromImage: `${reference.domain}/${reference.path}`,
          tag: reference.digest ?? reference.tag ?? 'latest',
        },
        headers: registryAuthHeader(authFor(request.credentials, reference.domain)),
      },
      signal,
    );
    return await follow(stream, request, output);
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal.message;
  }
}

async function follow(
  stream: AsyncIterable<Uint8Array>,
  request: PullRequest,
  output: StepOutput,
): Promise<string | undefined> {
  const progress = createTransferProgress();
  const isTime = createThrottle(request.now, NOTE_EVERY_MS);
  for await (const message of readMessages(stream)) {
    if (message.error !== undefined) return message.error;
    progress.see(message);
    if (isTime()) output.note(`Pulling ${request.image}: ${progress.summary()}`);
  }
  return undefined;
}

/** The failure of a pull with its cure; pure. */
export function explainPull(request: PullRequest, reference: ImageReference, problem: string): ImageFailure {
  // With `always` the engine may have it, and was not asked.
  const missing = request.always ? '' : 'is not on the engine and ';
  const message = `Image ${request.image} ${missing}could not be pulled: ${problem}`;
  const host = reference.domain;
  if (/denied|unauthorized|authentication required|no basic auth/i.test(problem)) {
    return credentialFor(request.credentials, host) === undefined
      ? notFound(
          message,
          `Check the name; if the image is private, add a credential for ${host} to ${CREDENTIALS_FILE}.`,
        )
      : notFound(message, `Check the name, and that the credential for ${host} may read it.`);
  }
  if (/connection refused|no such host|timeout|deadline|unreachable|EOF|reset by peer/i.test(problem)) {
    return notFound(message, `The engine cannot reach ${host}: check the registry's name and the worker's network.`);
  }
  const cure = request.always
    ? 'Check the name and the tag; an image of this run is pushed by an earlier step, or used without "pull: true".'
    : 'Check the name and the tag; an image of this run must be built by an earlier step.';
  return notFound(message, cure);
}

function notFound(message: string, hint: string): ImageFailure {
  return { kind: 'failed', reason: 'image-not-found', message, hint };
}

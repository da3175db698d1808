import { engineClient } from './engine-client.ts';
import { finishProgress } from './engine-stream.ts';
import type { Environment } from './packages.ts';

/** Pulls one image (by tag or by digest) onto the engine; rejects with the engine's own reason when it can not. */
export async function pullImage(
  dockerHost: string,
  reference: string,
  env: Environment = {},
  signal?: AbortSignal,
): Promise<void> {
  await finishProgress(await engineClient(dockerHost, env).pull(reference, signal ? { abortSignal: signal } : {}));
}

/** Takes one name of an image from the engine, and the image itself when that was its last name. */
export async function removeImage(dockerHost: string, reference: string, env: Environment = {}): Promise<void> {
  await engineClient(dockerHost, env).getImage(reference).remove();
}

import { DOCKER_HUB } from '../../core/image-reference.ts';
import { RegistryError, type RepositoryPlace } from '../../ports/registry-client.ts';
import { discard } from './answer.ts';
import type { Send } from './exchange.ts';

/** Where Docker Hub keeps its images; its name is another one. */
const HUB_HOST = 'registry-1.docker.io';

/**
 * The address of a registry. One that may be spoken to by plain HTTP is asked whether it speaks HTTPS, as the engine
 * does: a password should not go in the clear where it need not. `send` follows no redirects: they are an answer.
 */
export async function findEndpoint(
  { registry, plainHttp }: RepositoryPlace,
  send: Send,
  signal: AbortSignal,
): Promise<URL> {
  const host = registry === DOCKER_HUB ? HUB_HOST : registry;
  const secure = new URL(`https://${host}`);
  if (!plainHttp) return secure;
  try {
    discard(await send({ method: 'GET', url: new URL('/v2/', secure) }, signal));
    return secure;
  } catch (error) {
    if (error instanceof RegistryError) return new URL(`http://${host}`);
    throw error;
  }
}

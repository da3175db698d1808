import { DOCKER_HUB } from '../../core/image-reference.ts';
import { RegistryError, type RepositoryPlace } from '../../ports/registry-client.ts';
import { discard } from './answer.ts';
import type { Send } from './exchange.ts';

/** Where Docker Hub keeps its images; its name is another one. */
const HUB_HOST = 'registry-1.docker.io';

/** The addresses of registries, as far as they are known. */
export interface Endpoints {
  /**
   * The address of a registry. One that may be spoken to by plain HTTP is asked whether it speaks HTTPS, as the engine
   * does: a password should not go in the clear where it need not. Rejects with `signal.reason`.
   */
  find(place: RepositoryPlace, signal: AbortSignal): Promise<URL>;
}

/**
 * Remembers who has answered by HTTPS. Who has not may only have been starting again, and is asked again each time.
 * `send` follows no redirects: they are an answer.
 */
export function createEndpoints(send: Send): Endpoints {
  const secure = new Set<string>();
  return {
    async find({ registry, plainHttp }, signal) {
      const host = registry === DOCKER_HUB ? HUB_HOST : registry;
      const url = new URL(`https://${host}`);
      if (!plainHttp || secure.has(host)) return url;
      try {
        discard(await send({ method: 'GET', url: new URL('/v2/', url) }, signal));
        secure.add(host);
        return url;
      } catch (error) {
        if (error instanceof RegistryError) return new URL(`http://${host}`);
        throw error;
      }
    },
  };
}

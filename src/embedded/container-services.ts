import { join } from 'node:path';
import { isRedis } from './redis.ts';
import { redisPassword, writeRedisConfig } from './redis-config.ts';
import { isRegistry } from './registry.ts';

/** The parts that can run as a container where their program is not on this machine. */
export type ContainerPart = 'redis' | 'registry';

/** The image of each part. */
export const CONTAINER_IMAGES = { redis: 'redis:7', registry: 'registry:2' } as const satisfies Record<
  ContainerPart,
  string
>;

/** What a part is as a container. It has the same settings as the child process. */
export interface ContainerServiceSettings {
  /** The URL of a Redis, with its password; of a registry, 127.0.0.1:PORT. */
  readonly address: string;
  /** Port and protocol inside of the container. */
  readonly containerPort: string;
  /** Where the container has the data folder. */
  readonly dataMount: string;
  readonly command?: readonly string[];
  readonly env: readonly string[];
  /** Whether it answers; a rejection counts as "not yet". */
  isReady(): Promise<boolean>;
}

/** Prepares `part` to be published on `port` of 127.0.0.1: its folder is `directory`, its data lie in `data`. */
export async function prepareService(
  part: ContainerPart,
  { directory, data }: { readonly directory: string; readonly data: string },
  port: number,
): Promise<ContainerServiceSettings> {
  return part === 'redis' ? prepareRedis(directory, data, port) : registryService(`127.0.0.1:${port}`);
}

async function prepareRedis(directory: string, data: string, port: number): Promise<ContainerServiceSettings> {
  const password = await redisPassword(directory);
  const address = `redis://:${password}@127.0.0.1:${port}`;
  // Among the data, which are mounted anyway: a file of its own would have to be shared with the engine's machine too.
  await writeRedisConfig(join(data, 'redis.conf'), { port: 6379, data: '/data', password });
  return {
    address,
    containerPort: '6379/tcp',
    dataMount: '/data',
    command: ['redis-server', '/data/redis.conf'],
    env: [],
    isReady: () => isRedis(address),
  };
}

function registryService(address: string): ContainerServiceSettings {
  return {
    address,
    containerPort: '5000/tcp',
    dataMount: '/var/lib/registry',
    env: ['REGISTRY_STORAGE_DELETE_ENABLED=true', 'REGISTRY_HTTP_RELATIVEURLS=true'],
    isReady: () => isRegistry(address),
  };
}

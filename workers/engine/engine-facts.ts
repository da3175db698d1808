import { BlockList, isIP } from 'node:net';
import type { EngineConnection } from './connection.ts';
import { raceAbort } from './race-abort.ts';

/** What an engine can do that others cannot. */
export interface EngineFacts {
  readonly version: string;
  /** Where it keeps images: only the store of containerd has room for several platforms and for attestations. */
  readonly imageStore: 'graphdriver' | 'containerd';
  /** Whether it speaks plain HTTP to a registry (host[:port]) that knows nothing better. */
  allowsPlainHttp(registry: string): boolean;
}

/** Asks the engine, once; later callers get the first answer. After a failure the next one asks again. */
export function createFactsReader(connection: EngineConnection): (signal: AbortSignal) => Promise<EngineFacts> {
  let known: EngineFacts | undefined;
  return async (signal) => {
    known ??= readFacts(await raceAbort(connection.docker.info(), signal));
    return known;
  };
}

/** The fields of `GET /info` that say it (API 1.41 and later). */
interface Info {
  readonly ServerVersion?: string;
  readonly DriverStatus?: readonly (readonly string[])[] | null;
  readonly RegistryConfig?: {
    readonly InsecureRegistryCIDRs?: readonly string[] | null;
    readonly IndexConfigs?: Readonly<Record<string, { readonly Secure?: boolean }>> | null;
  } | null;
}

/** Reads what `GET /info` says; pure. */
export function readFacts({ ServerVersion = '', DriverStatus, RegistryConfig }: Info): EngineFacts {
  const isContainerd = DriverStatus?.some(([, value]) => value?.startsWith('io.containerd.snapshotter')) ?? false;
  const addresses = insecureAddresses(RegistryConfig?.InsecureRegistryCIDRs ?? []);
  const configs = RegistryConfig?.IndexConfigs ?? {};
  return {
    version: ServerVersion,
    imageStore: isContainerd ? 'containerd' : 'graphdriver',
    allowsPlainHttp(registry) {
      if (configs[registry]?.Secure === false) return true;
      const host = registry.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
      const address = host === 'localhost' ? '127.0.0.1' : host;
      return isIP(address) !== 0 && addresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    },
  };
}

function insecureAddresses(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (isIP(address) !== 0) list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

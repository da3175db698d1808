import { join } from 'node:path';
import { addresses, type EngineNetwork } from './engine-network.ts';
import type { EnginePlaces } from './engine-places.ts';

/**
 * Where an engine keeps images: in the layers of a graph driver such as overlay2, or in containerd's own image store,
 * which dockerd has as a choice from 24 on (https://docs.docker.com/engine/storage/containerd/).
 */
export type ImageStore = 'graphdriver' | 'containerd';

/** dockerd's configuration file (https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file). */
export function dockerdConfig(places: EnginePlaces, network: EngineNetwork, imageStore: ImageStore): object {
  return {
    'data-root': places.dataRoot,
    'exec-root': places.execRoot,
    pidfile: join(places.execRoot, 'docker.pid'),
    hosts: [`unix://${places.socket}`],
    bridge: network.bridge,
    iptables: false,
    ip6tables: false,
    'default-address-pools': [{ base: addresses(network).pool, size: 24 }],
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '10m' },
    'shutdown-timeout': 5,
    // Named only where it is wanted: a key of "features" that a dockerd does not know is ignored, but why try.
    ...(imageStore === 'containerd' && { features: { 'containerd-snapshotter': true } }),
  };
}

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';

/** Names of everything on the engine that carries the label `slipway.run` with one of these ids, and of images held by them. */
export async function objectsOf(dockerHost: string, ...runIds: readonly string[]): Promise<string[]> {
  const docker = new Docker(dockerOptions(dockerHost));
  const filters = JSON.stringify({ label: ['slipway.run'] });
  const [containers, networks, volumes, images] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
    docker.listImages(),
  ]);
  const wanted = new Set(runIds);
  const isWanted = ({ Labels }: { readonly Labels?: Readonly<Record<string, string>> | undefined }) =>
    wanted.has(Labels?.['slipway.run'] ?? '');
  return [
    ...containers.filter(isWanted).map((container) => `container ${container.Names[0]}`),
    ...networks.filter(isWanted).map((network) => `network ${network.Name}`),
    ...(volumes.Volumes ?? []).filter(isWanted).map((volume) => `volume ${volume.Name}`),
    ...images
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((name) => name.startsWith('slipway.invalid/') && runIds.some((id) => name.includes(`:${id}-`)))
      .map((name) => `image ${name}`),
  ];
}

/** Waits until these runs have nothing on the engine: what a run needed is removed beside its end. */
export async function untilGone(dockerHost: string, ...runIds: readonly string[]): Promise<void> {
  for (const deadline = Date.now() + 10_000; ; await sleep(20)) {
    const left = await objectsOf(dockerHost, ...runIds);
    if (left.length === 0) return;
    assert.ok(Date.now() < deadline, `the engine still has ${left.join(', ')}`);
  }
}

/** Ids of the images on the engine that have no name and that no other image is built on. */
export async function danglingImages(dockerHost: string): Promise<string[]> {
  const docker = new Docker(dockerOptions(dockerHost));
  const images = await docker.listImages({ filters: JSON.stringify({ dangling: ['true'] }) });
  return images.map(({ Id }) => Id).sort();
}

/** Removes images by name; those that are not there do not matter. */
export async function removeImages(dockerHost: string, ...names: readonly string[]): Promise<void> {
  const docker = new Docker(dockerOptions(dockerHost));
  for (const name of names) {
    await docker
      .getImage(name)
      .remove()
      .catch((error: { statusCode?: number }) => {
        if (error.statusCode !== 404) throw error;
      });
  }
}

function dockerOptions(dockerHost: string): Docker.DockerOptions {
  const url = new URL(dockerHost);
  return url.protocol === 'unix:'
    ? { socketPath: url.pathname }
    : { host: url.hostname, port: url.port, protocol: 'http' };
}

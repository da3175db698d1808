import Docker from 'dockerode';

/** Names of everything on the engine that carries the label `slipway.run` with this id. */
export async function objectsOf(dockerHost: string, runId: string): Promise<string[]> {
  const docker = new Docker(dockerOptions(dockerHost));
  const filters = JSON.stringify({ label: [`slipway.run=${runId}`] });
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map((container) => `container ${container.Names[0]}`),
    ...networks.map((network) => `network ${network.Name}`),
    ...(volumes.Volumes ?? []).map((volume) => `volume ${volume.Name}`),
  ];
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

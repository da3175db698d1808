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

function dockerOptions(dockerHost: string): Docker.DockerOptions {
  const url = new URL(dockerHost);
  return url.protocol === 'unix:'
    ? { socketPath: url.pathname }
    : { host: url.hostname, port: url.port, protocol: 'http' };
}

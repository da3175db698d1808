import { setTimeout as sleep } from 'node:timers/promises';
import { engineClient } from '../../src/embedded/engine-client.ts';

/** What takes longer to remove has been forgotten. In ms. */
const LIMIT_MS = 60_000;

/**
 * What a run needed on the engine is removed after its end is told, which must not slow down what is measured next.
 * Answers a function that waits until the engine at `dockerHost` has no container, network and volume of runs but those
 * that it has now. By `label` they are known. It rejects with what is left after a minute, and when `signal` aborts.
 */
export async function watchRunObjects(
  dockerHost: string,
  label: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const engine = engineClient(dockerHost, env);
  const filters = JSON.stringify({ label: [label] });
  const found = async (): Promise<readonly string[]> => {
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
      engine.listContainers({ all: true, filters }),
      engine.listNetworks({ filters }),
      engine.listVolumes({ filters }),
    ]);
    return [
      ...containers.map(({ Id, Names }) => `container ${Names[0] ?? Id}`),
      ...networks.map(({ Name }) => `network ${Name}`),
      ...(volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ];
  };
  const before = new Set(await found());
  return async () => {
    for (const deadline = Date.now() + LIMIT_MS; ; await sleep(20, undefined, { signal })) {
      const left = (await found()).filter((name) => !before.has(name));
      if (left.length === 0) return;
      if (Date.now() > deadline) throw new Error(`Runs have ended, but the engine still has ${left.join(', ')}.`);
    }
  };
}

import { allOf } from './all-of.ts';
import type { EngineConnection } from './connection.ts';
import type { StepContainer } from './create-options.ts';
import { refusalOf } from './engine-error.ts';
import { inBody } from './in-body.ts';
import { type AttemptId, attemptName, labelsOf, namespaceName } from './names.ts';
import type { PauseImage } from './pause/image.ts';
import type { RunNetworks } from './run-networks.ts';

/** The network namespace that the steps of an attempt share which never overlap (src/core/plan/shared-namespace.ts). */
export interface SharedNamespace {
  /** Whether a step is one of those that share. */
  isFor(step: string): boolean;
  /**
   * The same container in the namespace, after it was made by whoever asked first. Unchanged, with an address of its own,
   * when the engine's architecture has no program to hold a namespace with.
   */
  join(options: StepContainer): Promise<StepContainer>;
}

/** What it is made of. */
export interface SharedNamespaceDeps {
  readonly connection: EngineConnection;
  readonly id: AttemptId;
  readonly networks: RunNetworks;
  readonly pauseImage: PauseImage;
}

/** Prepares the namespace of these steps; nothing is made before one of them joins. */
export function createSharedNamespace(steps: readonly string[], deps: SharedNamespaceDeps): SharedNamespace {
  const sharing = new Set(steps);
  let holding: Promise<string | undefined> | undefined;
  const hold = () => {
    holding ??= holdNamespace(steps, deps).catch((error: unknown) => {
      holding = undefined;
      throw error;
    });
    return holding;
  };
  return {
    isFor: (step) => sharing.has(step),
    async join(options) {
      const holder = await hold();
      return holder === undefined ? options : joinNamespace(options, holder);
    },
  };
}

/** The same container in the network namespace of another one; pure. Name and address on the network are that one's. */
export function joinNamespace(options: StepContainer, holder: string): StepContainer {
  const { NetworkingConfig: _, ExposedPorts: __, ...rest } = options;
  const { PortBindings: ___, ...host } = rest.HostConfig ?? {};
  return { ...rest, HostConfig: { ...host, NetworkMode: `container:${holder}` } };
}

/** Starts the container that holds the namespace, and answers its id. It ends with the attempt, as all that has its labels. */
async function holdNamespace(
  steps: readonly string[],
  { connection, id, networks, pauseImage }: SharedNamespaceDeps,
): Promise<string | undefined> {
  for (let isSecondTry = false; ; isSecondTry = true) {
    const [image] = await allOf([pauseImage.id(), networks.ready({ kind: 'own' })]);
    if (image === undefined) return undefined;
    try {
      const options = inBody(holderOptions(id, image, steps), { name: namespaceName(id) });
      const holder = await connection.docker.createContainer(options);
      await holder.start();
      return holder.id;
    } catch (error) {
      // Somebody may have tidied the engine's images up since it was loaded.
      if (isSecondTry || refusalOf(error)?.status !== 404) throw error;
      pauseImage.forget();
    }
  }
}

/** The holder answers to the ids of all steps that share; it needs no rights and hardly any room. Pure. */
export function holderOptions(id: AttemptId, image: string, steps: readonly string[]) {
  const network = attemptName(id);
  return {
    Image: image,
    Labels: labelsOf(id),
    HostConfig: {
      NetworkMode: network,
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [...steps] } } },
  };
}

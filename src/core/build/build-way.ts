import type { BuildStep } from '../../../task-schemas/index.ts';

/** Which interface of the engine a build takes; a `note` is for the log. */
export type BuildWay =
  /** `POST /build`, which every engine has. */
  | { readonly kind: 'usual'; readonly note?: string }
  /** BuildKit's own, for what the other cannot say. */
  | { readonly kind: 'solver'; readonly note?: string }
  | RefusedBuild;

/** Why a build cannot be made as its step asks, and the cure. */
export interface RefusedBuild {
  readonly kind: 'refused';
  readonly message: string;
  readonly hint: string;
}

/** What a build is made with. */
export interface BuildMeans {
  /** Absent: the classic builder does it. */
  readonly hasBuildKit: boolean;
  /** Version of the engine, such as `20.10.24`. */
  readonly version: string;
  readonly imageStore: 'containerd' | 'graphdriver';
  /** What the policy of the worker says of the control group of RUN instructions; absent: nothing. */
  readonly cgroupParent: string | undefined;
}

/**
 * Decides how a step is built that asks for more than an image for one platform. Several platforms, attestations and
 * layers that go to a registry by themselves need an engine with the containerd image store. Without it attestations are
 * only told in the log, because the image is the same; the others are refused. A control group is what `POST /build`
 * says to the classic builder alone; BuildKit has to be told itself, from Docker 23 on.
 */
export function chooseWay(step: BuildStep, means: BuildMeans): BuildWay {
  const { hasBuildKit, version, imageStore, cgroupParent } = means;
  const needed = neededOf(step);
  const wanted = attestationsOf(step);
  const isRoomy = hasBuildKit && imageStore === 'containerd';
  const reason = hasBuildKit
    ? `the engine (Docker ${version}) keeps images in a store that has no room for it`
    : 'the classic builder cannot do it';
  const [first] = needed;
  if (!isRoomy && first !== undefined) {
    const message = `Step "${step.id}" ${first.what}, but ${reason}.`;
    return { kind: 'refused', message, hint: hasBuildKit ? `${STORE}, or ${first.instead}.` : CLASSIC_CURE };
  }
  if (!hasBuildKit && step.cacheTo.length > 0) {
    return { kind: 'refused', message: `Step "${step.id}" has --cache-to, but ${reason}.`, hint: CLASSIC_CURE };
  }
  if (hasBuildKit && cgroupParent !== undefined && Number.parseInt(version, 10) < DOCKER_WITH_CGROUPS) {
    const message = `Builds of this worker have to run in the control group "${cgroupParent}", which BuildKit of Docker ${version} does not know.`;
    const hint = `Use a worker with Docker ${DOCKER_WITH_CGROUPS} or later, or set DOCKER_BUILDKIT=0 in the env of the step.`;
    return { kind: 'refused', message, hint };
  }
  const isUntold = wanted.length > 0 && !isRoomy;
  const cure = hasBuildKit ? `${STORE}.` : CLASSIC_CURE;
  const note = isUntold
    ? { note: `The image gets no ${wanted.join(' and no ')} inside, because ${reason}. ${cure}` }
    : {};
  const isBeyond = isRoomy && needed.length + wanted.length > 0;
  return { kind: isBeyond || (hasBuildKit && cgroupParent !== undefined) ? 'solver' : 'usual', ...note };
}

/** Whether what the engine can do matters at all for a step. */
export function asksForMore(step: BuildStep): boolean {
  return neededOf(step).length + attestationsOf(step).length + step.cacheTo.length > 0;
}

/** The first version whose BuildKit (0.10) has control groups of a build. */
const DOCKER_WITH_CGROUPS = 23;

const STORE =
  'Set "features": {"containerd-snapshotter": true} in /etc/docker/daemon.json of the worker’s engine (Docker 24 or later)';
const CLASSIC_CURE = 'Leave DOCKER_BUILDKIT=0 out, and use a worker whose engine has BuildKit.';

function neededOf({
  platforms = [],
  cacheTo,
}: BuildStep): readonly { readonly what: string; readonly instead: string }[] {
  const toRegistry = cacheTo.some((text) => text !== 'type=inline');
  return [
    ...(platforms.length > 1
      ? [{ what: `builds for ${platforms.join(' and ')} at once`, instead: 'build one platform per step' }]
      : []),
    ...(toRegistry
      ? [
          {
            what: 'sends its layers to a registry (--cache-to)',
            instead: 'write --cache-to type=inline or cache: enabled',
          },
        ]
      : []),
  ];
}

function attestationsOf({ provenance, sbom }: BuildStep): readonly string[] {
  const isWanted = (value: string | undefined) => value !== undefined && value !== 'false';
  return [...(isWanted(provenance) ? ['provenance'] : []), ...(isWanted(sbom) ? ['list of packages (SBOM)'] : [])];
}

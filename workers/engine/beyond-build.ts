import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { EngineFacts } from './engine-facts.ts';
import type { Refusal } from './policy.ts';

/** Which interface a build takes. */
export type BuildWay =
  /** `POST /build`, which every engine has. */
  | { readonly kind: 'usual' }
  /** BuildKit's own, for what the other cannot say. */
  | { readonly kind: 'solver' }
  | Refusal;

/**
 * Decides how a step is built that asks for more than an image for one platform; pure. Several platforms and attestations
 * need an engine with the containerd image store. Without it the first is refused, the second only told in the log: the
 * image is the same.
 */
export function chooseWay(step: BuildStep, hasBuildKit: boolean, facts: EngineFacts, output: StepOutput): BuildWay {
  const platforms = step.platforms ?? [];
  const wanted = attestationsOf(step);
  if (platforms.length < 2 && wanted.length === 0) return { kind: 'usual' };
  if (hasBuildKit && facts.imageStore === 'containerd') return { kind: 'solver' };
  const reason = hasBuildKit
    ? `the engine (Docker ${facts.version}) keeps images in a store that has no room for it`
    : 'the classic builder cannot do it';
  if (platforms.length > 1) {
    const message = `Step "${step.id}" builds for ${platforms.join(' and ')} at once, but ${reason}.`;
    return { kind: 'refused', message, hint: hasBuildKit ? `${STORE}, or build one platform per step.` : CLASSIC_CURE };
  }
  output.note(
    `The image gets no ${wanted.join(' and no ')} inside, because ${reason}. ${hasBuildKit ? `${STORE}.` : CLASSIC_CURE}`,
  );
  return { kind: 'usual' };
}

/** Whether what the engine can do matters at all for a step. */
export function asksForMore(step: BuildStep): boolean {
  return (step.platforms?.length ?? 0) > 1 || attestationsOf(step).length > 0;
}

const STORE =
  'Set "features": {"containerd-snapshotter": true} in /etc/docker/daemon.json of the worker’s engine (Docker 24 or later)';
const CLASSIC_CURE = 'Leave DOCKER_BUILDKIT=0 out, and use a worker whose engine has BuildKit.';

function attestationsOf({ provenance, sbom }: BuildStep): readonly string[] {
  const isWanted = (value: string | undefined) => value !== undefined && value !== 'false';
  return [...(isWanted(provenance) ? ['provenance'] : []), ...(isWanted(sbom) ? ['list of packages (SBOM)'] : [])];
}

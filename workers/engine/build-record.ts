import { imageDependencies } from '../../src/core/dependency/image-dependencies.ts';
import { renderDiagnostic } from '../../src/core/diagnostic.ts';
import { labelKeys } from '../../src/core/dockerfile/label-keys.ts';
import { type DockerfileScan, scanDockerfile } from '../../src/core/dockerfile/scan-dockerfile.ts';
import type { UsedImage } from '../../src/core/dockerfile/stage.ts';
import { formatReference, parseImageReference, withDefaultTag } from '../../src/core/image-reference.ts';
import { baseLabels, untakenLabels } from '../../src/core/plan/build/image-labels.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildReport, BuildStep, DependencyImage, ImageDependencies } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { lookUpBase } from './base-digests.ts';
import type { BuildCounts } from './build-count.ts';
import { openBuildSavings } from './build-savings.ts';
import { endsWithin } from './race-abort.ts';

/** What a build notes down about itself, besides its output. */
export interface BuildRecord {
  /** The labels of the image, the user's last: the last one of a key holds. Waits for the digest of the base. */
  labels(): Promise<readonly string[]>;
  /** What came of the build; `seconds` is how long it took. */
  report(counts: BuildCounts, seconds: number, isBuilt: boolean): Promise<BuildReport>;
}

type Room = Pick<AttemptRoom, 'connection' | 'credentials'>;
type RecordRoom = Room & Pick<AttemptRoom, 'buildTimes' | 'keepTrack'>;

/** How long a build that is over waits for digests that were not needed before. */
const DIGESTS_MS = 3_000;

/**
 * Begins to look up the bases of a build, while the build is still being prepared. Nothing here fails a build: what
 * cannot be known is told in a line.
 * @param dockerfile its text; undefined when only the engine sees it
 */
export function openBuildRecord(
  step: BuildStep,
  dockerfile: string | undefined,
  room: RecordRoom,
  output: Pick<StepOutput, 'note'>,
  signal: AbortSignal,
): BuildRecord {
  const scan = dockerfile === undefined ? undefined : scanOf(step, dockerfile, output);
  const savings = openBuildSavings(step, room);
  const digests = createDigests(step.pull, room, signal);
  const base = scan === undefined || isScratch(scan.runtimeBase) ? undefined : scan.runtimeBase;
  const own = step.ownLabels;
  if (own !== undefined && base !== undefined) void digests.of(base);
  return {
    async labels() {
      if (own === undefined) return step.labels;
      const ofBase = base === undefined ? [] : baseLabels(fullName(base), await digests.of(base));
      const taken = dockerfile === undefined ? new Set<string>() : labelKeys(dockerfile);
      return [...untakenLabels([...own, ...ofBase], taken), ...step.labels];
    },
    async report({ instructions, cached, bases, timed }, seconds, isBuilt) {
      const [savedSeconds, dependencies] = await Promise.all([
        savings.settle(timed),
        scan === undefined || !isBuilt ? [] : dependenciesOf(step, scan, bases, digests),
      ]);
      const saved = savedSeconds === undefined ? {} : { savedSeconds };
      return { instructions, cached, ...saved, seconds, dependencies };
    },
  };
}

/** The line of the log about what came of a build. */
export function builtLine({ instructions, cached, savedSeconds, seconds }: BuildReport): string {
  const steps = instructions === 1 ? '1 step' : `${instructions} steps`;
  const saved = savedSeconds === undefined ? '' : ` (${savedSeconds.toFixed(1)} s saved)`;
  return `Build: ${steps}, ${cached} cached${saved}, ${seconds.toFixed(1)} s`;
}

function scanOf(step: BuildStep, text: string, output: Pick<StepOutput, 'note'>): DockerfileScan | undefined {
  const { dockerfile: fileName, buildArgs, target, platforms: [platform] = [] } = step;
  const platforms = platform === undefined ? {} : { platforms: { target: platform } };
  const scan = scanDockerfile({ text, fileName, buildArgs, ...platforms, ...(target === undefined ? {} : { target }) });
  if (scan.ok) return scan.value;
  output.note('The images that this build depends on cannot be found out:');
  for (const diagnostic of scan.diagnostics) output.note(renderDiagnostic(diagnostic));
  return undefined;
}

interface Digests {
  of(image: UsedImage): Promise<string>;
}

/** Looks every image up once; an engine that fails at it gives no digest, for the build itself will tell. */
function createDigests(pull: boolean, room: Room, signal: AbortSignal): Digests {
  const found = new Map<string, Promise<string>>();
  return {
    of(image) {
      const name = fullName(image);
      const looking = found.get(name) ?? lookUp(image);
      found.set(name, looking);
      return looking;
    },
  };

  function lookUp({ reference }: UsedImage): Promise<string> {
    return lookUpBase(withDefaultTag(reference), pull, room, signal).catch(() => '');
  }
}

async function dependenciesOf(
  step: BuildStep,
  scan: DockerfileScan,
  resolved: readonly string[],
  digests: Digests,
): Promise<ImageDependencies[]> {
  const report = imageDependencies(scan, step.images, step.revision);
  // The names were checked when the run was planned.
  if (!report.ok) return [];
  const known = new Map<string, string>(resolved.flatMap(nameAndDigest));
  const bases = [scan.runtimeBase, ...scan.buildtimeBases].filter(
    (image) => !isScratch(image) && image.reference.digest === undefined && !known.has(fullName(image)),
  );
  const looking = bases.map(async (image) => known.set(fullName(image), await digests.of(image)));
  await endsWithin(Promise.all(looking), DIGESTS_MS);
  return report.value.map((entry) => ({
    ...entry,
    'runtime-dependency': withDigest(entry['runtime-dependency'], known),
    'buildtime-dependency': entry['buildtime-dependency']?.map((image) => withDigest(image, known)) ?? null,
  }));
}

function withDigest(image: DependencyImage, known: ReadonlyMap<string, string>): DependencyImage {
  const reference = parseImageReference(image.reference);
  if (image.digest !== '' || reference.kind === 'invalid') return image;
  return { ...image, digest: known.get(formatReference(withDefaultTag(reference))) ?? '' };
}

/** `docker.io/library/node:20@sha256:…` as the name and the digest. */
function nameAndDigest(text: string): readonly [string, string][] {
  const reference = parseImageReference(text);
  if (reference.kind === 'invalid' || reference.digest === undefined) return [];
  const { digest, domain, path, tag } = reference;
  const name = { domain, path, ...(tag === undefined ? {} : { tag }) };
  return [[formatReference(withDefaultTag(name)), digest]];
}

function fullName({ reference }: UsedImage): string {
  return formatReference(withDefaultTag(reference));
}

function isScratch({ name }: UsedImage): boolean {
  return name === 'scratch';
}

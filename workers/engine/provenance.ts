import type { ImageReference } from '../../src/core/image-reference.ts';
import { formatReference, parseImageReference, withDefaultTag } from '../../src/core/image-reference.ts';
import { type BuildFacts, PREDICATE_TYPE, provenanceStatement, STATEMENT_TYPE } from '../../src/core/provenance.ts';
import { RegistryError } from '../../src/ports/registry-client.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildReport, OutputImage } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { repositoryOf } from './push-digest.ts';

/** What a worker tells about the images it makes. */
export interface ProvenanceRule {
  /** The version of Slipway. */
  readonly version: string;
  /** Also at registries that do not keep what belongs to an image, under a tag beside it. */
  readonly always: boolean;
  /** Who vouches for it, as a URI; absent: the installation. */
  readonly builder?: string;
}

/** What holds where `SLIPWAY_PROVENANCE` is `off`, `referrers` or `always`; `version` is that of Slipway. */
export function provenanceRule(setting: string, version: string, builder?: string): ProvenanceRule | undefined {
  if (setting === 'off') return undefined;
  return { version, always: setting === 'always', ...(builder === undefined ? {} : { builder }) };
}

/** A build of an attempt. The names of its image may be another's by now, its id not. */
export interface BuiltImage extends Pick<BuildFacts, 'step' | 'source' | 'bases' | 'startedAt' | 'finishedAt'> {
  readonly imageId: string;
}

/** The builds of an attempt, by the names that they gave. */
export type BuiltImages = Map<string, BuiltImage>;

/** Remembers a build that succeeded; the last one that gave a name counts. */
export function rememberBuilt(
  build: Pick<BuiltImage, 'step' | 'source' | 'imageId' | 'startedAt'>,
  { seconds, dependencies: [of] }: BuildReport,
  { built }: Pick<AttemptRoom, 'built'>,
): void {
  const finishedAt = build.startedAt + Math.round(seconds * 1000);
  // All names of an image have the same bases.
  const bases = of === undefined ? [] : [of['runtime-dependency'], ...(of['buildtime-dependency'] ?? [])];
  for (const image of build.step.images) {
    const parsed = parseImageReference(image);
    if (parsed.kind === 'valid') built.set(keyOf(parsed), { ...build, bases, finishedAt });
  }
}

/** The build of this attempt that gave a name last; undefined when none of it did. */
export function builtAs(reference: ImageReference, { built }: Pick<AttemptRoom, 'built'>): BuiltImage | undefined {
  return built.get(keyOf(reference));
}

/**
 * Attaches a statement of how a pushed image was made, when this attempt has built it and the worker tells of it. What
 * goes wrong is told in the log: the image is pushed all the same.
 */
export async function attachProvenance(
  reference: ImageReference,
  image: OutputImage,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<void> {
  const { provenance: rule, id, hide, silence } = room;
  const build = builtAs(reference, room);
  if (rule === undefined || build === undefined || build.step.provenance === 'false') return;
  try {
    const repository = await repositoryOf(reference, room, signal);
    const ask = <T>(question: (limited: AbortSignal) => Promise<T>) => silence.ask(reference.domain, question, signal);
    if (!rule.always && !(await ask((limited) => repository.keepsReferrers(image.digest, limited)))) return;
    const subject = await ask((limited) => repository.findManifest(image.digest, limited));
    if (subject === undefined) return;
    const { version: engine } = await room.facts(signal);
    const { version, builder = `urn:slipway:installation:${id.installation}` } = rule;
    const facts = { ...build, ...id, builder, version, engine };
    const content = Buffer.from(JSON.stringify(provenanceStatement(image, facts, hide)));
    const annotations = { 'in-toto.io/predicate-type': PREDICATE_TYPE };
    const { digest } = await repository.attach(subject, { artifactType: STATEMENT_TYPE, content, annotations }, signal);
    output.note(`Attached provenance to ${formatReference(reference)} (${digest})`);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    output.note(`The provenance of ${formatReference(reference)} could not be attached: ${error.message}`);
  }
}

function keyOf(reference: ImageReference): string {
  return formatReference(withDefaultTag(reference));
}

import type { BuildStep, DependencyImage, OutputImage } from '../../task-schemas/index.ts';
import {
  DOCKER_HUB,
  familiarReference,
  type ImageReference,
  parseImageReference,
  withDefaultTag,
} from './image-reference.ts';
import { maskTexts } from './secret/mask-event.ts';
import { shownContext } from './source/parse-source.ts';

/** A build of this run, and where it took place. */
export interface BuildFacts {
  readonly step: BuildStep;
  /** The images that it is built on and that its other stages are; one without a digest is not told. */
  readonly bases: readonly DependencyImage[];
  readonly runId: string;
  readonly attempt: number;
  /** Who vouches for it, as a URI: an installation, or a single machine. */
  readonly builder: string;
  /** The version of Slipway. */
  readonly version: string;
  /** The version of the engine. */
  readonly engine: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** What it was made from, as far as that is known. */
  readonly source?: { readonly uri: string; readonly commit?: string } | undefined;
}

/** The media type of a statement, in a registry. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json';
/** What it says. */
export const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1';
/** How a build is described; the fields of `externalParameters` are those of a plan's build step. */
const BUILD_TYPE = 'urn:slipway:build:v1';

/**
 * How a pushed image came to be, as an in-toto statement with SLSA provenance (slsa.dev/spec/v1.0/provenance); pure.
 * Build arguments are there by name alone and addresses without what signs in: whoever reads the image reads this. `hide`
 * hides the secrets of the run, and is given all that comes from outside but digests.
 */
export function provenanceStatement(image: OutputImage, facts: BuildFacts, hide: (text: string) => string): object {
  const { runId, attempt, builder, version, engine, startedAt, finishedAt } = facts;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: hide(`${image.registry}/${image.repository}`), digest: digestOf(image) }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: maskTexts(parametersOf(facts.step), hide),
        internalParameters: { engine },
        resolvedDependencies: maskTexts([...sourceOf(facts.source), ...basesOf(facts.bases)], hide),
      },
      runDetails: {
        builder: { id: builder, version: { slipway: version } },
        metadata: {
          invocationId: `${runId}/${attempt}`,
          startedOn: new Date(startedAt).toISOString(),
          finishedOn: new Date(finishedAt).toISOString(),
        },
      },
    },
  };
}

function parametersOf({ id, context, dockerfile, target, platforms, buildArgs, pull, noCache }: BuildStep): object {
  return {
    step: id,
    context: shownContext(context),
    dockerfile,
    ...(target === undefined ? {} : { target }),
    ...(platforms === undefined ? {} : { platforms }),
    buildArgs: buildArgs.map((arg) => arg.replace(/=.*$/s, '')),
    pull,
    noCache,
  };
}

function sourceOf(source: BuildFacts['source']): readonly object[] {
  if (source === undefined) return [];
  const { uri, commit } = source;
  return [{ uri, ...(commit === undefined ? {} : { digest: { gitCommit: commit } }) }];
}

function basesOf(bases: BuildFacts['bases']): readonly object[] {
  const known = new Map<string, object>();
  for (const base of bases) {
    const reference = parseImageReference(base.reference);
    if (base.digest === '' || reference.kind === 'invalid') continue;
    const uri = packageUrl(withDefaultTag(reference));
    known.set(`${uri} ${base.digest}`, { uri, digest: digestOf(base) });
  }
  return [...known.values()];
}

/** As package URLs have images: `pkg:docker/node@20`, `pkg:docker/team/app@1?repository_url=r.test:5000`. */
function packageUrl({ domain, path, tag }: ImageReference): string {
  const isHub = domain === DOCKER_HUB;
  const name = isHub ? familiarReference({ domain, path }) : path;
  const registry = isHub ? '' : `?repository_url=${encodeURIComponent(domain).replaceAll('%3A', ':')}`;
  return `pkg:docker/${name}${tag === undefined ? '' : `@${tag}`}${registry}`;
}

function digestOf({ digest }: { readonly digest: string }): Readonly<Record<string, string>> {
  const [algorithm = '', hex = ''] = digest.split(':');
  return { [algorithm]: hex };
}

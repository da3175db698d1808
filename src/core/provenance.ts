import type { BuildStep, OutputImage } from '../../task-schemas/index.ts';

/** A build of this run, and where it took place. */
export interface BuildFacts {
  readonly step: BuildStep;
  readonly runId: string;
  readonly attempt: number;
  /** The installation that the worker belongs to. */
  readonly installation: string;
  /** The version of Slipway. */
  readonly version: string;
  /** The version of the engine. */
  readonly engine: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** What the run was made from, as far as that is known. */
  readonly source?: { readonly uri: string; readonly commit?: string };
}

/** The media type of a statement, in a registry. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json';
/** What it says. */
export const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1';
/** How a build is described; the fields of `externalParameters` are those of a plan's build step. */
const BUILD_TYPE = 'urn:slipway:build:v1';

/**
 * How a pushed image came to be, as an in-toto statement with SLSA provenance (slsa.dev/spec/v1.0/provenance); pure.
 * Build arguments are there by name alone: their values may be secrets, and whoever reads the image reads this.
 */
export function provenanceStatement(image: OutputImage, facts: BuildFacts): object {
  const { runId, attempt, installation, version, engine, startedAt, finishedAt } = facts;
  const [algorithm = '', hex = ''] = image.digest.split(':');
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `${image.registry}/${image.repository}`, digest: { [algorithm]: hex } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: parametersOf(facts.step),
        internalParameters: { engine },
        resolvedDependencies: sourceOf(facts.source),
      },
      runDetails: {
        builder: { id: `urn:slipway:installation:${installation}`, version: { slipway: version } },
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
    context,
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

/** The labels that say where an image is from. The keys are those of the OCI image specification, but for the run's. */

/** Label of an image with the id of the run that built it. */
export const RUN_ID_LABEL = 'slipway.run-id';
const SOURCE_LABEL = 'org.opencontainers.image.source';
const REVISION_LABEL = 'org.opencontainers.image.revision';

/** Where the source of a run is from, as far as it is known. */
export interface ImageOrigin {
  readonly runId: string;
  /** URL of the repository, without credentials; empty: it is from none. */
  readonly sourceUrl: string;
  /** Commit; empty: none. */
  readonly revision: string;
}

/**
 * What is known before the build, `KEY=VALUE` each. There is no time among them: the engine keeps that of the image, and
 * one more would make each build of the same files another image.
 */
export function originLabels({ runId, sourceUrl, revision }: ImageOrigin): readonly string[] {
  return [`${RUN_ID_LABEL}=${runId}`, ...sourceLabels({ sourceUrl, revision })];
}

/** The labels with another source in them than that of the run. */
export function relabelled(
  labels: readonly string[],
  source: Pick<ImageOrigin, 'sourceUrl' | 'revision'>,
): readonly string[] {
  return [...untakenLabels(labels, new Set([SOURCE_LABEL, REVISION_LABEL])), ...sourceLabels(source)];
}

function sourceLabels({ sourceUrl, revision }: Pick<ImageOrigin, 'sourceUrl' | 'revision'>): readonly string[] {
  return [
    ...(sourceUrl === '' ? [] : [`${SOURCE_LABEL}=${sourceUrl}`]),
    ...(revision === '' ? [] : [`${REVISION_LABEL}=${revision}`]),
  ];
}

/** The labels about the base image, `KEY=VALUE` each; `name` is the reference in full, `digest` may be empty. */
export function baseLabels(name: string, digest: string): readonly string[] {
  return [
    `org.opencontainers.image.base.name=${name}`,
    ...(digest === '' ? [] : [`org.opencontainers.image.base.digest=${digest}`]),
  ];
}

/** Those labels whose key is not taken: what a user says of an image holds. */
export function untakenLabels(labels: readonly string[], taken: ReadonlySet<string>): readonly string[] {
  return labels.filter((label) => !taken.has(label.slice(0, label.indexOf('='))));
}

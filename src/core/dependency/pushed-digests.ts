import type { DependencyImage, ImageDependencies, OutputImage } from '../../../task-schemas/index.ts';
import { parseImageReference, withDefaultTag } from '../image-reference.ts';

/** The report with the digests that images got when they were pushed; what was not pushed stays as it is. */
export function withPushedDigests(
  report: readonly ImageDependencies[],
  pushed: readonly OutputImage[],
): readonly ImageDependencies[] {
  return report.map((entry) => (entry.image === null ? entry : { ...entry, image: withDigest(entry.image, pushed) }));
}

function withDigest(image: DependencyImage, pushed: readonly OutputImage[]): DependencyImage {
  const digest = pushed.findLast((each) => isPushOf(image, each))?.digest;
  return digest === undefined ? image : { ...image, digest };
}

/** A report names Docker Hub by another host, so names are compared as they were written. */
function isPushOf({ reference }: DependencyImage, { registry, repository, tag }: OutputImage): boolean {
  const named = parseImageReference(reference);
  if (named.kind === 'invalid') return false;
  return named.domain === registry && named.path === repository && withDefaultTag(named).tag === tag;
}

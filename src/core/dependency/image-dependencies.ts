/** The report of the images that a build depends on, in the JSON shape of the reference (section 7.2). */
import type { DependencyImage, Diagnostic, ImageDependencies } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import type { DockerfileScan } from '../dockerfile/scan-dockerfile.ts';
import { failure, type Result, success } from '../result.ts';
import { dependencyImage, withLatest } from './dependency-image.ts';

/**
 * One entry for each name that the build gives, or one without an image. Images that are only copied from are no
 * dependencies in the reference, and the image of `# syntax=` is none either.
 * @param names the names of the built image, as in the build step
 * @param revision commit of the build context, empty if there is none
 */
export function imageDependencies(
  scan: Pick<DockerfileScan, 'runtimeBase' | 'buildtimeBases'>,
  names: readonly string[],
  revision = '',
): Result<readonly ImageDependencies[]> {
  const diagnostics: Diagnostic[] = [];
  function read(name: string): readonly DependencyImage[] {
    const result = dependencyImage(name);
    if (result.kind === 'valid') return [result.image];
    diagnostics.push(plainError('image-invalid', result.reason, result.hint));
    return [];
  }
  const [runtime] = read(withLatest(scan.runtimeBase.name));
  const buildtime = buildtimeNames(scan).flatMap(read);
  const images = names.length === 0 ? [null] : names.flatMap((name) => read(withLatest(name)));
  if (runtime === undefined || diagnostics.length > 0) return failure(diagnostics);
  const rest = {
    'runtime-dependency': runtime,
    'buildtime-dependency': buildtime.length === 0 ? null : buildtime,
    git: { 'git-head-revision': revision },
  };
  return success(images.map((image) => ({ image, ...rest })));
}

/** `golang`, `golang:latest` and `library/golang` are one image. */
function buildtimeNames({ buildtimeBases }: Pick<DockerfileScan, 'buildtimeBases'>): readonly string[] {
  return [...new Set(buildtimeBases.map(({ name }) => withLatest(name).replace(/^library\//, '')))];
}

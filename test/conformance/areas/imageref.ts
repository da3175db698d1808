import { dependencyImage } from '../../../src/core/dependency/dependency-image.ts';

/** Cases of the area `imageref`: how a dependency report names an image. */
export function imagerefOutcome(input: Readonly<Record<string, unknown>>): unknown {
  const result = dependencyImage(String(input.image));
  return result.kind === 'valid' ? { valid: true, ref: result.image } : { valid: false, errorKinds: ['image-invalid'] };
}

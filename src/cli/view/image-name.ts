import type { OutputImage } from '../../../task-schemas/index.ts';

/** A pushed image in full: `registry/repository:tag@sha256:…`. */
export function imageName({ registry, repository, tag, digest }: OutputImage): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}@${digest}`;
}

import { parseImageReference } from '../image-reference.ts';
import { type AliasNames, type ImageMistake, imageMistake } from './image-mistake.ts';

/** The names of a push step as a plan has them, and what is wrong with which entry. */
export interface PushNames {
  readonly images: readonly string[];
  readonly problems: readonly { readonly index: number; readonly reason: string; readonly hint: string }[];
}

/**
 * Names to push: `:latest` where there is neither tag nor digest, each once, in order (reference, section 5.1). Names
 * stay as written otherwise; one without a registry host is Docker Hub's. As in the reference a colon anywhere counts
 * as a tag, so `host:5000/app` stays without one: its push means `latest` all the same. A digest is a mistake: docker
 * refuses to push by one.
 */
export function pushNames(names: readonly string[], aliases?: AliasNames): PushNames {
  const images = new Set<string>();
  const problems: { index: number; reason: string; hint: string }[] = [];
  names.forEach((name, index) => {
    const mistake = imageMistake(name, aliases) ?? digestMistake(name);
    if (mistake !== undefined) problems.push({ index, reason: mistake.reason, hint: mistake.hint });
    else images.add(/[:@]/.test(name) ? name : `${name}:latest`);
  });
  return { images: [...images], problems };
}

function digestMistake(name: string): ImageMistake | undefined {
  const reference = parseImageReference(name);
  if (reference.kind === 'invalid' || reference.digest === undefined) return undefined;
  return {
    reason: `The image name "${name}" has a digest, which names an image that is at its registry already`,
    hint: `Push by tag: ${name.replace(/@.*$/, '')}${reference.tag === undefined ? ':latest' : ''}`,
  };
}

/**
 * The name that a one-off build gives an image: below the registry of the run, unless it begins with `library/` or
 * with a registry known to the run (reference, section 7.1: plain prefixes). A name that begins with host:port is left
 * alone too: no path may hold the colon, so it can only be a registry.
 */
export function quickBuildName(name: string, registry: string, knownRegistries: readonly string[]): string {
  if (registry === '' || name.startsWith('library/') || /^[^/]+:\d+\//.test(name)) return name;
  const known = [registry, ...knownRegistries].some((host) => host !== '' && name.startsWith(host));
  return known ? name : `${registry}/${name}`;
}

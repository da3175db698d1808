import type { DependencyImage } from '../../../task-schemas/index.ts';
import { type ImageReference, parseImageReference } from '../image-reference.ts';

/** What `dependencyImage` gives; `hint` says how to put it right. */
export type DependencyImageResult =
  | { readonly kind: 'valid'; readonly image: DependencyImage }
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string };

/** The host that stands for Docker Hub in reports, where a name has no host of its own. */
const HUB = 'registry.hub.docker.com';

/**
 * An image name as a report shows it (reference, section 7.2). A host that is written stays as it is; the reference
 * takes `localhost:5000` for a user of Docker Hub, here it is a host.
 */
export function dependencyImage(name: string): DependencyImageResult {
  const parsed = parseImageReference(name);
  if (parsed.kind === 'invalid') return parsed;
  const { tag, digest = '' } = parsed;
  const shown = { ...location(name, parsed), ...(tag === undefined ? {} : { tag }), digest, reference: name };
  return { kind: 'valid', image: shown };
}

/**
 * The name with the tag `latest` if it has none. As in the reference, a colon anywhere counts as a tag, so
 * `host:5000/app` stays without one.
 */
export function withLatest(name: string): string {
  return /[:@]/.test(name) ? name : `${name}:latest`;
}

/** The parser gives Docker Hub one name, whichever was written, so the written host is looked at here. */
function location(name: string, { path }: ImageReference): Pick<DependencyImage, 'registry' | 'repository'> {
  const host = name.slice(0, Math.max(name.indexOf('/'), 0));
  if (!/[.:]/.test(host) && host !== 'localhost') return { registry: HUB, repository: path };
  return { registry: host, repository: name.slice(host.length + 1).replace(/[:@].*$/, '') };
}

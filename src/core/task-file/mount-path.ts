/** Where a container sees a volume: what Docker's `--volume NAME:` takes after the name. */
import { hasStandIn } from './secret-stand-in.ts';

/** A folder of a container, or what is wrong with its text. */
export type MountPath =
  | { readonly kind: 'path'; readonly path: string; readonly readOnly: boolean }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

/** Options of a mount that are about file systems of the worker: they have no meaning for volumes of a run. */
const HARMLESS = new Set(['', 'rw', 'z', 'Z', 'cached', 'consistent', 'delegated', 'nocopy']);

/**
 * Reads `/PATH[:OPTIONS]`. The reference hands the text on to Docker (section 6.1), so options are possible here too.
 * A text with a secret that is not known yet is a path as it stands.
 */
export function parseMountPath(text: string): MountPath {
  if (hasStandIn(text)) return { kind: 'path', path: text, readOnly: false };
  const [path = '', options = '', ...rest] = text.split(':');
  if (!path.startsWith('/')) {
    const message = `"${text}" does not say where in the container the volume is`;
    return { kind: 'wrong', message, hint: 'Write a path that begins with /.' };
  }
  const words = options.split(',');
  const unknown = rest[0] ?? words.find((word) => word !== 'ro' && !HARMLESS.has(word));
  if (unknown === undefined) return { kind: 'path', path, readOnly: words.includes('ro') };
  return { kind: 'wrong', message: `"${unknown}" is not an option of a volume`, hint: 'Write :ro, or nothing.' };
}

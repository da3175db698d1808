/** What is meant by a text that stands where an image does and is none: the mistakes that a step invites. */
import { didYouMean } from '../did-you-mean.ts';
import { HELD_HOST, isHeldHost } from '../held-host.ts';
import { parseImageReference } from '../image-reference.ts';
import { RUN_ALIASES } from '../task-file/alias/built-in.ts';

/** What is wrong with an image name, and what to write instead. */
export interface ImageMistake {
  readonly reason: string;
  readonly hint: string;
}

/** The aliases of a file by their names, without `$`; empty: it has none. */
export type AliasNames = readonly string[];

/** Why a text is no image name of a task; undefined when it is one. */
export function imageMistake(name: string, aliases: AliasNames = []): ImageMistake | undefined {
  const reference = parseImageReference(name);
  if (reference.kind === 'valid') return isHeldHost(reference.domain) ? reserved(name) : undefined;
  const [written, alias = ''] = /\$([A-Za-z][A-Za-z0-9]*)/.exec(name) ?? [];
  if (written === undefined) return reference;
  const reason = `The image name "${name}" has ${written} in it, which nothing replaces`;
  const field = didYouMean(alias, RUN_ALIASES.keys());
  const template = `write ${RUN_ALIASES.get(field ?? '') ?? 'a template such as {{.Run.Registry}}'}`;
  if (aliases.length === 0)
    return { reason, hint: `Aliases such as ${written} need version: v1.1.0 (with a small v); or ${template}.` };
  const near = didYouMean(alias, [...RUN_ALIASES.keys(), ...aliases]);
  if (near !== undefined) return { reason, hint: `Did you mean "$${near}"?` };
  return { reason, hint: `Declare ${alias} under values: of alias:, or ${template}.` };
}

function reserved(name: string): ImageMistake {
  const reason = `The image name "${name}" begins with ${HELD_HOST}, under which runs keep the images that they build`;
  return { reason, hint: 'Use the name that the build step gave it with -t.' };
}

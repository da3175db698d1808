import { parseImageReference } from '../../image-reference.ts';

/** Names that a `cmd` may begin with and the images that they mean, or everything that is wrong with the text. */
export interface ReadImageAliases {
  readonly aliases: ReadonlyMap<string, string>;
  /** Ends of a sentence that begins with the name of the setting. */
  readonly problems: readonly string[];
}

/** Reads what an installation sets: `NAME=IMAGE` joined with commas; blanks around them mean nothing. */
export function parseImageAliases(text: string): ReadImageAliases {
  const aliases = new Map<string, string>();
  const problems: string[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const equals = entry.indexOf('=');
    const name = entry.slice(0, Math.max(equals, 0)).trim();
    const image = entry.slice(equals + 1).trim();
    const problem = problemOf(name, image, equals, entry) ?? (aliases.has(name) ? `names "${name}" twice` : undefined);
    if (problem === undefined) aliases.set(name, image);
    else problems.push(problem);
  }
  return { aliases, problems };
}

function problemOf(name: string, image: string, equals: number, entry: string): string | undefined {
  if (equals < 0) return `has "${entry}", which is not NAME=IMAGE`;
  if (!/^[A-Za-z0-9]+$/.test(name)) return `has the name "${name}", but names have letters and digits only`;
  const parsed = parseImageReference(image);
  return parsed.kind === 'valid' ? undefined : `has no usable image for "${name}": ${parsed.reason}`;
}

/** The submodules that a commit names: an untrusted file, so every name, path and address is looked at. */

/** A submodule; `url` is as written there. */
export interface Submodule {
  readonly name: string;
  /** Relative path in the repository, with `/`. */
  readonly path: string;
  readonly url: string;
}

/**
 * Reads what `git config --null --list` prints of `.gitmodules`. Entries without path or address are none, and neither are
 * those with a path that leaves the repository or touches `.git`.
 */
export function readSubmodules(output: string): readonly Submodule[] {
  const found = new Map<string, { path?: string; url?: string }>();
  for (const entry of output.split('\0')) {
    const [, name, key, value] = /^submodule\.([\s\S]+)\.(path|url)\n([\s\S]*)$/.exec(entry) ?? [];
    if (name === undefined || key === undefined || value === undefined) continue;
    found.set(name, { ...found.get(name), [key]: value });
  }
  return [...found].flatMap(([name, { path, url }]) =>
    path !== undefined && url !== undefined && isInside(path) ? [{ name, path, url }] : [],
  );
}

function isInside(path: string): boolean {
  const parts = path.split('/');
  return !path.startsWith('-') && parts.every((part) => part !== '' && !/^(?:\.|\.\.|\.git|git~1)$/i.test(part));
}

/** The address of a submodule: relative ones (`./x`, `../x`) start from the repository that names it. */
export function resolveSubmoduleUrl(parent: string, url: string): string {
  if (!/^\.\.?\//.test(url)) return url;
  const [, start = '', path = ''] = /^([a-z]+:\/\/[^/]*\/|[^/:]+@[^/:]+:)(.*)$/i.exec(parent) ?? [];
  const parts = path.replace(/\/+$/, '').split('/');
  for (const part of url.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return start + parts.join('/');
}

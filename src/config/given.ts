import { readFileSync } from 'node:fs';
import { Settings } from './settings.ts';

/** Variables of a process by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings as they are written, by their names; none is empty. Some may be wrong. */
export type Given = Readonly<Record<string, string | undefined>>;

/** What the environment and the files that it names (`NAME_FILE`) set, and which of the files cannot be used. */
export function readGiven(env: Environment): { readonly given: Given; readonly problems: readonly string[] } {
  const given: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of Object.keys(Settings.properties)) {
    const value = env[name];
    // What is itself a setting is no file with the value of another.
    const file = `${name}_FILE` in Settings.properties ? undefined : env[`${name}_FILE`];
    if (value && file) problems.push(`${name} and ${name}_FILE are both set: keep one of them.`);
    const used = value || (file ? readText(`${name}_FILE`, file, problems)?.trim() : undefined);
    if (used) given[name] = used;
  }
  return { given, problems };
}

/** The text of the file that the setting `name` names; undefined, and a problem more, when it cannot be read. */
export function readText(name: string, file: string, problems: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    return undefined;
  }
}

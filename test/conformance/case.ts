/** A recorded case: what the reference engine makes of an input. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** JSON as it was read. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One case; `given` is the whole file, whose input depends on the area. */
export interface ConformanceCase {
  readonly name: string;
  readonly area: string;
  readonly given: JsonObject;
  readonly expect: Json;
}

/** What a file of a folder holds: a case, or why it is none. */
export type ReadCase =
  | { readonly kind: 'case'; readonly recorded: ConformanceCase }
  | { readonly kind: 'unreadable'; readonly file: string; readonly reason: string };

/** Reads every `*.json` of a folder, by name; rejects nothing that a file says, throws when the folder cannot be read. */
export function readCases(folder: string): readonly ReadCase[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().map((file): ReadCase => {
    try {
      return { kind: 'case', recorded: parseCase(readFileSync(join(folder, file), 'utf8'), file) };
    } catch (error) {
      return { kind: 'unreadable', file, reason: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** Reads one case; `file` is for messages. */
export function parseCase(text: string, file: string): ConformanceCase {
  let given: Json;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON.`, { cause });
  }
  if (!isObject(given)) throw new Error(`${file} is not a case: it needs an object.`);
  const { name, area, expect } = given;
  if (typeof name !== 'string' || typeof area !== 'string' || expect === undefined)
    throw new Error(`${file} is not a case: it needs name, area and expect.`);
  return { name, area, given, expect };
}

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

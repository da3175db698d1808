/** Values of Docker's command-line options, as Docker itself reads them. */
import type { BuildStep } from '../../../../task-schemas/index.ts';

/** A limit of a process: -1 is unlimited. */
export type Ulimit = BuildStep['ulimits'][number];

/** Docker's sizes: a number with an optional b, k, m, g or t, in powers of 1024; undefined when it is none. */
export function parseBytes(text: string): number | undefined {
  const match = /^([0-9]+(?:\.[0-9]+)?) ?([kmgtp]?)i?b?$/i.exec(text);
  if (match === null) return undefined;
  const bytes = Math.trunc(Number(match[1]) * 1024 ** ' kmgtp'.indexOf((match[2] || ' ').toLowerCase()));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A number of CPUs above zero; undefined when it is none. */
export function parseCpus(text: string): number | undefined {
  const cpus = /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)$/.test(text) ? Number(text) : 0;
  return cpus > 0 && Number.isFinite(cpus) ? cpus : undefined;
}

const ULIMITS = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(' '),
);

/** `nofile=1024:2048` or `core=-1`; the hard limit is the soft one unless it is given. Undefined when it is none. */
export function parseUlimit(text: string): Ulimit | undefined {
  const [, name = '', soft, hard] = /^([a-z]+)=(-1|[0-9]{1,15})(?::(-1|[0-9]{1,15}))?$/.exec(text) ?? [];
  if (!ULIMITS.has(name) || soft === undefined) return undefined;
  const limit = { name, soft: Number(soft), hard: Number(hard ?? soft) };
  const exceeds = limit.hard !== -1 && (limit.soft === -1 || limit.soft > limit.hard);
  return exceeds ? undefined : limit;
}

/** `HOST:ADDRESS` from that or from `HOST=ADDRESS`; undefined when it is neither. */
export function parseExtraHost(text: string): string | undefined {
  const [, host, address] = /^([A-Za-z0-9_.-]+)[:=]\[?([0-9.]+|[0-9A-Fa-f:.]+|host-gateway)\]?$/.exec(text) ?? [];
  return host === undefined ? undefined : `${host}:${address}`;
}

/** The fields of an option such as `type=registry,ref=x`; a field without `=` has an empty value. */
export function parseOptionFields(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((field): [string, string] => {
      const equals = field.indexOf('=');
      return equals < 0 ? [field.trim(), ''] : [field.slice(0, equals).trim(), field.slice(equals + 1).trim()];
    }),
  );
}

/** `KEY=VALUE` texts as an object; the last of a key wins, and a text without `=` has an empty value. */
export function parsePairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

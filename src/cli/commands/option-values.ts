/** Readers for the texts of options. What they throw, commander prints together with the option's name. */

import { InvalidArgumentError } from 'commander';
import type { Diagnostic, RunStatus } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { parsePlatforms } from '../../core/platform.ts';

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** What is wrong with the variables of `--env`, of which commas separate several. */
export function variableMistakes(env: readonly string[]): readonly Diagnostic[] {
  const hint = 'Write --env KEY=VALUE. Commas split it; a value with a comma belongs to the env of a step.';
  return env.flatMap((entry) => {
    const wrong = entry.split(',').filter((piece) => !piece.includes('='));
    return wrong.map((piece) => plainError('env-invalid', `"${piece}" of --env ${entry} has no =.`, hint));
  });
}

/** Reads a whole number between two bounds, both included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads a platform in Docker's words: os/architecture[/variant]. */
export function platform(text: string): string {
  if (/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(text)) return text;
  throw new InvalidArgumentError('It must have the form os/architecture[/variant], for example linux/arm64.');
}

/** Reads platforms with commas between them. */
export function platforms(text: string): string {
  const parsed = parsePlatforms(text);
  if (parsed.kind === 'invalid') throw new InvalidArgumentError(`${parsed.reason}. ${parsed.hint}`);
  return parsed.platforms.map(platform).join(',');
}

/** Reads the place of a registry as images begin with it: `host[:port][/path]`; empty: the run has none. */
export function registryHost(text: string): string {
  if (/^(?:(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:\/[a-z0-9._-]+)*)?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a host as in names of images, without https:// and a / at the end.');
}

/** Reads the name of a network as Docker takes it. */
export function networkName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a name of letters, digits, hyphens, dots and underscores.');
}

/** Reads a text that must say something. */
export function nonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty; leave the option out instead.');
}

/** Collects `KEY=VALUE`; the value may be empty and may contain `=`. The last one for a key wins. */
export function collectSetting(
  text: string,
  previous: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It must have the form KEY=VALUE.');
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** Like `collectSetting`, but `KEY` alone takes its value from the environment, as `docker build --build-arg` does. */
export function collectBuildArg(
  env: Readonly<Record<string, string | undefined>>,
): (text: string, previous: Readonly<Record<string, string>> | undefined) => Readonly<Record<string, string>> {
  return (text, previous) => {
    if (text.includes('=')) return collectSetting(text, previous);
    const value = env[text];
    if (value === undefined) {
      throw new InvalidArgumentError(`It must have the form KEY=VALUE, or name a variable of the environment.`);
    }
    return { ...previous, [text]: value };
  };
}

// Written out, because loading the schemas with their library would double the time that every command takes to start;
// the compiler keeps the list complete.
const STATUSES: Readonly<Record<RunStatus, RunStatus>> = {
  Queued: 'Queued',
  Started: 'Started',
  Running: 'Running',
  Succeeded: 'Succeeded',
  Failed: 'Failed',
  Canceled: 'Canceled',
  Error: 'Error',
  Timeout: 'Timeout',
};

/** Collects statuses in any case; commas separate several. */
export function collectStatus(text: string, previous: readonly RunStatus[] | undefined): readonly RunStatus[] {
  const statuses = Object.values(STATUSES);
  const found = text.split(',').map((word) => {
    const status = statuses.find((each) => each.toLowerCase() === word.trim().toLowerCase());
    if (status === undefined) throw new InvalidArgumentError(`It must be one of ${statuses.join(', ')}.`);
    return status;
  });
  return [...(previous ?? []), ...found];
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads a moment: `30s`, `10m`, `2h`, `3d`, `1w` ago, or ISO 8601. Answers milliseconds since the epoch. */
export function moment(now: () => number): (text: string) => number {
  return (text) => {
    const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text.trim()) ?? [];
    if (amount !== undefined && isUnit(unit)) return Math.max(0, now() - Number(amount) * UNIT_MS[unit]);
    const at = /^\d{4}-\d\d-\d\d/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
    if (Number.isFinite(at) && at >= 0) return at;
    throw new InvalidArgumentError('It must be a time ago such as 30m, 2h or 3d, or a date such as 2026-01-31T08:00Z.');
  };
}

function isUnit(text: string | undefined): text is keyof typeof UNIT_MS {
  return text !== undefined && text in UNIT_MS;
}

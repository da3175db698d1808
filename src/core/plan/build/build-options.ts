/** What the options of a build text say. */
import { parsePlatforms } from '../../platform.ts';
import type { TextFindings } from '../../task-file/text-findings.ts';
import { unreachable } from '../../unreachable.ts';
import { type AliasNames, imageMistake } from '../image-mistake.ts';
import type { FlagUse } from '../words/flags.ts';
import { parseBytes, parseExtraHost, parseOptionFields, parseUlimit, type Ulimit } from '../words/option-values.ts';
import { type AttestationFlag, readAttestation } from './build-attestation.ts';
import { readCacheOption } from './cache-options.ts';
import type { BuildFlag } from './docker-build-flags.ts';

/** The options of a build; `file` is the Dockerfile as written, the others are as in a plan's build step. */
export interface BuildOptions {
  readonly file?: string;
  readonly images: readonly string[];
  readonly buildArgs: readonly string[];
  readonly labels: readonly string[];
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
  readonly extraHosts: readonly string[];
  readonly ulimits: readonly Ulimit[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly target?: string;
  readonly platforms?: readonly string[];
  readonly provenance?: string;
  readonly sbom?: string;
  readonly buildNetwork?: string;
  readonly shmSizeBytes?: number;
}

type ListField = 'images' | 'buildArgs' | 'labels' | 'cacheFrom' | 'cacheTo' | 'secrets' | 'ssh' | 'extraHosts';
type Draft = { -readonly [Name in keyof BuildOptions]: BuildOptions[Name] } & Record<ListField, string[]> & {
    ulimits: Ulimit[];
  };
type Wrong = { readonly code: string; readonly message: string; readonly hint?: string };

/** Reads the options; undefined when one of them is a finding. The last use of an option with one value counts. */
export function readBuildOptions(
  uses: readonly FlagUse<BuildFlag>[],
  report: TextFindings,
  aliases?: AliasNames,
): BuildOptions | undefined {
  const lists = { images: [], buildArgs: [], labels: [], cacheFrom: [], cacheTo: [], secrets: [], ssh: [] };
  const draft: Draft = { ...lists, extraHosts: [], ulimits: [], noCache: false, pull: false };
  let sound = true;
  for (const use of uses) {
    const wrong = applyOption(draft, use, report, aliases);
    if (wrong === undefined) continue;
    const { start, end } = wrong.code === 'build-refused-option' ? use.word : use.valueWord;
    report.error(wrong.code, start, end, wrong.message, wrong.hint);
    sound = false;
  }
  return sound ? draft : undefined;
}

function applyOption(
  draft: Draft,
  use: FlagUse<BuildFlag>,
  report: TextFindings,
  aliases?: AliasNames,
): Wrong | undefined {
  const { value } = use;
  const { effect, name } = use.rule;
  switch (effect.kind) {
    case 'tag':
      return addImage(draft.images, value, aliases);
    case 'pairs':
      if (name === '--build-arg' && value.indexOf('=') < 1) {
        const hint = 'The worker’s own environment is not passed on; write KEY=VALUE.';
        return wrongValue(`The build argument "${value}" has no value`, hint);
      }
      draft[effect.field].push(value);
      return undefined;
    case 'list':
      draft[effect.field].push(value);
      return undefined;
    case 'fields':
      if (!parseOptionFields(value).get(effect.needs))
        return wrongValue(`${name} needs ${effect.needs}=…, but has "${value}"`, `Write ${name} ${effect.needs}=NAME`);
      draft[effect.field].push(value);
      return undefined;
    case 'cache-from':
    case 'cache-to':
      return addCache(draft, effect.kind, value, aliases);
    case 'hosts': {
      const host = parseExtraHost(value);
      if (host === undefined) return wrongValue(`"${value}" is not a host with its address`, 'Write HOST:ADDRESS.');
      draft.extraHosts.push(host);
      return undefined;
    }
    case 'ulimit': {
      const limit = parseUlimit(value);
      if (limit === undefined)
        return wrongValue(`"${value}" is not a limit`, 'Write NAME=SOFT:HARD, such as nofile=1024:2048.');
      draft.ulimits.push(limit);
      return undefined;
    }
    case 'size':
      draft.shmSizeBytes = parseBytes(value) ?? 0;
      return draft.shmSizeBytes > 0
        ? undefined
        : wrongValue(`"${value}" is not an amount of memory`, 'Write a number with b, k, m or g, such as 512m.');
    case 'platforms':
      return addPlatforms(draft, value);
    case 'attestation':
      return addAttestation(draft, effect.of, value);
    case 'text':
      if (value !== '') draft[effect.field] = value;
      return undefined;
    case 'switch':
      if (!/^(?:true|false)$/.test(value)) return wrongValue(`${name} is true or false, not "${value}"`);
      draft[effect.field] = value === 'true';
      return undefined;
    case 'isolation':
      return value === '' || value === 'default'
        ? undefined
        : refused(name, 'Windows containers are not supported; leave it out.');
    case 'nothing':
      return undefined;
    case 'warned':
      if (value !== 'false')
        report.warning(
          'build-option-without-effect',
          use.word.start,
          use.word.end,
          `The option ${name} has no effect`,
          effect.hint,
        );
      return undefined;
    case 'refused':
      return refused(name, effect.hint);
    default:
      return unreachable(effect);
  }
}

/** Several uses add up, as with docker buildx; one without a value says nothing. */
function addPlatforms(draft: Draft, value: string): Wrong | undefined {
  if (value === '') return undefined;
  const parsed = parsePlatforms(value);
  if (parsed.kind === 'invalid') return wrongValue(parsed.reason, parsed.hint);
  draft.platforms = [...new Set([...(draft.platforms ?? []), ...parsed.platforms])];
  return undefined;
}

function addAttestation(draft: Draft, of: AttestationFlag, value: string): Wrong | undefined {
  const read = readAttestation(of, value);
  if (read.kind === 'wrong') return wrongValue(read.message, read.hint);
  draft[read.kind] = read.value;
  return undefined;
}

function addImage(images: string[], value: string, aliases?: AliasNames): Wrong | undefined {
  const mistake = imageMistake(value, aliases);
  if (mistake !== undefined) return { code: 'image-invalid', message: mistake.reason, hint: mistake.hint };
  images.push(value);
  return undefined;
}

function addCache(
  draft: Draft,
  flag: 'cache-from' | 'cache-to',
  value: string,
  aliases?: AliasNames,
): Wrong | undefined {
  const read = readCacheOption(flag, value, aliases);
  if (read.kind === 'wrong') return read;
  draft[flag === 'cache-from' ? 'cacheFrom' : 'cacheTo'].push(read.text);
  return undefined;
}

function wrongValue(message: string, hint?: string): Wrong {
  return { code: 'build-option-value', message, ...(hint === undefined ? {} : { hint }) };
}

function refused(name: string, hint: string): Wrong {
  return { code: 'build-refused-option', message: `The option ${name} is not possible in a task`, hint };
}

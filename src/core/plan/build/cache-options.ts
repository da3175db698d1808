/** What `--cache-from` and `--cache-to` of a build say: layers come from images and go to images. */
import { type AliasNames, imageMistake } from '../image-mistake.ts';
import { parseOptionFields } from '../words/option-values.ts';

/** Such an option as a plan has it, or what is wrong with it; `code` is that of the finding. */
export type ReadCacheOption =
  /** For `cache-from` an image, for `cache-to` `type=inline` or `type=registry,ref=IMAGE…`. */
  | { readonly kind: 'cache'; readonly text: string }
  | { readonly kind: 'wrong'; readonly code: string; readonly message: string; readonly hint: string };

/** What may be said of layers on their way to a registry (BuildKit's `registry` backend), by the values that it takes. */
const REGISTRY_FIELDS: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    mode: /^(?:min|max)$/,
    'image-manifest': /^(?:true|false)$/,
    'oci-mediatypes': /^(?:true|false)$/,
    'ignore-error': /^(?:true|false)$/,
    'force-compression': /^(?:true|false)$/,
    compression: /^(?:uncompressed|gzip|estargz|zstd)$/,
    'compression-level': /^\d{1,2}$/,
  }),
);

/** Reads `IMAGE`, `type=registry,ref=IMAGE` or, for `cache-to`, `type=inline`. What else BuildKit knows is not on a worker. */
export function readCacheOption(flag: 'cache-from' | 'cache-to', value: string, aliases?: AliasNames): ReadCacheOption {
  const {
    type,
    ref = '',
    ...more
  } = value.includes('=') ? Object.fromEntries(parseOptionFields(value)) : { type: 'registry', ref: value };
  if (flag === 'cache-to' && type === 'inline') return { kind: 'cache', text: 'type=inline' };
  if (type !== 'registry' || ref === '') {
    const message = `--${flag} "${value}" is not a place for layers that a worker has`;
    return wrong('build-option-value', message, `Write --${flag} type=registry,ref=IMAGE`);
  }
  const mistake = imageMistake(ref, aliases);
  if (mistake !== undefined) return wrong('image-invalid', mistake.reason, mistake.hint);
  if (flag === 'cache-from') return { kind: 'cache', text: ref };
  const fields = Object.entries(more);
  const odd = fields.find(([name, text]) => REGISTRY_FIELDS.get(name)?.test(text) !== true);
  if (odd === undefined)
    return {
      kind: 'cache',
      text: ['type=registry', `ref=${ref}`, ...fields.map(([name, text]) => `${name}=${text}`)].join(','),
    };
  const hint = `Besides type and ref there may be: ${[...REGISTRY_FIELDS.keys()].join(', ')}; mode is min or max.`;
  return wrong('build-option-value', `"${odd[0]}=${odd[1]}" means nothing in --cache-to`, hint);
}

function wrong(code: string, message: string, hint: string): ReadCacheOption {
  return { kind: 'wrong', code, message, hint };
}

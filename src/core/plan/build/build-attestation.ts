import { parseOptionFields } from '../words/option-values.ts';

/** The options of `docker build` about attestations. */
export type AttestationFlag = 'provenance' | 'sbom' | 'any';

/** What such an option asks for, as a plan has it; or why it asks for nothing that there is. */
export type ReadAttestation =
  | { readonly kind: 'provenance' | 'sbom'; readonly value: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

/**
 * Reads `--provenance=true`, `--sbom=generator=IMAGE` or (`any`) `--attest type=provenance,mode=max`. `true` becomes an
 * empty value, `false` and `disabled=true` become `false`.
 */
export function readAttestation(flag: AttestationFlag, text: string): ReadAttestation {
  if (/^(?:true|false|)$/i.test(text) && flag !== 'any') return told(flag, !/^false$/i.test(text), []);
  const { type, disabled, ...rest } = Object.fromEntries(parseOptionFields(text));
  const kind = flag === 'any' ? type : flag;
  if (kind !== 'provenance' && kind !== 'sbom') {
    const message = type === undefined ? `"${text}" says no type` : `"${type}" is not a type of attestation`;
    return { kind: 'wrong', message, hint: 'Write type=provenance or type=sbom.' };
  }
  if (rest.mode !== undefined && !/^(?:min|max)$/.test(rest.mode)) {
    return {
      kind: 'wrong',
      message: `"${rest.mode}" is not a mode of provenance`,
      hint: 'Write mode=min or mode=max.',
    };
  }
  return told(kind, !/^(?:1|true)$/i.test(disabled ?? ''), Object.entries(rest));
}

function told(
  kind: 'provenance' | 'sbom',
  isWanted: boolean,
  fields: readonly (readonly [string, string])[],
): ReadAttestation {
  return { kind, value: isWanted ? fields.map(([name, value]) => `${name}=${value}`).join(',') : 'false' };
}

/**
 * How to sign in to a registry, as `--credential` says it (reference, section 6.7): JSON with the keys `registry`,
 * `username`, `userNameProviderType`, `password`, `passwordProviderType`, `identity` and `aadResourceId`. Keys and types
 * may be written in any case; other keys mean nothing. Whether two credentials are for one registry is the caller's
 * business.
 */

/** A user name or a password: as it is, or the URL of a vault's secret that holds it (not checked yet). */
export type CredentialPart =
  | { readonly from: 'text'; readonly text: string }
  | { readonly from: 'vault'; readonly url: string };

/** What was given besides, and a credential of its kind has no use for; kept, as in the reference. */
export type UnusedFields = Readonly<Partial<Record<'username' | 'password' | 'identity' | 'aadResourceId', string>>>;

/** A credential; `registry` is host[:port], `identity` the client id of a managed identity. */
export type RegistrySignIn =
  | {
      readonly kind: 'opaque';
      readonly registry: string;
      readonly username: string;
      readonly password: string;
      readonly unused: UnusedFields;
    }
  /** At least one of the two parts is from a vault, which `identity` may read. */
  | {
      readonly kind: 'vault';
      readonly registry: string;
      readonly identity: string;
      readonly username: CredentialPart;
      readonly password: CredentialPart;
      readonly unused: UnusedFields;
    }
  /** A token for `aadResourceId` is exchanged for one of the registry. */
  | {
      readonly kind: 'managed-identity';
      readonly registry: string;
      readonly identity: string;
      readonly aadResourceId: string;
      readonly unused: UnusedFields;
    };

/** What `parseRegistrySignIn` gives; `hint` says how to put it right. */
export type ParsedRegistrySignIn =
  | { readonly kind: 'valid'; readonly credential: RegistrySignIn }
  | { readonly kind: 'invalid'; readonly reason: string; readonly hint: string };

const KEYS = [
  'registry',
  'username',
  'userNameProviderType',
  'password',
  'passwordProviderType',
  'identity',
  'aadResourceId',
] as const;
type Key = (typeof KEYS)[number];
type Fields = Readonly<Record<Key, string>>;

const SHAPE =
  'Write {"registry":"HOST","username":"NAME","userNameProviderType":"opaque","password":"…","passwordProviderType":"opaque"}.';

/** Reads a credential. No message shows a part of the text other than the registry and the names of keys. */
export function parseRegistrySignIn(text: string): ParsedRegistrySignIn {
  const fields = readFields(text);
  if (fields.kind === 'invalid') return fields;
  const { userNameProviderType: nameType, passwordProviderType: passwordType } = fields;
  for (const key of ['userNameProviderType', 'passwordProviderType'] as const) {
    if (['', 'opaque', 'vaultsecret'].includes(fields[key])) continue;
    // What stands there is not shown: it may be the password itself.
    return invalid(`${of(fields)} has an unknown ${key}`, `Write "${key}":"opaque" or "${key}":"vaultsecret".`);
  }
  if (nameType === 'vaultsecret' || passwordType === 'vaultsecret') return fromVault(fields);
  if (nameType === 'opaque' && passwordType === 'opaque') return opaque(fields);
  if (nameType === '' && passwordType === '') return managedIdentity(fields);
  const missing = nameType === '' ? 'userNameProviderType' : 'passwordProviderType';
  return invalid(`${of(fields)} has no ${missing}`, `Write "${missing}":"opaque", or "vaultsecret" for a vault's URL.`);
}

function opaque(fields: Fields): ParsedRegistrySignIn {
  const { registry, username, password } = fields;
  return (
    lacking(fields, ['registry', 'username', 'password'], SHAPE) ?? {
      kind: 'valid',
      credential: { kind: 'opaque', registry, username, password, unused: given(fields, 'identity', 'aadResourceId') },
    }
  );
}

function fromVault(fields: Fields): ParsedRegistrySignIn {
  const { registry, identity } = fields;
  const hint = 'Who reads a vault needs "identity", the client id of a managed identity, and both name and password.';
  const username = partOf(fields.username, fields.userNameProviderType);
  const password = partOf(fields.password, fields.passwordProviderType);
  return (
    lacking(fields, ['registry', 'username', 'password', 'identity'], hint) ?? {
      kind: 'valid',
      credential: { kind: 'vault', registry, identity, username, password, unused: given(fields, 'aadResourceId') },
    }
  );
}

function managedIdentity(fields: Fields): ParsedRegistrySignIn {
  const { registry, identity, aadResourceId } = fields;
  const hint =
    fields.username === '' && fields.password === ''
      ? 'A managed identity needs "identity", its client id, and "aadResourceId", such as https://management.azure.com.'
      : 'For a name and a password as they are, write "userNameProviderType":"opaque" and "passwordProviderType":"opaque".';
  return (
    lacking(fields, ['registry', 'identity', 'aadResourceId'], hint) ?? {
      kind: 'valid',
      credential: {
        kind: 'managed-identity',
        registry,
        identity,
        aadResourceId,
        unused: given(fields, 'username', 'password'),
      },
    }
  );
}

function given(fields: Fields, ...keys: readonly (keyof UnusedFields)[]): UnusedFields {
  return Object.fromEntries(keys.filter((key) => fields[key] !== '').map((key) => [key, fields[key]]));
}

function partOf(text: string, type: string): CredentialPart {
  return type === 'vaultsecret' ? { from: 'vault', url: text } : { from: 'text', text };
}

function lacking(fields: Fields, needed: readonly Key[], hint: string): ParsedRegistrySignIn | undefined {
  const missing = needed.filter((key) => fields[key] === '');
  return missing.length === 0 ? undefined : invalid(`${of(fields)} has no ${missing.join(', no ')}`, hint);
}

function of({ registry }: Fields): string {
  return registry === '' || registry.includes('@') ? 'The credential' : `The credential for "${registry}"`;
}

type Invalid = Extract<ParsedRegistrySignIn, { kind: 'invalid' }>;

function readFields(text: string): ({ readonly kind: 'fields' } & Fields) | Invalid {
  const json = parseObject(text);
  if (json === undefined) return invalid('The credential is not a JSON object', SHAPE);
  const fields: Record<Key, string> = {
    registry: '',
    username: '',
    userNameProviderType: '',
    password: '',
    passwordProviderType: '',
    identity: '',
    aadResourceId: '',
  };
  for (const [given, value] of Object.entries(json)) {
    const key = KEYS.find((one) => one.toLowerCase() === given.toLowerCase());
    if (key === undefined || value === null) continue;
    if (typeof value !== 'string')
      return invalid(`"${key}" of the credential is not a text`, `Put it in quotes: "${key}":"…"`);
    fields[key] = key.endsWith('ProviderType') ? value.toLowerCase() : value;
  }
  return { kind: 'fields', ...fields };
}

/** The reason why text is no JSON would show some of it. */
function parseObject(text: string): object | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function invalid(reason: string, hint: string): Invalid {
  return { kind: 'invalid', reason, hint };
}

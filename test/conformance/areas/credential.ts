import {
  type CredentialPart,
  parseRegistrySignIn,
  type RegistrySignIn,
} from '../../../src/core/registry-credential.ts';
import { unreachable } from '../../../src/core/unreachable.ts';

/** The JSON of a registry's credential: `{ credential }` → its fields that are not empty. */
export function credentialOutcome({ credential }: Readonly<Record<string, unknown>>): unknown {
  const parsed = parseRegistrySignIn(String(credential));
  if (parsed.kind === 'invalid') return { valid: false, errorKinds: ['credential-invalid'] };
  return { valid: true, credential: fieldsOf(parsed.credential) };
}

function fieldsOf(credential: RegistrySignIn): Readonly<Record<string, string>> {
  const { registry, unused } = credential;
  switch (credential.kind) {
    case 'opaque': {
      const { username, password } = credential;
      return {
        ...unused,
        registry,
        username,
        userNameProviderType: 'opaque',
        password,
        passwordProviderType: 'opaque',
      };
    }
    case 'vault': {
      const [username, userNameProviderType] = partOf(credential.username);
      const [password, passwordProviderType] = partOf(credential.password);
      const { identity } = credential;
      return { ...unused, registry, username, userNameProviderType, password, passwordProviderType, identity };
    }
    case 'managed-identity':
      return { ...unused, registry, identity: credential.identity, aadResourceId: credential.aadResourceId };
    default:
      return unreachable(credential);
  }
}

function partOf(part: CredentialPart): readonly [string, string] {
  return part.from === 'vault' ? [part.url, 'vaultsecret'] : [part.text, 'opaque'];
}

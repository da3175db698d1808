import { plainError } from '../src/core/diagnostic.ts';
import type { CredentialPart } from '../src/core/registry-credential.ts';
import type { WorkerSignIn } from '../src/core/registry-credentials-file.ts';
import { failure, type Result, success } from '../src/core/result.ts';
import { unreachable } from '../src/core/unreachable.ts';
import type { SecretSource, WantedSecret } from '../src/ports/secret-source.ts';
import type { RegistryCredential } from '../src/ports/step-engine.ts';
import type { Diagnostic } from '../task-schemas/index.ts';
import { resolveSecrets } from './resolve-secrets.ts';

/**
 * Names and passwords for the registries of a run, of which some may be secrets of a vault. One that cannot be read fails
 * all, as in the reference (section 6.7). Rejects with `signal.reason` when aborted.
 */
export async function resolveCredentials(
  signIns: readonly WorkerSignIn[],
  source: SecretSource,
  signal: AbortSignal,
): Promise<Result<readonly RegistryCredential[]>> {
  const { values, unavailable } = await resolveSecrets(signIns.flatMap(secretsOf), source, signal);
  const found: Diagnostic[] = [];
  const textOf = (part: CredentialPart, registry: string, what: string): string => {
    if (part.from === 'text') return part.text;
    const missing = unavailable.get(part.url);
    if (missing !== undefined) {
      const message = `The ${what} for the registry ${registry} cannot be read from "${part.url}": ${missing.reason}`;
      found.push(plainError('credential-unresolved', message, missing.hint));
    }
    return values.get(part.url) ?? '';
  };
  const credentials = signIns.map((signIn): RegistryCredential => {
    const { registry } = signIn;
    switch (signIn.kind) {
      case 'opaque':
        return { registry, username: signIn.username, password: signIn.password };
      case 'vault':
        return {
          registry,
          username: textOf(signIn.username, registry, 'user name'),
          password: textOf(signIn.password, registry, 'password'),
        };
      default:
        return unreachable(signIn);
    }
  });
  return found.length > 0 ? failure(found) : success(credentials);
}

function secretsOf(signIn: WorkerSignIn): readonly WantedSecret[] {
  if (signIn.kind === 'opaque') return [];
  const parts = [signIn.username, signIn.password];
  return parts.flatMap((part) => (part.from === 'vault' ? [{ address: part.url, clientId: signIn.identity }] : []));
}

import { credentialFor } from '../../../src/core/registry-host.ts';
import type { RegistryCredential } from '../../../src/ports/step-engine.ts';
import { codec } from '../proto/messages.ts';
import type { SessionService } from './grpc-server.ts';
import { unaryMethod } from './unary.ts';

/** Gives BuildKit the credential of the registry it asks for, and of no other; an empty answer means "anonymous". */
export function authService(credentials: readonly RegistryCredential[]): SessionService {
  const giveCredential = unaryMethod(codec('CredentialsRequest'), codec('CredentialsResponse'), ({ Host }) => {
    const found = credentialFor(credentials, String(Host ?? ''));
    return found === undefined ? {} : { Username: found.username, Secret: found.password };
  });
  return new Map([['/moby.filesync.v1.Auth/Credentials', giveCredential]]);
}

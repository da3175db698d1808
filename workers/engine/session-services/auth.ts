import type { handleUnaryCall } from '@grpc/grpc-js';
import { credentialFor } from '../../../src/core/registry-host.ts';
import type { RegistryCredential } from '../../../src/ports/step-engine.ts';
import { codec } from '../proto/messages.ts';
import { type SessionService, unaryMethod } from './unary.ts';

/** Gives BuildKit the credential of the registry it asks for, and of no other; an empty answer means "anonymous". */
export function authService(credentials: readonly RegistryCredential[]): SessionService {
  const giveCredential: handleUnaryCall<Record<string, unknown>, Record<string, unknown>> = ({ request }, callback) => {
    const found = credentialFor(credentials, String(request.Host ?? ''));
    callback(null, found === undefined ? {} : { Username: found.username, Secret: found.password });
  };
  return {
    definition: {
      Credentials: unaryMethod(
        '/moby.filesync.v1.Auth/Credentials',
        codec('CredentialsRequest'),
        codec('CredentialsResponse'),
      ),
    },
    handlers: { Credentials: giveCredential },
  };
}

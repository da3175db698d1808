import { type handleUnaryCall, status } from '@grpc/grpc-js';
import { codec } from '../proto/messages.ts';
import { type SessionService, unaryMethod } from './unary.ts';

/** Gives BuildKit the secrets of a build by their ids; one that is not there is missing, which a RUN may allow. */
export function secretsService(secrets: ReadonlyMap<string, Buffer>): SessionService {
  const getSecret: handleUnaryCall<Record<string, unknown>, Record<string, unknown>> = ({ request }, callback) => {
    const id = String(request.ID ?? '');
    const data = secrets.get(id);
    if (data === undefined) callback({ code: status.NOT_FOUND, details: `The build has no secret "${id}".` });
    else callback(null, { data });
  };
  return {
    definition: {
      GetSecret: unaryMethod(
        '/moby.buildkit.secrets.v1.Secrets/GetSecret',
        codec('GetSecretRequest'),
        codec('GetSecretResponse'),
      ),
    },
    handlers: { GetSecret: getSecret },
  };
}

import { codec } from '../proto/messages.ts';
import { GRPC_STATUS, GrpcError, type SessionService } from './grpc-server.ts';
import { unaryMethod } from './unary.ts';

/** Gives BuildKit the secrets of a build by their ids; one that is not there is missing, which a RUN may allow. */
export function secretsService(secrets: ReadonlyMap<string, Buffer>): SessionService {
  const getSecret = unaryMethod(codec('GetSecretRequest'), codec('GetSecretResponse'), ({ ID }) => {
    const id = String(ID ?? '');
    const data = secrets.get(id);
    if (data === undefined) throw new GrpcError(GRPC_STATUS.notFound, `The build has no secret "${id}".`);
    return { data };
  });
  return new Map([['/moby.buildkit.secrets.v1.Secrets/GetSecret', getSecret]]);
}

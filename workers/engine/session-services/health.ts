import { codec } from '../proto/messages.ts';
import type { SessionService } from './grpc-server.ts';
import { unaryMethod } from './unary.ts';

const SERVING = 1;

/** Answers the engine's question, asked every few seconds, whether the session still lives; without it long builds break off. */
export function healthService(): SessionService {
  const check = unaryMethod(codec('HealthCheckRequest'), codec('HealthCheckResponse'), () => ({ status: SERVING }));
  return new Map([['/grpc.health.v1.Health/Check', check]]);
}

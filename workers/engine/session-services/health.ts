import type { handleUnaryCall } from '@grpc/grpc-js';
import { codec } from '../proto/messages.ts';
import { type SessionService, unaryMethod } from './unary.ts';

const SERVING = 1;

/** Answers the engine's question, asked every few seconds, whether the session still lives; without it long builds break off. */
export function healthService(): SessionService {
  const check: handleUnaryCall<Record<string, unknown>, Record<string, unknown>> = (_call, callback) =>
    callback(null, { status: SERVING });
  return {
    definition: {
      Check: unaryMethod('/grpc.health.v1.Health/Check', codec('HealthCheckRequest'), codec('HealthCheckResponse')),
    },
    handlers: { Check: check },
  };
}

import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { MessageCodec } from '../proto/messages.ts';

/** A gRPC service as the server takes it: what it is called and what it does. */
export interface SessionService {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
}

type Message = Record<string, unknown>;

/** A method that takes one message and gives one. */
export function unaryMethod(
  path: string,
  request: MessageCodec,
  response: MessageCodec,
): MethodDefinition<Message, Message> {
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: request.encode,
    requestDeserialize: request.decode,
    responseSerialize: response.encode,
    responseDeserialize: response.decode,
  };
}

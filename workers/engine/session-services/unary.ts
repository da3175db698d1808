import type { MessageCodec } from '../proto/messages.ts';
import type { GrpcMethod } from './grpc-server.ts';

type Message = Record<string, unknown>;

/** A method that takes one message and gives one; what `answer` throws ends the call. */
export function unaryMethod(
  request: MessageCodec,
  response: MessageCodec,
  answer: (message: Message) => Message,
): GrpcMethod {
  return async ({ received, send }) => {
    for await (const bytes of received) {
      return await send(response.encode(answer(request.decode(bytes))));
    }
    throw new Error('The call came without a message.');
  };
}

import { once } from 'node:events';
import { connect } from 'node:net';
import { type handleUnaryCall, type ServerDuplexStream, status } from '@grpc/grpc-js';
import { codec } from '../proto/messages.ts';
import type { SshAgent } from '../ssh-agent.ts';
import { type SessionService, unaryMethod } from './unary.ts';

type Message = Record<string, unknown>;

/** The agent of a RUN that names none. */
const USUAL_ID = 'default';

/** Joins the socket in a RUN with the agent of its id, in both directions, for as long as one of them is open. */
export function sshService(agents: ReadonlyMap<string, SshAgent>): SessionService {
  const bytes = codec('BytesMessage');
  const checkAgent: handleUnaryCall<Message, Message> = ({ request }, callback) => {
    const id = String(request.ID || USUAL_ID);
    if (agents.has(id)) callback(null, {});
    else callback({ code: status.NOT_FOUND, details: `The build has no --ssh "${id}".` });
  };
  const forwardAgent = (call: ServerDuplexStream<Message, Message>): void => {
    const agent = agents.get(String(call.metadata.get('buildkit.ssh.id')[0] || USUAL_ID));
    if (agent === undefined) call.emit('error', new Error('The build has no such --ssh.'));
    else join(call, agent.socketPath);
  };
  return {
    definition: {
      CheckAgent: unaryMethod(
        '/moby.sshforward.v1.SSH/CheckAgent',
        codec('CheckAgentRequest'),
        codec('CheckAgentResponse'),
      ),
      ForwardAgent: {
        path: '/moby.sshforward.v1.SSH/ForwardAgent',
        requestStream: true,
        responseStream: true,
        requestSerialize: bytes.encode,
        requestDeserialize: bytes.decode,
        responseSerialize: bytes.encode,
        responseDeserialize: bytes.decode,
      },
    },
    handlers: { CheckAgent: checkAgent, ForwardAgent: forwardAgent },
  };
}

function join(call: ServerDuplexStream<Message, Message>, socketPath: string): void {
  const socket = connect(socketPath);
  socket.on('data', (data) => {
    if (call.write({ data })) return;
    socket.pause();
    once(call, 'drain').then(
      () => socket.resume(),
      () => socket.destroy(),
    );
  });
  socket.on('end', () => call.end());
  socket.on('error', (error) => call.emit('error', error));
  call.on('data', ({ data }: Message) => {
    // The messages of an agent are small, and it answers each before the next one comes.
    if (Buffer.isBuffer(data)) socket.write(data);
  });
  call.on('end', () => socket.end());
  call.on('cancelled', () => socket.destroy());
  call.on('error', () => socket.destroy());
}

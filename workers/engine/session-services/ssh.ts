import { connect, type Socket } from 'node:net';
import { codec } from '../proto/messages.ts';
import type { SshAgent } from '../ssh-agent.ts';
import { GRPC_STATUS, type GrpcCall, GrpcError, type SessionService } from './grpc-server.ts';
import { unaryMethod } from './unary.ts';

/** The agent of a RUN that names none. */
const USUAL_ID = 'default';

const bytes = codec('BytesMessage');

/** Joins the socket in a RUN with the agent of its id, in both directions, for as long as one of them is open. */
export function sshService(agents: ReadonlyMap<string, SshAgent>): SessionService {
  const agentOf = (id: string): SshAgent => {
    const agent = agents.get(id || USUAL_ID);
    if (agent === undefined) throw new GrpcError(GRPC_STATUS.notFound, `The build has no --ssh "${id || USUAL_ID}".`);
    return agent;
  };
  const checkAgent = unaryMethod(codec('CheckAgentRequest'), codec('CheckAgentResponse'), ({ ID }) => {
    agentOf(String(ID ?? ''));
    return {};
  });
  const forwardAgent = async (call: GrpcCall): Promise<void> => {
    await join(call, agentOf(call.header('buildkit.ssh.id') ?? '').socketPath);
  };
  return new Map([
    ['/moby.sshforward.v1.SSH/CheckAgent', checkAgent],
    ['/moby.sshforward.v1.SSH/ForwardAgent', forwardAgent],
  ]);
}

async function join(call: GrpcCall, socketPath: string): Promise<void> {
  const socket = connect(socketPath);
  call.gone.addEventListener('abort', () => socket.destroy());
  pass(call, socket).catch((error: Error) => socket.destroy(error));
  try {
    for await (const data of socket as AsyncIterable<Buffer>) await call.send(bytes.encode({ data }));
  } finally {
    socket.destroy();
  }
}

async function pass({ received }: GrpcCall, socket: Socket): Promise<void> {
  for await (const message of received) {
    const { data } = bytes.decode(message);
    // The messages of an agent are small, and it answers each before the next one comes.
    if (Buffer.isBuffer(data)) socket.write(data);
  }
  socket.end();
}

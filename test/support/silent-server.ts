import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { cleanUp } from './clean-up.ts';

/** A server on this machine that takes connections and never says a word; answers its host:port. */
export async function startSilentServer(t: TestContext): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(t, async () => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  // A server that listens on TCP has an address with a port.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

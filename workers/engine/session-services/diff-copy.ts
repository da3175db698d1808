import type { ListedEntry } from '../source-files.ts';
import { GRPC_STATUS, type GrpcCall, GrpcError, type SessionService } from './grpc-server.ts';
import { decodePacket, encodePacket, type Packet } from './packets.ts';
import { sendFiles } from './send-files.ts';

/**
 * The folders that BuildKit may ask for, by name; each is listed anew for everyone who asks. `followed` are the paths that
 * a build will use at most, joined by ", "; undefined: it does not say.
 */
export type SyncFolders = ReadonlyMap<string, (followed: string | undefined) => AsyncIterable<ListedEntry>>;

/**
 * Gives BuildKit the folders of a build, as Docker's own client does (`moby.filesync.v1.FileSync/DiffCopy`): it asks for
 * the Dockerfile, for the ignore file and for the context, one call each. The ignore rules were applied before, so the
 * patterns that it sends back of them change nothing.
 */
export function diffCopyService(folders: SyncFolders): SessionService {
  return new Map([['/moby.filesync.v1.FileSync/DiffCopy', (call: GrpcCall) => copy(call, folders)]]);
}

async function copy(call: GrpcCall, folders: SyncFolders): Promise<void> {
  const name = call.header('dir-name') ?? '';
  const open = folders.get(name);
  if (open === undefined) throw new GrpcError(GRPC_STATUS.notFound, `The build has no folder "${name}".`);
  const send = (...packets: readonly Packet[]) => call.send(...packets.map(encodePacket));
  try {
    await sendFiles(open(followedPaths(call)), { send, received: decoded(call.received) });
  } catch (error) {
    // Newer receivers hear of it by a packet, older ones by the end of the call.
    if (!call.gone.aborted) await send({ kind: 'error', message: String(error) }).catch(() => {});
    throw error;
  }
}

async function* decoded(messages: AsyncIterable<Buffer>): AsyncGenerator<Packet> {
  for await (const bytes of messages) yield decodePacket(bytes);
}

function followedPaths(call: GrpcCall): string | undefined {
  // Encoded are paths with letters outside of ASCII, by one of Go's escapes or another.
  return call.header('followpaths-encoded') === undefined ? call.header('followpaths') : undefined;
}

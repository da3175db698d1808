import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { codec } from '../proto/messages.ts';
import type { SessionService } from './unary.ts';

type Message = Record<string, unknown>;

/** Well below the 4 MiB a gRPC message may have. */
const MAX_CHUNK_BYTES = 256 * 1024;
const HOST = 'buildkit-session';

/** The address under which BuildKit fetches the archive of a session; new for each build, because it caches by address. */
export function uploadAddress(session: string): string {
  return `http://${HOST}/${session}`;
}

/**
 * Gives BuildKit the archive it asks for by its address, each time it asks: what it has fetched may have fallen to its
 * garbage collection before it is used. The archive could also be the body of the build request, but engines with the
 * containerd image store do not find it there (moby/moby#47717).
 */
export function uploadService(session: string, openArchive: () => Readable): SessionService {
  const bytes = codec('BytesMessage');
  async function pull(call: ServerDuplexStream<Message, Message>, archive: Readable): Promise<void> {
    if (String(call.metadata.get('urlpath')[0]) !== `/${session}`) throw new Error('There is no such archive.');
    for await (const chunk of archive as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += MAX_CHUNK_BYTES) {
        const isTaken = call.write({ data: chunk.subarray(at, at + MAX_CHUNK_BYTES) });
        if (!isTaken) await once(call, 'drain');
      }
    }
    call.end();
  }
  return {
    definition: {
      Pull: {
        path: '/moby.upload.v1.Upload/Pull',
        requestStream: true,
        responseStream: true,
        requestSerialize: bytes.encode,
        requestDeserialize: bytes.decode,
        responseSerialize: bytes.encode,
        responseDeserialize: bytes.decode,
      },
    },
    handlers: {
      Pull: (call: ServerDuplexStream<Message, Message>) => {
        const archive = openArchive();
        call.once('cancelled', () => archive.destroy());
        // Not destroyed: only an error that is emitted reaches the other side.
        pull(call, archive).catch((error: unknown) => call.emit('error', error));
      },
    },
  };
}

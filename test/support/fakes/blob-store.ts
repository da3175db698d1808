import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import type { BlobEntry, BlobStore } from '../../../src/ports/blob-store.ts';

/** How a blob store in memory behaves. */
export interface MemoryBlobStoreOptions {
  /** Bytes of all blobs together, after which there is no space; default: no end. */
  readonly capacityBytes?: number;
  /** The time of a blob, in ms; default: always 0. */
  now?(): number;
}

/** A blob store in memory. */
export function createMemoryBlobStore(options: MemoryBlobStoreOptions = {}): BlobStore {
  const { capacityBytes = Number.POSITIVE_INFINITY, now = () => 0 } = options;
  const blobs = new Map<string, { readonly content: Buffer; readonly modifiedAt: number }>();
  const used = () => [...blobs.values()].reduce((sum, blob) => sum + blob.content.length, 0);

  function entry(key: string): BlobEntry | undefined {
    const blob = blobs.get(checked(key));
    return blob && { key, bytes: blob.content.length, modifiedAt: blob.modifiedAt };
  }

  return {
    async put(key, stream, { maxBytes: limitBytes = Number.POSITIVE_INFINITY }, signal) {
      checked(key);
      signal?.throwIfAborted();
      if (signal !== undefined) addAbortSignal(signal, stream);
      const parts: Buffer[] = [];
      let bytes = 0;
      try {
        for await (const part of stream.iterator({ destroyOnReturn: false })) {
          parts.push(Buffer.from(part));
          bytes += part.length;
          if (bytes > limitBytes) return { kind: 'too-large', limitBytes };
          if (used() + bytes > capacityBytes) return { kind: 'no-space' };
        }
      } catch (error) {
        throw signal?.aborted ? signal.reason : error;
      }
      const content = Buffer.concat(parts);
      blobs.set(key, { content, modifiedAt: now() });
      return { kind: 'stored', bytes, sha256: createHash('sha256').update(content).digest('hex') };
    },
    get: async (key, start = 0) => {
      const blob = blobs.get(checked(key));
      return blob && Readable.from([blob.content.subarray(start)], { objectMode: false });
    },
    stat: async (key) => entry(key),
    delete: async (key) => void blobs.delete(checked(key)),
    async *list(prefix) {
      for (const key of [...blobs.keys()].filter((each) => each.startsWith(prefix))) {
        const found = entry(key);
        if (found !== undefined) yield found;
      }
    },
    // Nothing outlives a kill -9 in memory.
    sweepUnfinished: async () => 0,
  };
}

function checked(key: string): string {
  const isKey = key.split('/').every((part) => /^[a-z0-9.-]+$/.test(part) && part !== '.' && part !== '..');
  if (!isKey) throw new Error(`"${key}" is not a blob key.`);
  return key;
}

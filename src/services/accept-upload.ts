import { Readable } from 'node:stream';
import type { Upload } from '../../task-schemas/index.ts';
import { ARCHIVE_HEAD_BYTES, archiveKind } from '../core/archive-kind.ts';
import { uploadKey } from '../core/run/blob-keys.ts';
import { unreachable } from '../core/unreachable.ts';
import type { BlobStore } from '../ports/blob-store.ts';

/** What accepting needs. `maxUploadBytes` limits the archive as received. */
export interface AcceptUploadDeps {
  readonly blobStore: BlobStore;
  readonly maxUploadBytes: number;
  newUploadId(): string;
}

/** What became of an upload. Nothing is kept unless it was accepted. */
export type AcceptedUpload =
  | { readonly kind: 'accepted'; readonly upload: Upload }
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  | { readonly kind: 'no-space' }
  | { readonly kind: 'empty' }
  /** `looksLike` is a noun with its article. */
  | { readonly kind: 'not-an-archive'; readonly looksLike: string };

/**
 * Streams an archive into the blob store, judging it by its first bytes. `received` hears how many bytes came in, part
 * by part. Does not destroy `body`: on a refusal, whoever made it decides what becomes of the rest. Rejects when the
 * store fails, and with what `body` rejects with: whoever made it ends the upload that way.
 */
export async function acceptUpload(
  deps: AcceptUploadDeps,
  body: AsyncIterator<Uint8Array>,
  received: (bytes: number) => void,
): Promise<AcceptedUpload> {
  const head = await readHead(body, received);
  if (head.length === 0) return { kind: 'empty' };
  const archive = archiveKind(head.subarray(0, ARCHIVE_HEAD_BYTES));
  if (archive.kind === 'other') return { kind: 'not-an-archive', looksLike: archive.looksLike };

  const uploadId = deps.newUploadId();
  const content = Readable.from(whole(head, body, received), { objectMode: false });
  const put = await deps.blobStore.put(uploadKey(uploadId), content, { maxBytes: deps.maxUploadBytes });
  switch (put.kind) {
    case 'stored':
      return { kind: 'accepted', upload: { uploadId, bytes: put.bytes, sha256: put.sha256 } };
    case 'too-large':
    case 'no-space':
      return put;
    default:
      return unreachable(put);
  }
}

/** The first parts, until there are enough bytes to judge by or no more. */
async function readHead(body: AsyncIterator<Uint8Array>, received: (bytes: number) => void): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let length = 0; length < ARCHIVE_HEAD_BYTES; ) {
    const next = await body.next();
    if (next.done === true) break;
    received(next.value.length);
    parts.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(parts);
}

async function* whole(
  head: Uint8Array,
  body: AsyncIterator<Uint8Array>,
  received: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield head;
  for (;;) {
    const next = await body.next();
    if (next.done === true) return;
    received(next.value.length);
    yield next.value;
  }
}

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** One entry: what tar-stream takes as its head, and its content. */
export type TarEntry = Parameters<ReturnType<typeof pack>['entry']>[0] & { readonly content?: string | Buffer };

/** A tar archive of these entries. */
export async function tarOf(...entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, content ?? '');
  tar.finalize();
  return buffer(Readable.from(tar));
}

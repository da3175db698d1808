import type { Source } from '../../../task-schemas/index.ts';
import type { SlipwayClient } from '../../client/client.ts';
import type { Result } from '../../core/result.ts';
import { failure, success } from '../../core/result.ts';
import { isCompressed } from '../../core/upload-compression.ts';
import type { Screen } from '../screen.ts';
import type { Terminal } from '../terminal.ts';
import { packSource, SourceChanged } from './archive.ts';
import type { SourceListing } from './entry.ts';
import { startSendProgress } from './send-progress.ts';

/**
 * Packs and uploads a source in one stream, with its progress on the screen; answers where the server keeps it, which takes
 * at most `maxBytes`. Rejects as the client does; a file that changed under our hands is a diagnostic.
 */
export async function sendSource(
  client: SlipwayClient,
  listing: SourceListing,
  maxBytes: number,
  { screen, terminal }: { readonly screen: Screen; readonly terminal: Terminal },
  signal: AbortSignal,
): Promise<Result<Source>> {
  const progress = await startSendProgress(listing, screen, terminal);
  try {
    const compressed = isCompressed(client.server, listing.bytes, maxBytes);
    const archive = packSource(listing.entries, { compressed, onBytes: progress.add }, signal);
    const { uploadId, bytes } = await client.upload(
      archive,
      compressed ? 'application/gzip' : 'application/x-tar',
      signal,
    );
    await progress.done(compressed ? bytes : undefined);
    return success({ kind: 'upload', uploadId });
  } catch (error) {
    progress.abandon();
    if (error instanceof SourceChanged) return failure([error.diagnostic]);
    throw error;
  }
}

import type { SourceListing } from './entry.ts';

const THIS_MACHINE = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Whether an archive is sent compressed; pure. On the way to a server of this machine that only takes time, unless the
 * archive comes near the `maxBytes` that the server takes.
 */
export function isCompressed(server: string, { bytes }: SourceListing, maxBytes: number): boolean {
  return !THIS_MACHINE.test(new URL(server).hostname) || bytes > maxBytes / 2;
}

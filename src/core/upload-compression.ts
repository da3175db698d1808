const THIS_MACHINE = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Whether a source of so many bytes is sent compressed to the server with this URL; pure. On the way to a server of this
 * machine that only takes time, unless the archive comes near the `maxBytes` that the server takes.
 */
export function isCompressed(server: string, bytes: number, maxBytes: number): boolean {
  return !THIS_MACHINE.test(new URL(server).hostname) || bytes > maxBytes / 2;
}

/**
 * Looks for any of some texts in the output of a step while it passes by; a text cut by a chunk border is found too.
 * For `retryOnErrors` (task language, section 1.2).
 */
export function watchForTexts(texts: readonly string[]): {
  see(stream: 'stdout' | 'stderr', chunk: Uint8Array): void;
  /** Whether one of the texts has come by. */
  seen(): boolean;
} {
  const needles = texts.filter((text) => text !== '').map((text) => Buffer.from(text));
  const tailLength = Math.max(0, ...needles.map((needle) => needle.length - 1));
  const tails = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  let found = false;

  return {
    see(stream, chunk) {
      if (found || needles.length === 0) return;
      const bytes = Buffer.concat([tails[stream], chunk]);
      found = needles.some((needle) => bytes.includes(needle));
      tails[stream] = bytes.subarray(Math.max(0, bytes.length - tailLength));
    },
    seen: () => found,
  };
}

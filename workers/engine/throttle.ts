/** Says whether it is time for another progress line: at most one in `everyMs`; the first is due after `everyMs`. */
export function createThrottle(now: () => number, everyMs: number): () => boolean {
  let last = now();
  return () => {
    if (now() - last < everyMs) return false;
    last = now();
    return true;
  };
}

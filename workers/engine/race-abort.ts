/** Waits for `work`, but no longer than until `signal` aborts: then rejects with its reason, and what becomes of `work` is left. */
export async function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // The loser may still reject later; that must not count as unhandled.
  work.catch(() => {});
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Like `raceAbort`, but leaves `work` `ms` after the abort to come to an end of its own, whichever that is. */
export async function raceLateAbort<T>(work: Promise<T>, signal: AbortSignal, ms: number): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => late.abort(signal.reason), ms);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  try {
    return await raceAbort(work, late.signal);
  } finally {
    signal.removeEventListener('abort', begin);
    clearTimeout(timer);
  }
}

/** Waits for `work`, but at most `ms`; says whether it ended (also with an error) in time. */
export async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Aborts when this process is told to stop, by Ctrl-C or SIGTERM. A second signal ends the process at once, for people
 * who do not want to wait; what is left behind then is cleaned up at the next start.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort(new Error(`Stopped by ${name}.`));
    });
  }
  return stop.signal;
}

/** Resolves when the signal has aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

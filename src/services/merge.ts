/** Something that yields until `signal` aborts or it has no more. */
export type Source<T> = (signal: AbortSignal) => AsyncIterable<T>;

type Arrival<T> =
  | { readonly kind: 'next'; readonly from: AsyncIterator<T>; readonly result: IteratorResult<T> }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * What several sources yield, in the order in which it comes. A source is asked for its next item only when the one
 * before was taken, so a slow reader slows the sources down. Ends when all have ended, throws what one throws; when it
 * is left early, the sources are aborted first.
 */
export async function* merge<T>(
  sources: readonly Source<T>[],
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const leave = new AbortController();
  const both = AbortSignal.any([signal, leave.signal]);
  const iterators = sources.map((source) => source(both)[Symbol.asyncIterator]());
  // Not Promise.race: on a source that stays silent for hours it would pile up one reaction per item of the others.
  const arrived: Arrival<T>[] = [];
  let wake = (): void => undefined;
  const arrive = (arrival: Arrival<T>): void => {
    arrived.push(arrival);
    wake();
  };
  const ask = (from: AsyncIterator<T>): void => {
    from.next().then(
      (result) => arrive({ kind: 'next', from, result }),
      (error: unknown) => arrive({ kind: 'failed', error }),
    );
  };
  try {
    for (const iterator of iterators) ask(iterator);
    for (let open = iterators.length; open > 0; ) {
      const arrival = arrived.shift();
      if (arrival === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (arrival.kind === 'failed') {
        throw arrival.error;
      } else if (arrival.result.done === true) {
        open -= 1;
      } else {
        yield arrival.result.value;
        ask(arrival.from);
      }
    }
  } finally {
    leave.abort();
    await Promise.allSettled(iterators.map((iterator) => iterator.return?.()));
  }
}

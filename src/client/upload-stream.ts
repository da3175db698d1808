/** A body on its way up, and the error it threw if it did. */
export interface UploadStream {
  readonly stream: ReadableStream<Uint8Array>;
  /** The error of the source, once it has thrown one. */
  failure(): Error | undefined;
  /** Lets the source go: the exchange is over, perhaps before all of it was sent. fetch alone would read on. */
  stop(): void;
}

/** A stream that reads `source` as fast as it is sent, calls `onPart` at each part, and remembers the source's own error. */
export function createUploadStream(source: AsyncIterable<Uint8Array>, onPart: () => void): UploadStream {
  const iterator = source[Symbol.asyncIterator]();
  let failure: Error | undefined;
  let stopped = false;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await iterator.next();
        onPart();
        if (stopped || next.done === true) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        failure = error instanceof Error ? error : new Error('The upload could not be read.', { cause: error });
        controller.error(failure);
      }
    },
    cancel: stop,
  });

  function stop(): void {
    stopped = true;
    iterator.return?.().catch(() => undefined);
  }

  return { stream, failure: () => failure, stop };
}

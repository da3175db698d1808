/** A body on its way up, and the error it threw if it did. */
export interface UploadStream {
  readonly stream: ReadableStream<Uint8Array>;
  /** The error of the source, once it has thrown one. */
  failure(): Error | undefined;
}

/** A stream that reads `source` as fast as it is sent, and remembers the source's own error. */
export function createUploadStream(source: AsyncIterable<Uint8Array>): UploadStream {
  const iterator = source[Symbol.asyncIterator]();
  let failure: Error | undefined;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        failure = error instanceof Error ? error : new Error('The upload could not be read.', { cause: error });
        controller.error(failure);
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return { stream, failure: () => failure };
}

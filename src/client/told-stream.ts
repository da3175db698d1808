/** The same bytes; an error on the way comes out as `told` makes it. Canceling it cancels the original. */
export function toldStream(
  bytes: ReadableStream<Uint8Array>,
  told: (error: unknown) => unknown,
): ReadableStream<Uint8Array> {
  const reader = bytes.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await reader.read();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        controller.error(told(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Something long-lived that was started and must be closed by whoever started it. */
interface Closable {
  close(): Promise<void>;
}

/**
 * Collects what a main has started and closes it in reverse order. Closing goes on past errors, which are thrown
 * together at the end.
 */
export function createClosing(): { add<T extends Closable>(part: T): T; close(): Promise<void> } {
  const parts: Closable[] = [];
  return {
    add(part) {
      parts.push(part);
      return part;
    },
    async close() {
      const errors: unknown[] = [];
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        await part.close().catch((error: unknown) => errors.push(error));
      }
      if (errors.length > 0) throw new AggregateError(errors, `Not everything could be closed: ${errors.join('; ')}`);
    },
  };
}

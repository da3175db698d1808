/** One message of a Server-Sent Events stream. `id` is the last one seen, as the standard has it. */
export interface SseMessage {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/**
 * Reads Server-Sent Events (WHATWG HTML, section 9.2.6) from bytes cut anywhere. Comments are skipped; a message cut
 * off by the end of the stream is dropped, as the standard demands.
 */
export async function* readSse(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SseMessage, void, undefined> {
  const decoder = new TextDecoder();
  let id: string | undefined;
  let event = 'message';
  let data: string[] = [];
  let rest = '';
  for await (const part of bytes) {
    const lines = splitLines(rest + decoder.decode(part, { stream: true }));
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event, id, data: data.join('\n') };
        event = 'message';
        data = [];
        continue;
      }
      const { name, value } = field(line);
      if (name === 'event') event = value;
      if (name === 'data') data.push(value);
      if (name === 'id') id = value;
    }
  }
}

/** A \r at the very end stays with the rest: a \n that belongs to it may follow. */
function splitLines(text: string): string[] {
  return text.split(/\r\n|\n|\r(?!$)/);
}

function field(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  const value = line.slice(colon + 1);
  return { name: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value };
}

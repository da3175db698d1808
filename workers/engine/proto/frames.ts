/** The length of a message stands before it, after a byte that says it is not compressed. */
const PREFIX_BYTES = 5;

/** The two parts of a message as gRPC sends it: what stands before it, and the message itself, which is not copied. */
export function framed(message: Buffer): readonly [Buffer, Buffer] {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return [prefix, message];
}

/** Cuts a stream into messages, wherever its chunks end. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let have = 0;
  let wanted = PREFIX_BYTES;
  for await (const chunk of stream) {
    parts.push(chunk);
    have += chunk.length;
    // What is not whole yet is not put together again for every chunk of it.
    if (have < wanted) continue;
    let rest = Buffer.concat(parts);
    for (wanted = sizeOf(rest); rest.length >= wanted; wanted = sizeOf(rest)) {
      yield rest.subarray(PREFIX_BYTES, wanted);
      rest = rest.subarray(wanted);
    }
    parts = [rest];
    have = rest.length;
  }
}

/** How long the first message is with its prefix, or at least. */
function sizeOf(bytes: Buffer): number {
  return bytes.length < PREFIX_BYTES ? PREFIX_BYTES : PREFIX_BYTES + bytes.readUInt32BE(1);
}

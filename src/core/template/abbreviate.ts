const MARK = '...';

/** A text cut to a number of bytes with three dots at the end; as it is when it fits or the width is below 4. */
export function abbreviate(text: string, width: number): string {
  return width < 4 ? text : abbreviateFrom(Buffer.from(text), 0, width);
}

/** A text cut at both ends with three dots: `offset` bytes in, `width` bytes long. */
export function abbreviateBoth(text: string, offset: number, width: number): string {
  if (width < 4 || (offset > 0 && width < 7)) return text;
  return abbreviateFrom(Buffer.from(text), offset, width);
}

function abbreviateFrom(bytes: Buffer, wanted: number, width: number): string {
  if (bytes.length <= width) return bytes.toString();
  const room = width - MARK.length;
  const offset = Math.min(wanted, bytes.length, bytes.length - room);
  if (offset <= 4) return bytes.subarray(0, room).toString() + MARK;
  if (offset + room < bytes.length) return MARK + abbreviateFrom(bytes.subarray(offset), 0, room);
  return MARK + bytes.subarray(bytes.length - room).toString();
}

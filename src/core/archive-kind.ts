/** How many bytes `archiveKind` wants to see; fewer only when the whole upload is shorter. */
export const ARCHIVE_HEAD_BYTES = 512;

/** What an archive is, judged by its first bytes. `looksLike` is a noun for the user. */
export type ArchiveKind =
  | { readonly kind: 'tar' | 'gzip' | 'xz' | 'zstd' | 'bzip2' }
  | { readonly kind: 'other'; readonly looksLike: string };

/** The kind of archive that begins with `head`. */
export function archiveKind(head: Uint8Array): ArchiveKind {
  if (startsWith(head, [0x1f, 0x8b])) return { kind: 'gzip' };
  if (isTarHeader(head) || isEndOfTar(head)) return { kind: 'tar' };
  const compression = compressions.find(({ magic }) => startsWith(head, magic));
  if (compression !== undefined) return { kind: compression.kind };
  const known = others.find(({ magic }) => startsWith(head, magic));
  return {
    kind: 'other',
    looksLike: known?.name ?? (isMarkup(head) ? 'a web page' : isText(head) ? 'plain text' : 'something else'),
  };
}

const compressions = [
  { magic: [0x28, 0xb5, 0x2f, 0xfd], kind: 'zstd' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], kind: 'xz' },
  { magic: [0x42, 0x5a, 0x68], kind: 'bzip2' },
] as const;

const others: readonly { readonly magic: readonly number[]; readonly name: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], name: 'a zip archive' },
  { magic: [0x37, 0x7a, 0xbc, 0xaf], name: 'a 7z archive' },
];

/** The checksum is the one thing that every tar dialect has; the `ustar` magic is missing from the oldest. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < ARCHIVE_HEAD_BYTES) return false;
  const field = String.fromCharCode(...head.subarray(148, 156)).match(/^[ 0]*([0-7]+)[ \0]/);
  if (field === null) return false;
  let sum = 0;
  for (let index = 0; index < ARCHIVE_HEAD_BYTES; index++) {
    sum += index >= 148 && index < 156 ? 0x20 : (head[index] ?? 0);
  }
  return Number.parseInt(field[1] ?? '', 8) === sum;
}

/** An archive without a single file is nothing but the end mark: zeros. */
function isEndOfTar(head: Uint8Array): boolean {
  return head.length === ARCHIVE_HEAD_BYTES && head.every((byte) => byte === 0);
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte);
}

function isMarkup(head: Uint8Array): boolean {
  return /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(String.fromCharCode(...head.subarray(0, 64)));
}

function isText(head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

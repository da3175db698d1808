const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base 32 with padding. */
export function encodeBase32(bytes: Uint8Array): string {
  const characters: string[] = [];
  let bits = 0;
  let waiting = 0;
  for (const byte of bytes) {
    waiting = (waiting << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) characters.push(BASE32.charAt((waiting >>> (bits - 5)) & 31));
    waiting &= (1 << bits) - 1;
  }
  if (bits > 0) characters.push(BASE32.charAt((waiting << (5 - bits)) & 31));
  const text = characters.join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

/** The text behind base 64 with padding, or the sentence that sprig gives instead of an error. */
export function decodeBase64(text: string): string {
  const clean = text.replace(/[\r\n]/g, '');
  const wrongAt = wrongBase64At(clean);
  return wrongAt < 0 ? Buffer.from(clean, 'base64').toString() : `illegal base64 data at input byte ${wrongAt}`;
}

/** Where Go sees a fault in base 64: a wrong character, a pad too early or too many, or the last group if it is short. */
function wrongBase64At(text: string): number {
  const found = text.search(/[^A-Za-z0-9+/]/);
  const digits = found < 0 ? text.length : found;
  const inGroup = digits % 4;
  if (digits === text.length) return inGroup === 0 ? -1 : digits - inGroup;
  if (text.charAt(digits) !== '=' || inGroup < 2) return digits;
  if (inGroup === 2 && text.length === digits + 1) return text.length;
  if (inGroup === 2 && text.charAt(digits + 1) !== '=') return digits;
  const end = digits + (4 - inGroup);
  return text.length > end ? end : -1;
}

/** The text behind base 32 with padding, or the sentence that sprig gives instead of an error. */
export function decodeBase32(text: string): string {
  const clean = text.replace(/[\r\n]/g, '');
  const wrongAt = wrongBase32At(clean);
  return wrongAt < 0 ? decodeBase32Digits(clean.replace(/=+$/, '')) : `illegal base32 data at input byte ${wrongAt}`;
}

function wrongBase32At(text: string): number {
  const found = text.search(/[^A-Z2-7]/);
  const digits = found < 0 ? text.length : found;
  const inGroup = digits % 8;
  if (digits === text.length) return inGroup === 0 ? -1 : digits - inGroup;
  if (text.charAt(digits) !== '=' || inGroup < 2 || text.length - digits > 8) return digits;
  const end = digits + (8 - inGroup);
  if (text.length < end) return text.length;
  const stray = text.slice(digits).search(/[^=]/);
  if (stray >= 0) return digits + stray - 1;
  return [1, 3, 6].includes(inGroup) ? digits : text.length > end ? end : -1;
}

function decodeBase32Digits(digits: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let waiting = 0;
  for (const digit of digits) {
    waiting = ((waiting << 5) | BASE32.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((waiting >>> bits) & 255);
    }
  }
  return Buffer.from(bytes).toString();
}

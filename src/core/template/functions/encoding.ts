import { decodeBase32, decodeBase64, encodeBase32 } from '../base-encoding.ts';
import { typeName } from '../value-type.ts';
import { type FunctionTable, fixed } from './signature.ts';

/** Base 64 and base 32. Decoded bytes that are no UTF-8 become replacement characters. */
export const ENCODING: FunctionTable = new Map([
  // The reference engine accepts nil here, and encodes what is no string as its kind.
  [
    'b64enc',
    fixed(['any'], ([value]) => {
      if (value === null) return '';
      return Buffer.from(typeof value === 'string' ? value : `<${typeName(value)} Value>`).toString('base64');
    }),
  ],
  ['b64dec', fixed(['string'], ([text]) => decodeBase64(text))],
  ['b32enc', fixed(['string'], ([text]) => encodeBase32(Buffer.from(text)))],
  ['b32dec', fixed(['string'], ([text]) => decodeBase32(text))],
]);

import { type Static, Type } from 'typebox';
import { UploadId } from './ids.ts';

/** Where the files of a run come from. */
export const Source = Type.Union([
  Type.Object(
    { kind: Type.Literal('upload'), uploadId: UploadId },
    { additionalProperties: false, description: 'A tar archive (plain or gzip) uploaded beforehand' },
  ),
  Type.Object({ kind: Type.Literal('none') }, { additionalProperties: false, description: 'An empty workspace' }),
]);
export type Source = Static<typeof Source>;

import { type Static, Type } from 'typebox';
import { UploadId } from './ids.ts';

/** Where the files of a run come from. No address has a secret in it: workers know the credentials of hosts. */
export const Source = Type.Union([
  Type.Object(
    { kind: Type.Literal('upload'), uploadId: UploadId },
    { additionalProperties: false, description: 'A tar archive (plain, gzip, xz, zstd or bzip2) uploaded beforehand' },
  ),
  Type.Object(
    {
      kind: Type.Literal('git'),
      repository: Type.String({
        minLength: 1,
        description: 'https://…, http://…, ssh://…, git://… or git@HOST:PATH, without password or token',
      }),
      ref: Type.Optional(
        Type.String({
          minLength: 1,
          description: 'Branch, tag, commit id, pull/N/head or pull/N/merge; absent: the default branch',
        }),
      ),
      directory: Type.Optional(
        Type.String({ minLength: 1, description: 'Folder of the repository that becomes the workspace' }),
      ),
    },
    { additionalProperties: false, description: 'A git repository' },
  ),
  Type.Object(
    {
      kind: Type.Literal('archive'),
      url: Type.String({ minLength: 1, description: 'http(s) URL of a tar archive, without password or token' }),
    },
    { additionalProperties: false, description: 'A tar archive (plain, gzip, xz, zstd or bzip2) that is downloaded' },
  ),
  Type.Object(
    {
      kind: Type.Literal('oci'),
      reference: Type.String({ minLength: 1, description: 'HOST/REPOSITORY:TAG or …@sha256:…, without oci://' }),
    },
    { additionalProperties: false, description: 'An artifact of a registry whose layers are files or tar archives' },
  ),
  Type.Object({ kind: Type.Literal('none') }, { additionalProperties: false, description: 'An empty workspace' }),
]);
export type Source = Static<typeof Source>;

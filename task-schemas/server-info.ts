import { type Static, Type } from 'typebox';

/** What a client needs to know of a server before it starts. */
export const ServerInfo = Type.Object({
  version: Type.String(),
  registry: Type.String({ description: 'host[:port] behind {{.Run.Registry}}' }),
  maxSourceBytes: Type.Integer({ description: 'Limit for the unpacked source of a run' }),
});
export type ServerInfo = Static<typeof ServerInfo>;

/** Answer of `POST /v1/uploads`. */
export const Upload = Type.Object({
  uploadId: Type.String(),
  bytes: Type.Integer({ description: 'Size of the archive as received' }),
  sha256: Type.String({ description: 'Hex digest of the archive as received' }),
});
export type Upload = Static<typeof Upload>;

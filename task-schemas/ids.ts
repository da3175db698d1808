import { type Static, Type } from 'typebox';

/**
 * A run's id: lower case, starts with a letter, 8 characters, valid as an image tag, a container name and a DNS label.
 * Letters that are easily confused (i, l, o, u) never occur.
 */
export const RunId = Type.String({ pattern: '^r[0-9a-hjkmnp-tv-z]{7}$', description: 'Id of a run' });
export type RunId = Static<typeof RunId>;

/** Id of an uploaded source archive, as returned by `POST /v1/uploads`. */
export const UploadId = Type.String({ pattern: '^u[0-9a-hjkmnp-tv-z]{15}$', description: 'Id of an uploaded source' });
export type UploadId = Static<typeof UploadId>;

/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export const Timestamp = Type.Integer({ minimum: 0, description: 'Milliseconds since the Unix epoch' });
export type Timestamp = Static<typeof Timestamp>;

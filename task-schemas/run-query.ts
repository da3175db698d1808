import { type Static, Type } from 'typebox';
import { Timestamp } from './ids.ts';
import { Run, RunStatus } from './run.ts';

/** Which runs to list: all given filters must hold. Newest first. */
export const RunQuery = Type.Object({
  status: Type.Optional(Type.Array(RunStatus)),
  task: Type.Optional(Type.String()),
  image: Type.Optional(
    Type.String({ description: 'registry/repository, repository, or either with :tag, of an output image' }),
  ),
  since: Type.Optional(Timestamp),
  until: Type.Optional(Timestamp),
  cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 50' })),
});
export type RunQuery = Static<typeof RunQuery>;

/** One page of runs. `nextCursor` is absent on the last one. */
export const RunPage = Type.Object({ runs: Type.Array(Run), nextCursor: Type.Optional(Type.String()) });
export type RunPage = Static<typeof RunPage>;

import { type Static, Type } from 'typebox';
import { Diagnostic } from './diagnostic.ts';

/** The body of every answer that is not a success. */
export const ApiError = Type.Object({
  code: Type.String({ description: 'Stable kebab-case name' }),
  message: Type.String({ description: 'What happened and why' }),
  hint: Type.String({ description: 'What to do about it' }),
  details: Type.Array(Diagnostic),
  requestId: Type.String({ description: 'Also in the server’s log' }),
});
export type ApiError = Static<typeof ApiError>;

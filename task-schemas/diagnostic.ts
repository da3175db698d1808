import { type Static, Type } from 'typebox';

/** Where in a file a diagnostic points. Lines and columns count from 1; columns are UTF-16 units. */
export const Place = Type.Object({
  file: Type.String(),
  line: Type.Integer({ minimum: 1 }),
  column: Type.Integer({ minimum: 1 }),
  length: Type.Integer({ minimum: 0, description: 'How many characters the caret line underlines' }),
});
export type Place = Static<typeof Place>;

/** One finding about something a user wrote: what is wrong, where, and what to do about it. */
export const Diagnostic = Type.Object({
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
  code: Type.String({ description: 'Stable kebab-case name of the rule' }),
  message: Type.String({ description: 'What happened and why, with the offending value' }),
  hint: Type.Optional(Type.String({ description: 'What to do about it' })),
  place: Type.Optional(Place),
  source: Type.Optional(Type.String({ description: 'The line of text that `place` points into' })),
});
export type Diagnostic = Static<typeof Diagnostic>;

import { type Static, Type } from 'typebox';

/** What a timer of a task is called. */
export const TimerName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$',
  description: 'At most 50 letters, digits, - and _',
});
export type TimerName = Static<typeof TimerName>;

/** When a task runs by itself. */
export const Timer = Type.Object(
  {
    name: TimerName,
    schedule: Type.String({
      minLength: 1,
      description: 'Cron of five fields: minute, hour, day of the month, month, day of the week',
    }),
    timeZone: Type.Optional(Type.String({ minLength: 1, description: 'Like Europe/Berlin (default UTC)' })),
    enabled: Type.Optional(Type.Boolean({ description: 'Whether it fires (default true)' })),
  },
  { additionalProperties: false },
);
export type Timer = Static<typeof Timer>;

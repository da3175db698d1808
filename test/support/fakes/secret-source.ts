import type { SecretReading, SecretSource, WantedSecret } from '../../../src/ports/secret-source.ts';

/** A source that has these values by address; `asked` has what was asked for, in order. */
export function fakeSecretSource(values: Readonly<Record<string, string>>): SecretSource & { asked: WantedSecret[] } {
  const asked: WantedSecret[] = [];
  return {
    asked,
    async read(wanted, signal): Promise<SecretReading> {
      signal.throwIfAborted();
      asked.push(wanted);
      const value = values[wanted.address];
      if (value !== undefined) return { kind: 'value', value };
      return { kind: 'unavailable', reason: 'the fake has no such secret', hint: 'Give it one.' };
    },
  };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecretSource } from '../../src/ports/secret-source.ts';

/** A source for one test, with two secrets by their addresses, and one that is nowhere. */
export interface SecretSourceRig {
  readonly source: SecretSource;
  readonly values: Readonly<Record<string, string>>;
  readonly missing: string;
  close(): Promise<void>;
}

/** What every source of secrets promises. */
export function secretSourceContract(name: string, open: () => Promise<SecretSourceRig>): void {
  const never = new AbortController().signal;
  const withRig = async (body: (rig: SecretSourceRig) => Promise<void>) => {
    const rig = await open();
    try {
      await body(rig);
    } finally {
      await rig.close();
    }
  };

  test(`${name}: gives the value at each address, many at once`, () =>
    withRig(async ({ source, values }) => {
      const addresses = [...Object.keys(values), ...Object.keys(values)];
      const read = await Promise.all(addresses.map((address) => source.read({ address }, never)));
      assert.deepEqual(
        read,
        addresses.map((address) => ({ kind: 'value', value: values[address] })),
      );
    }));

  test(`${name}: says why there is no value, and the cure, and shows no other value`, () =>
    withRig(async ({ source, missing, values }) => {
      const read = await source.read({ address: missing }, never);
      assert.ok(read.kind === 'unavailable');
      assert.ok(read.reason.length > 0 && read.hint.length > 0);
      for (const value of Object.values(values)) assert.ok(!JSON.stringify(read).includes(value));
    }));

  test(`${name}: rejects with the reason of an abort`, () =>
    withRig(async ({ source, values }) => {
      const [address = ''] = Object.keys(values);
      await assert.rejects(source.read({ address }, AbortSignal.abort(new Error('enough'))), /enough/);
    }));
}

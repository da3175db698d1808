import { test } from 'node:test';

/** What a suite about a store needs: stores over the same data, as two processes would have them, and an end. */
export interface StoreRig<Store> {
  /** A further store over the same data. */
  open(): Promise<Store>;
  /** Removes the data and closes what `open` made. */
  close(): Promise<void>;
}

/** One promise of a store, tested with a store of its own. */
export type Check<Store> = (what: string, body: (store: Store, rig: StoreRig<Store>) => Promise<void>) => void;

/** Makes the tests of a suite: each gets a store over no data, and everything is gone at its end. */
export function checking<Store>(name: string, create: () => Promise<StoreRig<Store>>): Check<Store> {
  return (what, body) => {
    test(`${name}: ${what}`, async () => {
      const rig = await create();
      try {
        await body(await rig.open(), rig);
      } finally {
        await rig.close();
      }
    });
  };
}

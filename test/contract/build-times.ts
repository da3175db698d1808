import assert from 'node:assert/strict';
import type { BuildTimes } from '../../src/ports/build-times.ts';
import { checking, type StoreRig } from './checking.ts';

/** Instructions of a build that the times of the rig keep. */
export const CONTRACT_TIMES_LIMIT = 3;

const build = 'r.test/team/app:cache_nightly_build';

/** What all BuildTimes promise (src/ports/build-times.ts). */
export function buildTimesContract(name: string, create: () => Promise<StoreRig<BuildTimes>>): void {
  const check = checking(name, create);

  const known = async (times: BuildTimes, of = build) => Object.fromEntries(await times.read(of));

  check('what is noted is read elsewhere, to the millisecond, and nothing of other builds', async (times, rig) => {
    await times.note(build, new Map(Object.entries({ a: 12.3456, '': 0 })));
    const other = await rig.open();
    assert.deepEqual(await known(other), { a: 12.346, '': 0 });
    assert.deepEqual(await known(other, `${build}2`), {});
  });

  check('a note adds to what is known, and replaces what it names', async (times) => {
    await times.note(build, new Map(Object.entries({ a: 1, b: 2 })));
    await times.note(build, new Map(Object.entries({ b: 3, c: 4 })));
    await times.note(build, new Map());
    assert.deepEqual(await known(times), { a: 1, b: 3, c: 4 });
  });

  check('notes at once all take effect', async (times, rig) => {
    const other = await rig.open();
    const notes = Object.entries({ a: 1, b: 2, c: 3 }).map(([key, seconds], index) =>
      (index === 1 ? other : times).note(build, new Map([[key, seconds]])),
    );
    await Promise.all(notes);
    assert.deepEqual(await known(times), { a: 1, b: 2, c: 3 });
  });

  check('beyond its limit a build keeps what was noted last, be it new or known', async (times) => {
    await times.note(build, new Map([['a', 1]]));
    await times.note(build, new Map([['b', 2]]));
    await times.note(build, new Map([['c', 3]]));
    await times.note(build, new Map([['a', 1]]));
    await times.note(build, new Map([['d', 4]]));
    assert.deepEqual(await known(times), { a: 1, c: 3, d: 4 });
    await times.note(build, new Map(['e', 'f', 'g', 'h'].map((key) => [key, 5])));
    const left = Object.keys(await known(times));
    assert.equal(left.length, CONTRACT_TIMES_LIMIT);
    assert.ok(left.every((key) => key >= 'e'));
  });
}

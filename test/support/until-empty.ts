import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for the folder of a worker's sources to be empty: they are deleted beside the end of their run. */
export async function untilEmpty(folder: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; ; await sleep(20)) {
    const left = await readdir(folder).catch(() => []);
    if (left.length === 0) return;
    assert.ok(Date.now() < deadline, `${folder} still has ${left.join(', ')}`);
  }
}

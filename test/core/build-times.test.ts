import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnFrom, nameOfBuild, type TimedInstruction } from '../../src/core/build-times.ts';
import { buildStep } from '../support/fakes/planned-steps.ts';

const nothing = new Map<string, number>();

function instruction(change: Partial<TimedInstruction> = {}): TimedInstruction {
  return { stage: '', place: 2, text: 'RUN make', cached: false, seconds: 4, ...change };
}

const cached = (change: Partial<TimedInstruction> = {}) => instruction({ cached: true, seconds: 0, ...change });

test('what ran once is what a layer saves later, wherever the instruction has moved', () => {
  const before = learnFrom([instruction(), instruction({ place: 3, text: 'RUN test', seconds: 1.25 })], nothing);
  assert.equal(before.savedSeconds, undefined);
  const { savedSeconds, times } = learnFrom(
    [cached({ place: 5 }), cached({ place: 6, text: 'RUN test' })],
    before.times,
  );
  assert.equal(savedSeconds, 5.25);
  assert.deepEqual(times, before.times, 'it is noted again, and so kept');
});

const others = {
  'another text': { text: 'RUN make all' },
  'another stage': { stage: 'tools' },
  'another platform': { stage: 'linux/arm64' },
} as const;
for (const [name, change] of Object.entries(others)) {
  test(`nothing is known of ${name}`, () => {
    const { times } = learnFrom([instruction()], nothing);
    assert.deepEqual(learnFrom([cached(change)], times), { savedSeconds: undefined, times: nothing });
  });
}

test('what is not known of some does not count, and what runs again is learned anew', () => {
  const { times } = learnFrom([instruction(), instruction({ text: 'RUN test', seconds: 2 })], nothing);
  const again = learnFrom(
    [cached(), instruction({ text: 'RUN test', seconds: 3 }), cached({ text: 'COPY . .' })],
    times,
  );
  assert.equal(again.savedSeconds, 4);
  assert.deepEqual([...again.times.values()].toSorted(), [3, 4]);
});

test('equal instructions of a stage are known apart by their order', () => {
  const { times } = learnFrom([instruction({ place: 5, seconds: 1 }), instruction({ place: 2, seconds: 60 })], nothing);
  assert.equal(learnFrom([instruction({ place: 5, seconds: 1 }), cached()], times).savedSeconds, 60);
  assert.equal(learnFrom([cached({ place: 9 }), cached({ place: 3 })], times).savedSeconds, 61);
});

test('an instruction that took no time is known all the same', () => {
  const { times } = learnFrom([instruction({ seconds: 0 })], nothing);
  assert.equal(learnFrom([cached()], times).savedSeconds, 0);
});

test('an argument in the text of an instruction is not remembered', () => {
  const { times } = learnFrom([instruction({ text: 'COPY --from=hunter2 /a /' })], nothing);
  assert.match(String([...times.keys()]), /^[\w-]{16}$/);
});

const names = [
  { name: 'the image that keeps the layers', images: ['r.test/app:1'], expected: 'r.test/app:cache_t_b', keeps: true },
  { name: 'else the repository and the step', images: ['b'], expected: 'docker.io/library/b b' },
  { name: 'whatever the tag', images: ['r.test/app:r1', 'x'], expected: 'r.test/app b' },
  { name: 'none without an image', images: [], expected: undefined },
];
for (const { name, images, expected, keeps } of names) {
  test(`the name of a build: ${name}`, () => {
    const cache = { kind: 'kept', image: 'r.test/app:cache_t_b', pushedBy: 'push' } as const;
    assert.equal(nameOfBuild(buildStep('b', { images, ...(keeps ? { cache } : {}) })), expected);
  });
}

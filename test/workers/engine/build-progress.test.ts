import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBuildProgress, type SecretHiding } from '../../../workers/engine/build-progress.ts';
import { codec } from '../../../workers/engine/proto/messages.ts';
import { decodeStatus, type VertexLog } from '../../../workers/engine/proto/status.ts';
import { createMask } from '../../../workers/output/mask.ts';
import { nothingHidden } from '../../support/fakes/show-all.ts';

const response = codec('StatusResponse');
const at = (seconds: number) => ({ seconds: Math.floor(seconds), nanos: Math.round((seconds % 1) * 1e9) });

/** Feeds messages as the engine encodes them; answers the lines, those on stderr marked with "!". */
function show(...messages: readonly Record<string, unknown>[]): string[] {
  return showHidden(nothingHidden, ...messages);
}

function showHidden(hiding: SecretHiding, ...messages: readonly Record<string, unknown>[]): string[] {
  const progress = createBuildProgress(hiding);
  const lines = messages.flatMap((message) => [...progress.see(decodeStatus(response.encode(message)))]);
  return [...lines, ...progress.rest()].map(({ stream, bytes }) => `${stream === 'stderr' ? '!' : ''}${bytes}`);
}

test('a step is shown with its name, its output and how long it took', () => {
  const lines = show(
    { vertexes: [{ digest: 'a', name: '[1/2] FROM busybox', started: at(10) }] },
    { vertexes: [{ digest: 'a', name: '[1/2] FROM busybox', started: at(10), completed: at(10.04) }] },
    { vertexes: [{ digest: 'b', name: '[2/2] RUN make', started: at(11) }] },
    { logs: [{ vertex: 'b', stream: 1, msg: Buffer.from('one\ntwo\n') }] },
    { logs: [{ vertex: 'b', stream: 2, msg: Buffer.from('careful\n') }] },
    { vertexes: [{ digest: 'b', name: '[2/2] RUN make', started: at(11), completed: at(14.25) }] },
  );
  assert.deepEqual(lines, [
    '#1 [1/2] FROM busybox\n',
    '#1 DONE 0.0s\n',
    '#2 [2/2] RUN make\n',
    '#2 one\n',
    '#2 two\n',
    '!#2 careful\n',
    '#2 DONE 3.3s\n',
  ]);
});

test('cached and failed steps say so, and the failure is kept', () => {
  const progress = createBuildProgress(nothingHidden);
  const see = (vertex: Record<string, unknown>) =>
    progress.see(decodeStatus(response.encode({ vertexes: [vertex] }))).map(({ bytes }) => String(bytes));
  assert.equal(progress.failure(), undefined);
  assert.deepEqual(see({ digest: 'a', name: 'COPY', started: at(1), completed: at(1), cached: true }), [
    '#1 COPY\n',
    '#1 CACHED\n',
  ]);
  assert.deepEqual(see({ digest: 'b', name: 'RUN false', started: at(1), completed: at(2), error: 'exit code: 1' }), [
    '#2 RUN false\n',
    '#2 ERROR: exit code: 1\n',
  ]);
  assert.deepEqual(progress.failure(), { name: 'RUN false', error: 'exit code: 1' });
});

test('a stage that is stopped because another one failed is not what failed, also when it is told first', () => {
  const progress = createBuildProgress(nothingHidden);
  const see = (vertex: Record<string, unknown>) =>
    progress.see(decodeStatus(response.encode({ vertexes: [vertex] }))).map(({ bytes }) => String(bytes));
  const stopped = 'process "/bin/sh -c make a" did not complete successfully: context canceled';
  assert.deepEqual(see({ digest: 'a', name: '[a 2/2] RUN make a', started: at(1), completed: at(2), error: stopped }), [
    '#1 [a 2/2] RUN make a\n',
    '#1 CANCELED\n',
  ]);
  assert.equal(progress.failure(), undefined);
  see({ digest: 'b', name: '[b 2/2] RUN make b', started: at(1), completed: at(2), error: 'exit code: 1' });
  assert.deepEqual(progress.failure(), { name: '[b 2/2] RUN make b', error: 'exit code: 1' });
});

test('layers that are not there to be taken up are no failure', () => {
  const progress = createBuildProgress(nothingHidden);
  const name = 'importing cache manifest from r/a:cache_t_b';
  const ends = ['r/a:cache_t_b: not found', 'denied'].map((error, index) => {
    const vertex = { digest: String(index), name, started: at(1), completed: at(2), error };
    return String(progress.see(decodeStatus(response.encode({ vertexes: [vertex] })))[1]?.bytes);
  });
  assert.deepEqual(ends, ['#1 NONE YET\n', '#2 NONE: denied\n']);
  assert.equal(progress.failure(), undefined);
});

test('a step that only waits is not shown, and one that ended is not shown twice', () => {
  const ended = { digest: 'a', name: 'COPY', started: at(1), completed: at(2) };
  assert.deepEqual(show({ vertexes: [{ digest: 'z', name: 'later' }] }, { vertexes: [ended] }, { vertexes: [ended] }), [
    '#1 COPY\n',
    '#1 DONE 1.0s\n',
  ]);
});

test('output that comes in one message with the end of its step is shown before the end', () => {
  const lines = show({
    vertexes: [{ digest: 'a', name: 'RUN', started: at(1), completed: at(2) }],
    logs: [{ vertex: 'a', stream: 1, msg: Buffer.from('without line end') }],
  });
  assert.deepEqual(lines, ['#1 RUN\n', '#1 without line end\n', '#1 DONE 1.0s\n']);
});

test('a character cut between two messages arrives whole', () => {
  const text = Buffer.from('Größe 📦\n');
  const logs = [...text].map((byte) => ({ logs: [{ vertex: 'a', stream: 1, msg: Buffer.from([byte]) }] }));
  const lines = show({ vertexes: [{ digest: 'a', name: 'RUN', started: at(1) }] }, ...logs);
  assert.deepEqual(lines, ['#1 RUN\n', '#1 Größe 📦\n']);
});

test('bytes that are no text are passed on as they are', () => {
  const progress = createBuildProgress(nothingHidden);
  const log: VertexLog = { vertex: 'a', stream: 'stdout', bytes: Buffer.from([0xff, 0x00, 0x0a]) };
  const vertex = { digest: 'a', name: 'RUN', cached: false, started: 1, completed: undefined, error: '' };
  const lines = progress.see({ vertexes: [vertex], statuses: [], logs: [log], warnings: [] });
  assert.deepEqual(lines[1]?.bytes, Buffer.from([0x23, 0x31, 0x20, 0xff, 0x00, 0x0a]));
});

test('a transfer is shown when it ends and every five seconds before', () => {
  const status = (current: number, seconds: number, end?: number) => ({
    statuses: [
      {
        ID: 'sha256:1',
        vertex: 'a',
        current,
        total: 9_000_000,
        timestamp: at(seconds),
        ...(end === undefined ? {} : { completed: at(end) }),
      },
    ],
  });
  const lines = show(
    { vertexes: [{ digest: 'a', name: 'FROM x', started: at(1) }] },
    status(0, 1),
    status(1_000_000, 3),
    status(4_500_000, 6.5),
    status(5_000_000, 7),
    status(9_000_000, 8, 8),
    status(9_000_000, 8, 8),
  );
  assert.deepEqual(lines, ['#1 FROM x\n', '#1 sha256:1 4.5 of 9.0 MB\n', '#1 sha256:1 9.0 of 9.0 MB done\n']);
});

test('a line without an end is shown in pieces before it fills the memory', () => {
  const big = { vertex: 'a', stream: 1, msg: Buffer.alloc(70_000, 'x') };
  const lines = show({ vertexes: [{ digest: 'a', name: 'RUN', started: at(1) }] }, { logs: [big] }, { logs: [big] });
  assert.deepEqual(
    lines.map((line) => line.length),
    ['#1 RUN\n'.length, 70_004, 70_004],
  );
});

for (const character of ['é', '€', '📦']) {
  test(`a long line is not cut inside of a character: ${character}`, () => {
    const text = `x${character.repeat(60_000)}`;
    const bytes = Buffer.from(text);
    const logs = [];
    // Pieces that end anywhere, as BuildKit hands them on.
    for (let start = 0; start < bytes.length; start += 8190) {
      logs.push({ logs: [{ vertex: 'a', stream: 1, msg: bytes.subarray(start, start + 8190) }] });
    }
    const [name, ...lines] = show({ vertexes: [{ digest: 'a', name: 'RUN', started: at(1) }] }, ...logs);
    assert.equal(name, '#1 RUN\n');
    assert.ok(lines.length > 1);
    assert.equal(lines.map((line) => line.slice('#1 '.length, -1)).join(''), text);
  });
}

test('a long line of bytes that are no text is cut as well', () => {
  const log: VertexLog = { vertex: 'a', stream: 'stdout', bytes: Buffer.alloc(70_000, 0xa9) };
  const vertex = { digest: 'a', name: 'RUN', cached: false, started: 1, completed: undefined, error: '' };
  const lines = createBuildProgress(nothingHidden).see({ vertexes: [vertex], statuses: [], logs: [log], warnings: [] });
  assert.equal(lines[1]?.bytes.length, 70_004);
});

for (const before of [65_500, 65_530, 65_536, 131_060]) {
  test(`a secret in a long line is hidden wherever the line is cut: after ${before} characters`, () => {
    const secret = 'correct horse battery staple';
    const { hide, longest } = createMask([secret]);
    const text = Buffer.from(`${'é'.repeat(before - 65_000)}${'x'.repeat(65_000)}${secret}${'y'.repeat(140_000)}`);
    const logs = [];
    for (let start = 0; start < text.length; start += 8190) {
      logs.push({ logs: [{ vertex: 'a', stream: 1, msg: text.subarray(start, start + 8190) }] });
    }
    const vertex = { vertexes: [{ digest: 'a', name: 'RUN', started: at(1) }] };
    const [, ...lines] = showHidden({ hide, longestSecret: longest }, vertex, ...logs);
    assert.ok(lines.length > 1);
    const shown = lines.map((line) => line.slice('#1 '.length, -1)).join('');
    assert.equal(shown, text.toString().replace(secret, '***'));
  });
}

test('a status that is not one is refused', () => {
  assert.throws(() => decodeStatus(Buffer.from([0x0a, 0xff, 0x01])));
});

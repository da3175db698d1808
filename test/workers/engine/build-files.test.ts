import assert from 'node:assert/strict';
import { link, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { openBuildSession } from '../../../workers/engine/build-session.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { contextFolders } from '../../../workers/engine/context-folders.ts';
import type { ListedEntry } from '../../../workers/engine/source-files.ts';
import { buildStep, cmdStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { newRunId, type RealRun, withRealRun } from './real-engine.ts';
import { fileOf, listOf } from './session-services/fake-receiver.ts';

const sh = (script: string) => ({ args: ['sh', '-c', script] });
const imageOf = ({ registry, runId }: RealRun) => `${registry}/test/${runId}:1`;

/** Names that sort in one way as texts, in another as paths, and in a third as bytes. */
const NAMES = ['a/b/c', 'a/b.c', 'a/b-', 'a.b', 'a-', 'ａ', '📦', 'B', 'lib/x', 'lib64'];

for (const where of ['the source', 'the workspace']) {
  test(`files arrive whatever their names are, and what links lead to is there, from ${where}`, () =>
    withRealRun(
      {
        Dockerfile: 'FROM busybox:latest\nCOPY . /app\nCOPY link/c /through\nCOPY a/b.c a/b* /some/\n',
        ...Object.fromEntries(NAMES.map((name) => [name, `content of ${name}`])),
      },
      async (run) => {
        const setUp = 'cd /workspace && ln -s a/b link && ln a/b.c lib/hard';
        if (where === 'the workspace') await run.succeed(cmdStep('links', sh(setUp)));
        else await linkIn(run.source);
        await run.succeed(buildStep('b', { images: [imageOf(run)] }));
        const look = 'cd /app; for f in $(find . -type f | sort); do echo "$f $(cat $f)"; done; cat /through; ls /some';
        const { lines } = splitLines(await run.succeed(cmdStep('look', { image: imageOf(run), ...sh(look) })));
        for (const name of NAMES) assert.ok(lines.includes(`./${name} content of ${name}`), `${name}: ${lines}`);
        assert.ok(lines.includes('./lib/hard content of a/b.c'));
        assert.deepEqual(lines.slice(-3), ['content of a/b/cb-', 'b.c', 'c']);
      },
    ));
}

async function linkIn(source: string): Promise<void> {
  await symlink('a/b', path.join(source, 'link'));
  await link(path.join(source, 'a/b.c'), path.join(source, 'lib/hard'));
}

function splitLines(output: { text(stream: 'stdout'): string }) {
  return { lines: output.text('stdout').trimEnd().split('\n') };
}

test('other times of the files change nothing, and other files of the same size and time are built', () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\nCOPY note /\n', note: newRunId() }, async (run) => {
    const note = path.join(run.source, 'note');
    const time = new Date('2020-01-02T03:04:05Z');
    const build = async () => {
      const { result } = await run.run(buildStep('b', { images: [imageOf(run)] }));
      return result.build?.cached;
    };
    assert.equal(await build(), 0);
    await utimes(note, time, time);
    assert.equal(await build(), 1);
    const other = newRunId();
    await writeFile(note, other);
    await utimes(note, time, time);
    assert.equal(await build(), 0);
    const look = await run.succeed(cmdStep('look', { image: imageOf(run), ...sh('cat /note') }));
    assert.equal(look.text('stdout'), other);
  }));

/** Has the real engine build from these entries; answers all that it says of it. */
async function build(t: TestContext, dockerfile: string, entries: readonly ListedEntry[]): Promise<string> {
  const connection = connectEngine(realParts().dockerHost);
  t.after(() => connection.close());
  const never = new AbortController().signal;
  const list = { entries: () => listOf(...entries), close() {} };
  const folders = contextFolders(list, undefined, 'Dockerfile', Buffer.from(dockerfile));
  const offer = { credentials: [], folders, secrets: new Map(), agents: new Map() };
  const session = await openBuildSession(connection, `test-${newRunId()}`, offer, never);
  assert.ok(session !== 'unsupported');
  t.after(() => session.close());
  const query = { version: '2', remote: 'client-session', session: session.id, dockerfile: 'Dockerfile' };
  return text(await connection.stream({ method: 'POST', path: '/build', query }, never));
}

test('a build that copies little is sent little', async (t) => {
  const opened: string[] = [];
  const names = Array.from({ length: 100 }, (_, index) => `f${String(index).padStart(2, '0')}`);
  const entries = names.map((name): ListedEntry => {
    const { header, open } = fileOf(name, newRunId());
    return {
      header,
      open() {
        opened.push(name);
        return open?.() ?? assert.fail();
      },
    };
  });
  assert.match(await build(t, 'FROM scratch\nCOPY f07 f42 /\n', entries), /moby\.image\.id/);
  assert.deepEqual(opened.sort(), ['f07', 'f42']);
});

test('a file that cannot be read ends a build with the reason', { timeout: 30_000 }, async (t) => {
  const entry: ListedEntry = {
    header: { name: 'f', size: 1_000_000 },
    async *open() {
      yield Buffer.from('x');
      throw new Error('the disk is broken');
    },
  };
  assert.match(await build(t, 'FROM scratch\nCOPY f /\n', [entry]), /"error":"[^"]*the disk is broken/);
});

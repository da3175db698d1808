import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureBaseImages } from '../../src/embedded/base-images.ts';
import { engineClient } from '../../src/embedded/engine-client.ts';
import { startPrivateEngine } from '../../src/embedded/private-engine.ts';
import { cleanUp } from '../support/clean-up.ts';
import { realParts } from '../support/real-parts.ts';

realParts(); // they bring the programs of an engine along
const { env } = process;
const onNotice = () => {};
const skip =
  process.platform !== 'linux' || process.getuid?.() !== 0 ? 'only root on Linux can start a private engine' : false;

test('an engine with a containerd of its own runs its containers there, and leaves nothing', { skip }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-containerd-'));
  cleanUp(t, () => rmSync(directory, { recursive: true, force: true }));
  const engine = await startPrivateEngine({ directory, env, onNotice, ownContainerd: { imageStore: 'graphdriver' } });
  cleanUp(t, () => engine.close());
  const { dockerHost } = engine;
  const folder = dockerHost.slice('unix://'.length, -'/docker.sock'.length);
  await ensureBaseImages({ dockerHost, names: ['busybox'], cacheDir: join(directory, 'cache'), env, onNotice });
  const container = await engineClient(dockerHost).createContainer({ Image: 'busybox', Cmd: ['sleep', '60'] });
  await container.start();
  // One that dockerd starts by itself has its files a folder deeper.
  const kinds = commandsWith(`${folder}/containerd.`).map((words) => words.split(' ')[0]?.split('/').pop());
  assert.deepEqual(kinds.sort(), ['containerd', 'containerd-shim-runc-v2'], commandsWith(folder).join('\n'));
  await engine.close(); // with the container still running
  assert.deepEqual(commandsWith(folder), []);
  for (const text of [readFileSync('/proc/self/mounts', 'utf8'), readdirSync('/run').join('\n')]) {
    for (const trace of [directory, folder.slice('/run/'.length)])
      assert.ok(!text.includes(trace), `${trace} in:\n${text}`);
  }
});

/** The command lines of this machine's containerd processes and shims in which `path` occurs. */
function commandsWith(path: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // it ended while we looked
    }
  });
  return lines.filter((line) => /^\S*containerd/.test(line) && line.includes(path));
}

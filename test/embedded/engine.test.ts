import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ensureBaseImages } from '../../src/embedded/base-images.ts';
import { startEngine } from '../../src/embedded/engine.ts';
import { engineClient } from '../../src/embedded/engine-client.ts';
import { realParts } from '../support/real-parts.ts';

const parts = realParts();
const root = mkdtempSync(join(tmpdir(), 'slipway-engine-'));
after(() => rmSync(root, { recursive: true, force: true }));
const env = process.env;
const onNotice = () => {};
const skip =
  process.platform !== 'linux' || process.getuid?.() !== 0 ? 'only root on Linux can start a private engine' : false;

test('a given engine is used and not closed', async () => {
  const engine = await startEngine({ directory: join(root, 'unused'), dockerHost: parts.dockerHost, env, onNotice });
  assert.deepEqual([engine.origin, engine.dockerHost], ['given', parts.dockerHost]);
  assert.match(engine.facts.version, /^\d+\./);
  await engine.close();
  assert.equal((await engineClient(parts.dockerHost).ping()).toString(), 'OK');
  assert.equal(existsSync(join(root, 'unused')), false);
});

test('a given engine that does not answer is named', async () => {
  const dockerHost = `unix://${root}/nobody.sock`;
  await assert.rejects(
    startEngine({ directory: root, dockerHost, env, onNotice }),
    /The Docker Engine at unix:.*nobody\.sock does not answer/,
  );
  await assert.rejects(
    startEngine({ directory: root, dockerHost: 'nonsense', env, onNotice }),
    /DOCKER_HOST is "nonsense"/,
  );
});

test('a private engine runs containers that reach each other by name, and leaves nothing', { skip }, async () => {
  const directory = join(root, 'private');
  const engine = await startEngine({ directory, alwaysPrivate: true, env, onNotice });
  await ensureBaseImages({
    dockerHost: engine.dockerHost,
    names: ['busybox'],
    cacheDir: join(root, 'cache'),
    env,
    onNotice,
  });
  const docker = engineClient(engine.dockerHost);
  const network = await docker.createNetwork({ Name: 'run' });
  await startService(docker, 'run', 'web');
  const answer = await runToEnd(docker, 'run', ['wget', '-q', '-O-', 'http://web:80/etc/group']);
  assert.match(answer, /^root:x:0:/m);
  const bridge = `br-${network.id.slice(0, 12)}`;
  assert.match(execFileSync('ip', ['link'], { encoding: 'utf8' }), new RegExp(bridge));
  await engine.close(); // with a container still running
  const id = engine.dockerHost.split(/[-/]/).at(-2) ?? '';
  const places = [
    execFileSync('ip', ['link'], { encoding: 'utf8' }),
    execFileSync('iptables-save', { encoding: 'utf8' }),
  ];
  for (const text of [...places, readFileSync('/proc/self/mounts', 'utf8')]) {
    for (const trace of [id, bridge, directory])
      assert.equal(text.includes(trace), false, `${trace} is left in:\n${text}`);
  }
  assert.equal(existsSync(`/run/slipway-${id}`), false);
});

test('a private engine does not disturb one that runs with the usual settings', { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-beside-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const fixture = join(import.meta.dirname, 'fixtures/beside.ts');
  const args = ['--net', process.execPath, '--import', 'tsx', fixture, folder];
  const { alone, before, during, after, differentEngines, usualStillAnswers } = JSON.parse(
    execFileSync('unshare', args, { encoding: 'utf8' }),
  );
  assert.deepEqual(alone, ['0', '1', '0'], 'forwarding is switched on for the engine, and off again after it');
  assert.ok(
    before.rules.some((rule: string) => rule.includes('DOCKER')),
    'the usual engine has its chains',
  );
  for (const line of [...before.rules, ...before.addresses]) {
    assert.ok(
      [...during.rules, ...during.addresses].includes(line),
      `"${line}" was there before the private engine came`,
    );
  }
  assert.ok(during.rules.length > before.rules.length);
  assert.deepEqual(after, before);
  assert.deepEqual([differentEngines, usualStillAnswers], [true, true]);
});

type Client = ReturnType<typeof engineClient>;

async function startService(docker: Client, network: string, alias: string): Promise<void> {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['httpd', '-f', '-p', '80', '-h', '/'],
    HostConfig: { NetworkMode: network, Init: true },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [alias] } } },
  });
  await container.start();
}

async function runToEnd(docker: Client, network: string, command: string[]): Promise<string> {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: command,
    Tty: true,
    HostConfig: { NetworkMode: network },
  });
  await container.start();
  await container.wait();
  return (await container.logs({ stdout: true, stderr: true })).toString();
}

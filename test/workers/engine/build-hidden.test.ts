import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { cleanUp } from '../../support/clean-up.ts';
import { buildStep as anyBuild, cmdStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { withRealRun } from './real-engine.ts';

realParts();

const VALUE = 'hunter2 "quoted"\nline two';

/** A build whose RUN instructions are never taken from the cache. */
function buildStep(change: Parameters<typeof anyBuild>[1]) {
  return anyBuild('build', { buildNetwork: 'none', noCache: true, ...change });
}

const secret = (run: string) => ({ Dockerfile: `FROM busybox:latest\nRUN --mount=type=secret,id=s ${run}\n` });

const origins = [
  { name: 'a variable of the step', secrets: ['id=s,env=TOKEN'] },
  { name: 'the variable of its own name', secrets: ['id=s'] },
  { name: 'a file of the source', secrets: ['id=s,src=keys/token'] },
  { name: 'a file by its path in the containers', secrets: ['type=file,id=s,source=/workspace/keys/token'] },
] as const;

for (const { name, secrets } of origins) {
  test(`a secret of a build is ${name}, and not in the image`, () =>
    withRealRun({ ...secret('cat /run/secrets/s'), 'keys/token': VALUE, '.dockerignore': 'keys' }, async (run) => {
      const image = `${run.registry}/hidden:${run.runId}`;
      const env = [`TOKEN=${VALUE}`, `s=${VALUE}`];
      const output = await run.succeed(buildStep({ env, secrets: [...secrets], images: [image] }));
      assert.match(output.text('stdout'), /hunter2 "quoted"\n.*line two/);
      const look = cmdStep('look', {
        image,
        args: ['sh', '-c', 'ls -A /run/secrets; env; grep -r hunter2 /run /etc /root; true'],
      });
      assert.doesNotMatch((await run.succeed(look)).text('stdout'), /hunter2/);
    }));
}

test('a secret that a step before has written is read from the workspace', () =>
  withRealRun(secret('cat /run/secrets/s'), async (run) => {
    await run.succeed(
      cmdStep('write', { args: ['sh', '-c', 'mkdir -p /workspace/a; echo from-step > /workspace/a/s'] }),
    );
    const output = await run.succeed(buildStep({ secrets: ['id=s,src=s'], workingDirectory: '/workspace/a' }));
    assert.match(output.text('stdout'), /from-step/);
  }));

test('a secret that a RUN asks for and the build does not have is missing', () =>
  withRealRun(secret('ls /run/secrets'), async (run) => {
    const { result, output } = await run.run(buildStep({ secrets: ['id=other,env=X'], env: ['X=1'] }));
    if (result.kind === 'succeeded') assert.doesNotMatch(output.text('stdout'), /^s$/m);
    else assert.match(result.message, /secret/);
    const needed = secret('cat /run/secrets/s').Dockerfile.replace('id=s', 'id=s,required=true');
    await run.succeed(
      cmdStep('write', { args: ['sh', '-c', `printf '%b' '${needed.replaceAll('\n', '\\n')}' > Dockerfile`] }),
    );
    const failed = await run.run(buildStep({ secrets: ['id=other,env=X'], env: ['X=1'] }));
    assert.ok(failed.result.kind === 'failed');
    assert.match(failed.result.message, /secret/);
  }));

const inVolume = [
  { name: 'by its path', secrets: ['id=s,src=/certs/key.pem'], directory: '/workspace' },
  { name: 'from the working directory of the step', secrets: ['id=s,src=key.pem'], directory: '/certs' },
  {
    name: 'below the workspace, in place of what lies there',
    secrets: ['id=s,src=in/key.pem'],
    directory: '/workspace',
  },
];

for (const { name, secrets, directory } of inVolume) {
  test(`a secret of a build is a file of a volume that it mounts: ${name}`, () =>
    withRealRun(
      { ...secret('cat /run/secrets/s; ls /certs /workspace || true'), 'in/key.pem': 'of the source' },
      async (run) => {
        const volumeMounts = [
          { volume: 'certs', path: '/certs', readOnly: false },
          { volume: 'certs', path: '/workspace/in', readOnly: true },
        ];
        const output = await run.succeed(
          buildStep({ secrets: [...secrets], workingDirectory: directory, volumeMounts }),
        );
        assert.match(output.text('stdout'), /^#\d+ (\d+\.\d+ )?from the volume$/m);
        assert.doesNotMatch(output.text('stdout'), /of the source|key\.pem/);
      },
      { secretVolumes: [{ name: 'certs', files: [{ name: 'key.pem', content: Buffer.from('from the volume\n') }] }] },
    ));
}

const wrong = [
  {
    name: 'a file that a volume does not have',
    step: { secrets: ['id=s,src=/certs/nope'], volumeMounts: [{ volume: 'certs', path: '/certs', readOnly: false }] },
    says: /volume "certs" has no file "nope" for --secret s.*mountPath/,
  },
  {
    name: 'a file that is missing',
    step: { secrets: ['id=s,src=nope'] },
    says: /no file "nope" in the source.*--secret s/,
  },
  { name: 'a file outside', step: { secrets: ['id=s,src=/etc/hostname'] }, says: /no file "\/etc\/hostname"/ },
  { name: 'a link out of the source', step: { secrets: ['id=s,src=link'] }, says: /no file "link"/ },
  { name: 'a variable that is missing', step: { secrets: ['id=s,env=NOPE'] }, says: /no variable NOPE/ },
  { name: 'more than 500 KiB', step: { secrets: ['id=s,src=big'] }, says: /--secret s.*more than 500 KiB.*smaller/ },
  { name: 'the agent of the worker', step: { ssh: ['default'] }, says: /the agent of the worker.*default=FILE/ },
  { name: 'a key of more than 500 KiB', step: { ssh: ['default=big'] }, says: /--ssh default.*more than 500 KiB/ },
  { name: 'a key that is none', step: { ssh: ['default=Dockerfile'] }, says: /no private key of OpenSSH.*ssh-keygen/ },
  {
    name: 'a builder that is none',
    step: { env: ['DOCKER_BUILDKIT=maybe'] },
    says: /DOCKER_BUILDKIT of step "build" is "maybe", which is neither true nor false.*Write 1 or 0/,
  },
  {
    name: 'the classic builder',
    step: { secrets: ['id=s,env=A'], ssh: [], env: ['A=1', 'DOCKER_BUILDKIT=0'] },
    says: /builds with --secret, which the classic builder does not know.*DOCKER_BUILDKIT/,
  },
];

for (const { name, step, says } of wrong) {
  test(`what cannot be hidden in a build is told with its cure: ${name}`, () =>
    withRealRun({ ...secret('true'), big: 'x'.repeat(501 * 1024) }, async (run) => {
      execFileSync('ln', ['-s', '/etc/hostname', path.join(run.source, 'link')]);
      const { result } = await run.run(buildStep(step));
      assert.ok(result.kind === 'failed');
      assert.match(`${result.message} ${result.hint}`, says);
      assert.deepEqual(agentFolders(), []);
    }));
}

const sshAdd = '/usr/bin/ssh-add';
const skip = existsSync(sshAdd) ? false : 'openssh-client is not installed';

/** Puts the machine's own ssh-add into a folder, with the libraries that it needs. */
function copySshAdd(folder: string): void {
  const libraries = execFileSync('ldd', [sshAdd], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g);
  for (const file of [sshAdd, ...[...libraries].map(([, name = '']) => name)]) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    copyFileSync(file, path.join(folder, file));
    chmodSync(path.join(folder, file), 0o755);
  }
}

function newKey(folder: string, name: string): { readonly text: string; readonly fingerprint: string } {
  const file = path.join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ')[1] ?? '';
  return { text: readFileSync(file, 'utf8'), fingerprint };
}

function agentFolders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('slipway-ssh-'));
}

const SSH = `FROM busybox:latest
COPY tool /
RUN --mount=type=ssh ssh-add -l
RUN --mount=type=ssh,id=two ssh-add -l
RUN env | grep SSH_AUTH_SOCK || echo no agent
`;

test('a RUN reaches an agent with the keys of its id, and only while it runs', { skip }, () =>
  withRealRun({ Dockerfile: SSH, '.dockerignore': 'key*' }, async (run) => {
    copySshAdd(path.join(run.source, 'tool'));
    const keys = ['key-a', 'key-b', 'key-c'].map((name) => newKey(run.source, name));
    const text = keys[2]?.text.trim() ?? '';
    const ssh = ['default=key-a,key-b', 'two=env:KEY'];
    const output = await run.succeed(buildStep({ ssh, env: [`KEY=${text}`] }));
    const shown = output.text('stdout');
    for (const { fingerprint } of keys) assert.ok(shown.includes(fingerprint), shown);
    assert.match(shown, /no agent/);
    assert.deepEqual(agentFolders(), []);
  }),
);

test('the agent of a build lies in the folder of the attempt, and is gone when the build is aborted', {
  skip,
}, async (t) => {
  const scratchDirectory = await mkdtemp(path.join(tmpdir(), 'scratch-'));
  cleanUp(t, () => rm(scratchDirectory, { recursive: true, force: true }));
  let during: readonly string[] = [];
  await withRealRun(
    { Dockerfile: 'FROM busybox:latest\nRUN echo started; sleep 30\n' },
    async (run) => {
      newKey(run.source, 'key');
      const stop = new AbortController();
      const output = {
        note() {},
        pushed() {},
        write(_stream: string, chunk: Uint8Array) {
          if (!/(^|#\d+ )started/m.test(Buffer.from(chunk).toString())) return;
          during = readdirSync(scratchDirectory);
          stop.abort(new Error('enough'));
        },
      };
      await assert.rejects(run.sandbox.run(buildStep({ ssh: ['default=key'] }), output, stop.signal), /enough/);
      assert.equal(during.length, 1);
      assert.deepEqual(readdirSync(scratchDirectory), []);
    },
    { scratchDirectory },
  );
});

test('a cache mount keeps its files from one build to the next', () =>
  withRealRun({}, async (run) => {
    const mount = `--mount=type=cache,id=${run.runId},target=/c`;
    const text = `FROM busybox:latest\nARG N\nRUN ${mount} : $N; cat /c/was 2>/dev/null; echo here > /c/was\n`;
    await writeFile(path.join(run.source, 'Dockerfile'), text);
    // Without cache, BuildKit takes a new folder; another argument lets the RUN run again all the same.
    const build = async (n: number) => run.succeed(buildStep({ noCache: false, buildArgs: [`N=${n}`] }));
    assert.doesNotMatch((await build(1)).text('stdout'), /^(#\d+ )?here$/m);
    assert.match((await build(2)).text('stdout'), /^(#\d+ )?(\d+\.\d+ )?here$/m);
  }));

import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { buildStep, cmdStep } from '../../support/fakes/planned-steps.ts';
import { type RealRun, withRealRun } from './real-engine.ts';
import { reply, startScriptedRegistry } from './scripted-registry.ts';

/** RUN instructions need no network here, and a private engine may have none for them. */
const buildNetwork = 'none';
const sh = (script: string) => ({ args: ['sh', '-c', script] });
const imageOf = ({ registry, runId }: RealRun, tag = '1') => `${registry}/test/${runId}:${tag}`;

const builders = [
  { name: 'BuildKit', env: [], note: undefined },
  { name: 'the classic builder', env: ['DOCKER_BUILDKIT=0'], note: /classic builder.*DOCKER_BUILDKIT=0/ },
] as const;

test('a step id may be any text that a step id may be', () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\n' }, async ({ succeed }) => {
    for (const id of ['构建', 'a#b']) await succeed(buildStep(id));
  }));

for (const { name, env, note } of builders) {
  test(`${name}: arguments, labels and target take effect, and its output is shown`, () =>
    withRealRun(
      {
        Dockerfile: [
          'FROM busybox:latest AS base',
          'ARG WHO=nobody',
          'RUN echo "hello $WHO, größe" && echo "$WHO" > /who',
          'FROM base AS wanted',
          'RUN echo wanted > /stage',
          'FROM base',
          'RUN exit 1',
        ].join('\n'),
      },
      async (run) => {
        const step = buildStep('build', {
          env: [...env],
          images: [imageOf(run), imageOf(run, '2')],
          buildArgs: ['WHO=a=b'],
          labels: ['org.example.a=x y'],
          target: 'wanted',
          noCache: true,
          buildNetwork,
        });
        const output = await run.succeed(step);
        assert.match(output.text('stdout'), /hello a=b, größe\n/);
        if (note === undefined) assert.match(output.notes.join('\n'), /^Build: 2 steps, 0 cached, \d+\.\d s$/);
        else assert.match(output.notes.join('\n'), note);
        const look = await run.succeed(cmdStep('look', { image: imageOf(run, '2'), ...sh('cat /who /stage') }));
        assert.equal(look.text('stdout'), 'a=b\nwanted\n');
      },
    ));

  test(`${name}: a failing RUN fails the step with the instruction and its exit code`, () =>
    withRealRun({ Dockerfile: 'FROM busybox:latest\nRUN echo before; exit 7\n' }, async ({ run }) => {
      const { result, output } = await run(buildStep('build', { env: [...env], buildNetwork }));
      assert.ok(result.kind === 'failed');
      assert.equal(result.reason, 'build-failed');
      assert.match(result.message, /step "build" failed.*exit 7.*7/s);
      assert.match(output.text('stdout'), /before\n/);
    }));

  test(`${name}: a broken Dockerfile fails the step with the reason`, () =>
    withRealRun({ Dockerfile: 'FROM busybox:latest\nRUNN true\n' }, async ({ run }) => {
      const { result } = await run(buildStep('build', { env: [...env] }));
      assert.ok(result.kind === 'failed');
      assert.equal(result.reason, 'build-failed');
      assert.match(result.message, /unknown instruction: RUNN/i);
    }));

  test(`${name}: an aborted build ends within two seconds`, () =>
    withRealRun({ Dockerfile: 'FROM busybox:latest\nRUN echo started; sleep 30\n' }, async ({ sandbox }) => {
      const stop = new AbortController();
      let before = 0;
      const output = {
        note() {},
        pushed() {},
        write(_stream: string, chunk: Uint8Array) {
          if (!/(^|#\d+ )started/m.test(Buffer.from(chunk).toString())) return;
          before = performance.now();
          stop.abort(new Error('enough'));
        },
      };
      const step = buildStep('build', { env: [...env], buildNetwork, noCache: true });
      await assert.rejects(sandbox.run(step, output, stop.signal), /enough/);
      assert.ok(performance.now() - before < 2_000, `${performance.now() - before} ms`);
      const again = sandbox.run(
        buildStep('build', { env: [...env], dockerfile: 'none' }),
        output,
        AbortSignal.timeout(9000),
      );
      assert.equal((await again).kind, 'failed', 'the step can run again');
    }));
}

test('hosts of RUN instructions are as the build says', () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\nRUN grep db /etc/hosts\n' }, async ({ succeed }) => {
    const output = await succeed(buildStep('build', { noCache: true, buildNetwork, extraHosts: ['db:10.9.8.7'] }));
    assert.match(output.text('stdout'), /10\.9\.8\.7\s+db/);
  }));

const limits = { shmSizeBytes: 8 * 1024 * 1024, ulimits: [{ name: 'nofile', soft: 321, hard: 654 }] };
const showsLimits = { Dockerfile: 'FROM busybox:latest\nRUN df -k /dev/shm | tail -n 1; ulimit -n\n' };

test('the classic builder sets shared memory and limits', () =>
  withRealRun(showsLimits, async ({ succeed }) => {
    const env = ['DOCKER_BUILDKIT=0'];
    const text = (await succeed(buildStep('build', { env, noCache: true, buildNetwork, ...limits }))).text('stdout');
    assert.match(text, /\b8192\b[\s\S]*\b321\b/);
  }));

test('BuildKit sets shared memory and limits, or the build is refused with the cure', () =>
  withRealRun(showsLimits, async ({ run }) => {
    const { result, output } = await run(buildStep('build', { noCache: true, buildNetwork, ...limits }));
    if (result.kind === 'succeeded') assert.match(output.text('stdout'), /\b8192\b[\s\S]*\b321\b/);
    else {
      assert.match(result.message, /"build".*--shm-size and --ulimit.*BuildKit of Docker (?:1|20)/);
      assert.match(result.hint ?? '', /Docker 23.*DOCKER_BUILDKIT=0/);
    }
  }));

test('BuildKit shows each step with its name, and the second time that it is cached', () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\nRUN echo one\n' }, async ({ succeed, runId }) => {
    const step = buildStep('build', { buildNetwork, buildArgs: [`RUN=${runId}`] });
    await succeed(step);
    const lines = (await succeed(step)).text('stdout').split('\n');
    const number = lines.find((line) => line.endsWith('[2/2] RUN echo one'))?.split(' ')[0];
    assert.ok(number !== undefined);
    assert.ok(lines.includes(`${number} CACHED`), lines.join('\n'));
    assert.ok(lines.some((line) => /^#\d+ DONE \d+\.\ds$/.test(line)));
  }));

const missing = [
  {
    name: 'the usual name',
    step: {},
    expected: /no Dockerfile at "Dockerfile" in the source\. Its context has app\/, readme\.txt\./,
  },
  {
    name: 'a path in the context',
    step: { context: 'app', dockerfile: 'docker/x' },
    expected: /at "app\/docker\/x".*has main\.js/,
  },
  { name: 'a path from the root', step: { context: 'app', dockerfile: '/docker/x' }, expected: /at "docker\/x"/ },
  { name: 'a folder', step: { dockerfile: 'app' }, expected: /something else at "app"/ },
  { name: 'no context', step: { context: 'nope' }, expected: /context "nope" does not exist in the source/ },
  { name: 'a context that is a file', step: { context: 'readme.txt' }, expected: /"readme.txt" is not a folder/ },
];

for (const { name, step, expected } of missing) {
  test(`a Dockerfile that is not there is named, and what is there: ${name}`, () =>
    withRealRun({ 'readme.txt': '', 'app/main.js': '' }, async ({ run }) => {
      const { result } = await run(buildStep('build', step));
      assert.ok(result.kind === 'failed');
      assert.equal(result.reason, 'build-failed');
      assert.match(result.message, expected);
      assert.ok(result.hint);
    }));
}

test('the context arrives as it is: modes, links, empty folders, long and foreign names', () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\nCOPY . /app\n', 'grüße 📦.txt': 'ü' }, async (run) => {
    const long = `${'d'.repeat(110)}/${'f'.repeat(110)}`;
    await mkdir(path.join(run.source, path.dirname(long)));
    await writeFile(path.join(run.source, long), 'long');
    await writeFile(path.join(run.source, 'run.sh'), 'run');
    await chmod(path.join(run.source, 'run.sh'), 0o751);
    await mkdir(path.join(run.source, 'empty'));
    await symlink('run.sh', path.join(run.source, 'link'));
    await symlink('/etc/hostname', path.join(run.source, 'out'));
    await run.succeed(buildStep('build', { images: [imageOf(run)] }));
    const look =
      'cd /app; cat "grüße 📦.txt" */fff*; stat -c " %a %U" run.sh; readlink link; readlink out; ls -d empty';
    const output = await run.succeed(cmdStep('look', { image: imageOf(run), ...sh(look) }));
    assert.equal(output.text('stdout'), 'ülong 751 root\nrun.sh\n/etc/hostname\nempty\n');
  }));

for (const where of ['the source', 'the workspace']) {
  test(`.dockerignore is applied to ${where}; the Dockerfile’s own one has precedence`, () =>
    withRealRun(
      {
        'a/Dockerfile': 'FROM busybox:latest\nCOPY . /app\n',
        'a/other.Dockerfile': 'FROM busybox:latest\nCOPY . /app\n',
        'a/other.Dockerfile.dockerignore': 'keep*\n',
        'a/.dockerignore': 'big\n!big/except\n**/*.log\nDockerfile\n',
        'a/keep.txt': '',
        'a/x/y/z.log': '',
        'a/big/except': '',
        'a/big/rest': '',
      },
      async (run) => {
        if (where === 'the workspace') await run.succeed(cmdStep('touch', sh('true')));
        const list = sh('cd /app; find . -type f | sort');
        await run.succeed(buildStep('b1', { context: 'a', images: [imageOf(run)] }));
        const first = await run.succeed(cmdStep('l1', { image: imageOf(run), ...list }));
        assert.equal(
          first.text('stdout'),
          './.dockerignore\n./big/except\n./keep.txt\n./other.Dockerfile\n./other.Dockerfile.dockerignore\n',
        );
        await run.succeed(
          buildStep('b2', { context: 'a', dockerfile: 'other.Dockerfile', images: [imageOf(run, '2')] }),
        );
        const second = await run.succeed(cmdStep('l2', { image: imageOf(run, '2'), ...list }));
        assert.match(second.text('stdout'), /\.\/big\/rest\n/);
        assert.doesNotMatch(second.text('stdout'), /keep/);
      },
    ));

  test(`a Dockerfile outside of its context is used, from ${where}`, () =>
    withRealRun({ 'docker/Web': 'FROM busybox:latest\nCOPY . /app\n', 'app/main.js': 'js' }, async (run) => {
      if (where === 'the workspace') await run.succeed(cmdStep('touch', sh('true')));
      await run.succeed(buildStep('b', { context: 'app', dockerfile: '/docker/Web', images: [imageOf(run)] }));
      const output = await run.succeed(cmdStep('l', { image: imageOf(run), ...sh('cat /app/main.js') }));
      assert.equal(output.text('stdout'), 'js');
    }));
}

test('a link in the workspace that leads out of it is no context', () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\n' }, async ({ run, succeed }) => {
    await succeed(cmdStep('link', sh('ln -s /etc /workspace/out; ln -s nowhere /workspace/dangling')));
    for (const [context, expected] of [
      ['out', /"out" leads out of it/],
      ['dangling', /"dangling" does not exist/],
    ] as const) {
      const { result } = await run(buildStep('b', { context }));
      assert.ok(result.kind === 'failed');
      assert.match(result.message, expected);
    }
  }));

for (const { name, env } of builders) {
  test(`${name}: each registry gets its own credential and no other`, async () => {
    const registry = await startScriptedRegistry((request, response) => {
      if (request.headers.authorization === undefined) response.setHeader('WWW-Authenticate', 'Basic realm="test"');
      reply(response, request.headers.authorization === undefined ? 401 : 404, { code: 'X', message: 'not here' });
    });
    const credentials = [
      { registry: 'elsewhere.example', username: 'wrong', password: 'wrong' },
      { registry: registry.host, username: 'me', password: 'secret' },
    ];
    try {
      await withRealRun(
        { Dockerfile: `FROM ${registry.host}/private/base:1\n` },
        async ({ run }) => {
          const { result } = await run(buildStep('b', { env: [...env] }));
          assert.ok(result.kind === 'failed');
          assert.match(result.message, /not (here|found)/);
        },
        { credentials },
      );
      assert.deepEqual([...registry.authorizations], [`Basic ${Buffer.from('me:secret').toString('base64')}`]);
    } finally {
      await registry.close();
    }
  });
}

test('a link to a folder inside the source is a context', () =>
  withRealRun({ 'app/Dockerfile': 'FROM busybox:latest\nCOPY main.js /\n', 'app/main.js': '' }, async (run) => {
    await symlink('app', path.join(run.source, 'link'));
    await run.succeed(buildStep('b', { context: 'link' }));
  }));

for (const outside of ['host', 'container:somebody']) {
  test(`a build in the network ${outside} is refused before the engine hears of it`, () =>
    withRealRun({ Dockerfile: 'FROM busybox:latest\nRUN true\n' }, async ({ run }) => {
      const { result, output } = await run(buildStep('b', { buildNetwork: outside }));
      assert.ok(result.kind === 'failed');
      assert.equal(result.reason, 'refused-by-engine');
      assert.ok(result.hint);
      assert.equal(output.text('stdout'), '');
    }));
}

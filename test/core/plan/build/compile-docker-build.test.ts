import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileDockerBuild } from '../../../../src/core/plan/build/compile-docker-build.ts';
import type { DockerBuildRequest } from '../../../../task-schemas/index.ts';
import { testContext } from '../../../support/run-context.ts';

function compile(request: Partial<DockerBuildRequest>, known?: readonly string[]) {
  const whole: DockerBuildRequest = { kind: 'docker-build', source: { kind: 'none' }, images: [], ...request };
  return compileDockerBuild(whole, testContext(), known);
}

test('a step that builds and one that pushes', () => {
  const result = compile({ images: ['hello:{{.Run.ID}}', 'hello'] });
  assert.ok(result.ok);
  const [build, push] = result.value.steps;
  assert.ok(build?.kind === 'build' && push?.kind === 'push' && result.value.steps.length === 2);
  assert.deepEqual([build.id, build.timeoutSeconds, build.dependsOn], ['build', 28_800, []]);
  assert.deepEqual([push.id, push.timeoutSeconds, push.dependsOn], ['push', 3600, ['build']]);
  assert.deepEqual(build.images, ['localhost:5000/hello:r1234567', 'localhost:5000/hello']);
  assert.deepEqual(push.images, ['localhost:5000/hello:r1234567', 'localhost:5000/hello']);
  assert.deepEqual([build.context, build.dockerfile, build.noCache], ['.', 'Dockerfile', false]);
});

test('everything that a request may say, with templates in it', () => {
  const result = compile({
    images: ['a'],
    dockerfile: 'docker/{{.Run.OS}}.Dockerfile',
    target: 'final',
    platform: 'linux/arm64',
    buildArgs: { ID: '<<.Run.ID>>', EMPTY: '' },
    labels: { 'org.example.run': '{{.Run.ID}} x' },
    noCache: true,
    pull: true,
    push: false,
  });
  assert.ok(result.ok);
  const [build] = result.value.steps;
  assert.ok(build?.kind === 'build' && result.value.steps.length === 1);
  assert.deepEqual(
    [build.dockerfile, build.target, build.platforms],
    ['docker/linux.Dockerfile', 'final', ['linux/arm64']],
  );
  assert.deepEqual([build.buildArgs, build.noCache, build.pull], [['ID=r1234567', 'EMPTY='], true, true]);
  assert.deepEqual(build.labels, ['org.example.run=r1234567 x']);
  assert.equal(
    build.build,
    "--pull --label 'org.example.run=r1234567 x' --no-cache -f docker/linux.Dockerfile -t localhost:5000/a --build-arg ID=r1234567 --build-arg EMPTY= --target final --platform linux/arm64 .",
  );
});

const warned = [
  { name: 'nothing to push', request: { images: [] }, known: [], codes: ['nothing-to-push'] },
  { name: 'nothing to push and nothing asked for', request: { images: [], push: false }, known: [], codes: [] },
  {
    name: 'a registry the run does not know',
    request: { images: ['ghcr.io/me/a'] },
    known: [],
    codes: ['image-below-registry'],
  },
  { name: 'a registry the run knows', request: { images: ['ghcr.io/me/a'] }, known: ['ghcr.io'], codes: [] },
] as const;

for (const { name, request, known, codes } of warned) {
  test(`a one-off build: ${name}`, () => {
    const result = compile({ ...request, images: [...request.images] }, known);
    assert.ok(result.ok);
    assert.deepEqual(
      result.warnings.map(({ code }) => code),
      codes,
    );
  });
}

const wrong = [
  { name: 'an image name', request: { images: ['A', 'b:-'] }, codes: ['image-invalid', 'image-invalid'] },
  { name: 'a name that renders to nothing', request: { images: ['{{.Run.Commit}}'] }, codes: ['template-empty'] },
  { name: 'a broken template', request: { images: ['{{'] }, codes: ['template-parse'] },
  {
    name: 'a Dockerfile outside the source',
    request: { images: ['a'], dockerfile: '../Dockerfile' },
    codes: ['build-outside-workspace'],
  },
] as const;

for (const { name, request, codes } of wrong) {
  test(`a one-off build is refused: ${name}`, () => {
    const result = compile({ ...request, images: [...request.images] });
    assert.ok(!result.ok);
    assert.deepEqual(
      result.diagnostics.map(({ code }) => code),
      codes,
    );
  });
}

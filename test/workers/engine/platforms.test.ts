import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistryClient } from '../../../src/adapters/registry/registry-client.ts';
import type { RegistryRepository } from '../../../src/ports/registry-client.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { buildStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { needsContainerd, needsGraphdriver } from './image-store.ts';
import { type RealRun, withRealRun } from './real-engine.ts';

const never = new AbortController().signal;
const BOTH = ['linux/amd64', 'linux/arm64'];
/** No instruction of it runs: it builds for any platform without an emulator. */
const files = {
  Dockerfile: 'FROM scratch\nARG TARGETARCH\nARG WORD\nLABEL word=$WORD\nCOPY $TARGETARCH.txt /is\n',
  'amd64.txt': 'amd64',
  'arm64.txt': 'arm64',
};

function repositoryOf({ registry, runId }: RealRun): RegistryRepository {
  return createRegistryClient().repository({ registry, path: `test/${runId}`, plainHttp: true });
}

interface Index {
  readonly mediaType: string;
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform: { readonly os: string; readonly architecture: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

/** Builds, pushes and answers what the registry then has under the tag. */
async function pushed(run: RealRun, change: Parameters<typeof buildStep>[1]): Promise<Index> {
  const image = `${run.registry}/test/${run.runId}:1`;
  await run.succeed(buildStep('build', { images: [image], ...change }));
  const { result } = await run.run(pushStep('push', { images: [image] }));
  assert.ok(result.kind === 'succeeded', JSON.stringify(result));
  const manifest = await repositoryOf(run).readManifest('1', never);
  assert.equal(manifest?.digest, result.images[0]?.digest);
  return JSON.parse(manifest?.bytes.toString() ?? '');
}

const platformsOf = ({ manifests }: Index) =>
  manifests.map(({ platform: { os, architecture } }) => `${os}/${architecture}`);

test('several platforms become one index, which is pushed whole', { skip: needsContainerd }, () =>
  withRealRun(files, async (run) => {
    const index = await pushed(run, { platforms: BOTH, buildArgs: ['WORD=say'], labels: ['own=label'] });
    assert.deepEqual(platformsOf(index), BOTH);
    const repository = repositoryOf(run);
    for (const [at, { digest }] of index.manifests.entries()) {
      const manifest = JSON.parse((await repository.readManifest(digest, never))?.bytes.toString() ?? '');
      const blob = await repository.readBlob(manifest.config.digest, never);
      const config = JSON.parse(Buffer.concat((await blob?.toArray()) ?? []).toString());
      assert.equal(`${config.os}/${config.architecture}`, BOTH[at]);
      assert.deepEqual(config.config.Labels, { own: 'label', word: 'say' });
    }
  }),
);

test('what such a build does is shown as any other is', { skip: needsContainerd }, () =>
  withRealRun(files, async (run) => {
    const output = await run.succeed(buildStep('build', { images: [`test/${run.runId}:1`], platforms: BOTH }));
    const shown = output.text('stdout');
    assert.match(shown, /^#\d+ \[linux\/arm64 1\/1\] COPY arm64\.txt \/is$/m);
    assert.match(shown, /^#\d+ (DONE [\d.]+s|CACHED)$/m);
  }),
);

test('such a build that fails says where and why', { skip: needsContainerd }, () =>
  withRealRun({ Dockerfile: 'FROM scratch\nCOPY missing /\n' }, async ({ run }) => {
    const { result } = await run(buildStep('build', { platforms: BOTH }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'build-failed');
    assert.match(result.message, /The build of step "build" failed at ".*COPY missing \/": .*not found/);
    assert.match(result.hint ?? '', /Check the path/);
  }),
);

test('a Dockerfile that cannot be read fails the build too', { skip: needsContainerd }, () =>
  withRealRun({ Dockerfile: 'FORM scratch\n' }, async ({ run }) => {
    const { result } = await run(buildStep('build', { platforms: BOTH }));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /unknown instruction: FORM/i);
  }),
);

test('such a build ends soon after it is cancelled', { skip: needsContainerd }, () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\nRUN echo started && sleep 60\n' }, async ({ sandbox }) => {
    const output = recordOutput();
    const stop = new AbortController();
    const step = buildStep('build', { platforms: ['linux/amd64'], provenance: '', noCache: true });
    const running = sandbox.run(step, output, stop.signal);
    await output.contains(' started');
    const before = performance.now();
    stop.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
    assert.ok(performance.now() - before < 2_000);
  }),
);

test('provenance is put into the image when the step asks for it', { skip: needsContainerd }, () =>
  withRealRun(files, async (run) => {
    const index = await pushed(run, { provenance: 'mode=max' });
    assert.deepEqual(platformsOf(index), ['linux/amd64', 'unknown/unknown']);
    const repository = repositoryOf(run);
    const attestation = await repository.readManifest(index.manifests[1]?.digest ?? '', never);
    const { layers } = JSON.parse(attestation?.bytes.toString() ?? '');
    assert.match(layers[0].annotations['in-toto.io/predicate-type'], /^https:\/\/slsa\.dev\/provenance\//);
  }),
);

test('packages are listed by the scanner that the step names', { skip: needsContainerd }, () =>
  withRealRun(
    {
      ...files,
      'scanner/Dockerfile': 'FROM busybox:latest\nCOPY scan.sh /\nENTRYPOINT ["/bin/sh", "/scan.sh"]\n',
      'scanner/scan.sh': `set -eu
cat > "$BUILDKIT_SCAN_DESTINATION/scan.spdx.json" <<END
{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":{"spdxVersion":"SPDX-2.3"}}
END
`,
    },
    async (run) => {
      const scanner = `${run.registry}/test/${run.runId}-scanner:1`;
      await run.succeed(buildStep('scanner', { context: 'scanner', images: [scanner] }));
      await run.succeed(pushStep('push-scanner', { images: [scanner] }));
      const index = await pushed(run, { sbom: `generator=${scanner}` });
      const attestation = await repositoryOf(run).readManifest(index.manifests[1]?.digest ?? '', never);
      const { layers } = JSON.parse(attestation?.bytes.toString() ?? '');
      assert.equal(layers[0].annotations['in-toto.io/predicate-type'], 'https://spdx.dev/Document');
    },
  ),
);

test('a store without room for several platforms refuses them and says what to do', { skip: needsGraphdriver }, () =>
  withRealRun(files, async ({ run }) => {
    const { result } = await run(buildStep('build', { platforms: BOTH }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'refused-by-engine');
    assert.match(
      result.message,
      /^Step "build" builds for linux\/amd64 and linux\/arm64 at once, but the engine \(Docker/,
    );
    assert.match(result.hint ?? '', /containerd-snapshotter.*one platform per step\.$/);
  }),
);

test('a store without room for attestations builds without, and the log says so', { skip: needsGraphdriver }, () =>
  withRealRun(files, async (run) => {
    const output = await run.succeed(buildStep('build', { provenance: '', sbom: '' }));
    const [note] = output.notes.filter((line) => line.includes('provenance'));
    assert.match(note ?? '', /no provenance and no list of packages \(SBOM\) inside.*containerd-snapshotter/);
  }),
);

test('the classic builder builds for one platform only', () =>
  withRealRun(files, async ({ run }) => {
    const { result } = await run(buildStep('build', { platforms: BOTH, env: ['DOCKER_BUILDKIT=0'] }));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /the classic builder cannot do it/);
  }));

test('an image for another platform is built and pushed on any engine', () =>
  withRealRun(files, async (run) => {
    const image = `${run.registry}/test/${run.runId}:arm`;
    await run.succeed(buildStep('build', { images: [image], platforms: ['linux/arm64'] }));
    await run.succeed(pushStep('push', { images: [image] }));
    const repository = repositoryOf(run);
    const manifest = JSON.parse((await repository.readManifest('arm', never))?.bytes.toString() ?? '');
    const blob = await repository.readBlob(manifest.config.digest, never);
    const config = JSON.parse(Buffer.concat((await blob?.toArray()) ?? []).toString());
    assert.equal(config.architecture, 'arm64');
  }));

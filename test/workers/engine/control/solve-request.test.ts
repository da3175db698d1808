import assert from 'node:assert/strict';
import { test } from 'node:test';
import { solveRequest } from '../../../../workers/engine/control/solve-request.ts';
import { buildStep } from '../../../support/fakes/planned-steps.ts';

const place = {
  session: 's1',
  dockerfile: 'Dockerfile',
  sbomScanner: undefined,
  cgroupParent: undefined,
};
const usual = { filename: 'Dockerfile', 'image-resolve-mode': 'default' };

test('a step that says nothing', () => {
  assert.deepEqual(solveRequest(buildStep('b'), place), {
    Ref: 's1',
    Exporter: 'moby',
    ExporterAttrs: {},
    Session: 's1',
    Frontend: 'dockerfile.v0',
    FrontendAttrs: usual,
    Cache: { Exports: [] },
    Entitlements: [],
  });
});

const cases = [
  { name: 'names in full', step: { images: ['a', 'r.test/b:1'] }, names: 'docker.io/library/a:latest,r.test/b:1' },
  {
    name: 'platforms',
    step: { platforms: ['linux/amd64', 'linux/arm64'] },
    attrs: { platform: 'linux/amd64,linux/arm64' },
  },
  {
    name: 'arguments and labels',
    step: { buildArgs: ['A=1=2', 'A=3', 'B'], labels: ['x='] },
    attrs: { 'build-arg:A': '3', 'build-arg:B': '', 'label:x': '' },
  },
  {
    name: 'target, cache and pull',
    step: { target: 't', noCache: true, pull: true, cacheFrom: ['a', 'b'] },
    attrs: { target: 't', 'no-cache': '', 'image-resolve-mode': 'pull', 'cache-from': 'a,b' },
  },
  {
    name: 'limits and hosts',
    step: {
      shmSizeBytes: 9,
      ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
      extraHosts: ['h:1.2.3.4', 'v6:::1'],
      buildNetwork: 'none',
    },
    attrs: { 'shm-size': '9', ulimit: 'nofile=1:2', 'add-hosts': 'h=1.2.3.4,v6=::1', 'force-network-mode': 'none' },
  },
  { name: 'provenance', step: { provenance: 'mode=max' }, attrs: { 'attest:provenance': 'mode=max' } },
  { name: 'nothing told', step: { provenance: 'false', sbom: 'false' }, attrs: {} },
  { name: 'packages by the scanner of BuildKit', step: { sbom: '' }, attrs: { 'attest:sbom': '' } },
  {
    name: 'packages by that of the worker',
    step: { sbom: '' },
    scanner: 'r.test/s:1',
    attrs: { 'attest:sbom': 'generator=r.test/s:1' },
  },
  {
    name: 'packages by that of the step',
    step: { sbom: 'generator=x' },
    scanner: 'r.test/s:1',
    attrs: { 'attest:sbom': 'generator=x' },
  },
];

for (const { name, step, attrs = {}, names, scanner } of cases) {
  test(`a step with ${name}`, () => {
    const request = solveRequest(buildStep('b', step), { ...place, sbomScanner: scanner });
    assert.deepEqual(request.FrontendAttrs, { ...usual, ...attrs });
    assert.equal(request.ExporterAttrs.name, names);
  });
}

test('layers go where the step says, and into the image when it is told to', () => {
  const step = buildStep('b', {
    cacheTo: ['type=registry,ref=r.test/c:1,mode=max'],
    buildArgs: ['BUILDKIT_INLINE_CACHE=1'],
  });
  assert.deepEqual(solveRequest(step, place).Cache.Exports, [
    { Type: 'registry', Attrs: { ref: 'r.test/c:1', mode: 'max' } },
    { Type: 'inline', Attrs: {} },
  ]);
});

test('RUN instructions run in the control group of the worker', () => {
  const { FrontendAttrs } = solveRequest(buildStep('b'), { ...place, cgroupParent: '/builds' });
  assert.deepEqual(FrontendAttrs, { ...usual, 'cgroup-parent': '/builds' });
});

test('the network of the machine is a right that has to be given', () => {
  assert.deepEqual(solveRequest(buildStep('b', { buildNetwork: 'host' }), place).Entitlements, ['network.host']);
});

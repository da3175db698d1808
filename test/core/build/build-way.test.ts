import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuildMeans, chooseWay } from '../../../src/core/build/build-way.ts';
import type { BuildStep } from '../../../task-schemas/index.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';

const roomy: BuildMeans = { hasBuildKit: true, version: '26.1.5', imageStore: 'containerd', cgroupParent: undefined };
const plain: BuildMeans = { ...roomy, imageStore: 'graphdriver' };
const classic: BuildMeans = { ...plain, hasBuildKit: false };
const toRegistry = { cacheTo: ['type=registry,ref=r.test/c:1'] };
const inline = { cacheTo: ['type=inline'] };
const both = { platforms: ['linux/amd64', 'linux/arm64'] };
const group = { cgroupParent: '/builds' };

interface Case {
  readonly name: string;
  readonly step: Partial<BuildStep>;
  readonly means: BuildMeans;
  readonly way: 'usual' | 'solver' | 'refused';
  readonly says?: RegExp;
}

const cases: readonly Case[] = [
  { name: 'nothing special', step: {}, means: roomy, way: 'usual' },
  { name: 'platforms', step: both, means: roomy, way: 'solver' },
  { name: 'platforms, no room', step: both, means: plain, way: 'refused', says: /snapshotter.*one platform per step/ },
  { name: 'platforms, classic', step: both, means: classic, way: 'refused', says: /classic builder.*has BuildKit/ },
  { name: 'layers to a registry', step: toRegistry, means: roomy, way: 'solver' },
  {
    name: 'layers, no room',
    step: toRegistry,
    means: plain,
    way: 'refused',
    says: /snapshotter.*type=inline or cache/,
  },
  { name: 'layers, classic', step: toRegistry, means: classic, way: 'refused', says: /classic builder cannot/ },
  { name: 'layers inside', step: inline, means: plain, way: 'usual' },
  {
    name: 'layers inside, classic',
    step: inline,
    means: classic,
    way: 'refused',
    says: /has --cache-to.*has BuildKit/,
  },
  { name: 'attestations', step: { sbom: '' }, means: roomy, way: 'solver' },
  { name: 'attestations, no room', step: { sbom: '' }, means: plain, way: 'usual', says: /gets no list of packages/ },
  { name: 'no attestations', step: { sbom: 'false' }, means: plain, way: 'usual' },
  { name: 'a control group', step: {}, means: { ...plain, ...group }, way: 'solver' },
  { name: 'a control group, classic', step: {}, means: { ...classic, ...group }, way: 'usual' },
  {
    name: 'a control group and attestations, no room',
    step: { provenance: '' },
    means: { ...plain, ...group },
    way: 'solver',
    says: /gets no provenance/,
  },
  {
    name: 'a control group on an old engine',
    step: {},
    means: { ...plain, ...group, version: '20.10.24+dfsg1' },
    way: 'refused',
    says: /"\/builds".*Docker 20\.10\.24.*Docker 23 or later/,
  },
];

for (const { name, step, means, way, says } of cases) {
  test(`the way of a build with ${name}: ${way}`, () => {
    const chosen = chooseWay(buildStep('b', step), means);
    assert.equal(chosen.kind, way);
    const told = chosen.kind === 'refused' ? `${chosen.message} ${chosen.hint}` : chosen.note;
    if (says === undefined) assert.equal(told, undefined);
    else assert.match(told ?? '', says);
  });
}

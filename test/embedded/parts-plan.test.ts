import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEEDS } from '../../src/embedded/packages.ts';
import { type PartsPlan, planParts, type Situation } from '../../src/embedded/parts-plan.ts';

const bare: Situation = {
  engine: 'none',
  engineLocation: 'here',
  canRunDockerd: true,
  canInstall: true,
  given: { redis: false, registry: false },
  missing: Object.values(NEEDS),
};
const laptop: Situation = {
  ...bare,
  engine: 'found',
  canRunDockerd: false,
  canInstall: false,
  missing: [NEEDS.redis, NEEDS.registry],
};
const allGiven: Situation = { ...laptop, engine: 'given', given: { redis: true, registry: true } };

const cases: { name: string; situation: Situation; expected: Partial<PartsPlan> }[] = [
  {
    name: 'a bare machine where root may install gets everything by apt',
    situation: bare,
    expected: {
      engine: 'private',
      redis: 'process',
      registry: 'process',
      install: [NEEDS.dockerd, NEEDS.iptables, NEEDS.ip, NEEDS.certificates, NEEDS.redis, NEEDS.registry, NEEDS.git],
      missing: [],
    },
  },
  {
    name: 'a bare machine where nothing may be installed is told all that is missing',
    situation: { ...bare, canInstall: false, missing: [NEEDS.dockerd, NEEDS.redis] },
    expected: { install: [], missing: [NEEDS.dockerd, NEEDS.redis] },
  },
  {
    name: 'a user who is not root needs an engine even where dockerd is installed',
    situation: { ...bare, canInstall: false, canRunDockerd: false, missing: [] },
    expected: { missing: [NEEDS.dockerd] },
  },
  {
    name: 'a laptop with Docker runs the programs it lacks as containers, and installs nothing',
    situation: laptop,
    expected: { engine: 'found', redis: 'container', registry: 'container', install: [], missing: [] },
  },
  {
    name: 'a laptop with Docker runs the programs it has as processes',
    situation: { ...laptop, missing: [] },
    expected: { engine: 'found', redis: 'process', registry: 'process' },
  },
  {
    name: 'the registry runs on an engine that does not see this machine as 127.0.0.1',
    situation: { ...laptop, engineLocation: 'desktop', missing: [] },
    expected: { redis: 'process', registry: 'container' },
  },
  {
    name: 'what is given is used, and its programs are not missed',
    situation: allGiven,
    expected: { engine: 'given', redis: 'given', registry: 'given', install: [], missing: [] },
  },
  {
    name: 'an engine on another machine can not run Redis for this one',
    situation: { ...laptop, engine: 'given', engineLocation: 'elsewhere', given: { redis: false, registry: true } },
    expected: { redis: 'process', missing: [NEEDS.redis] },
  },
];

for (const { name, situation, expected } of cases) {
  test(name, () => {
    const plan = planParts(situation);
    assert.deepEqual({ ...plan, ...expected }, plan);
  });
}

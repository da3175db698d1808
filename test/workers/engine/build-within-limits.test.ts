import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { readFacts } from '../../../workers/engine/engine-facts.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { withRealRun } from './real-engine.ts';

const connection = connectEngine(realParts().dockerHost);
const { version } = readFacts(await connection.docker.info());
connection.close();
const isOld = Number.parseInt(version, 10) < 23;

const GROUP = '/slipway-test-builds';
const look = 'cat /proc/self/cgroup /proc/self/mountinfo | grep -e cgroup -e :';
const files = { Dockerfile: `FROM busybox:latest\nRUN ${look}\n` };

test('RUN instructions of BuildKit run in the control group of the policy, or the build is refused', () =>
  withRealRun(
    files,
    async (run) => {
      const { result, output } = await run.run(buildStep('build', { noCache: true }));
      if (isOld) {
        assert.ok(result.kind === 'failed');
        assert.match(`${result.message} ${result.hint}`, /control group "\/slipway-test-builds".*Docker 23 or later/);
      } else {
        assert.equal(result.kind, 'succeeded', JSON.stringify(result));
        // With cgroups of version 2 it sees itself at the root of a namespace of its own.
        assert.match(output.text('stdout'), /slipway-test-builds|^#\d+ (\d+\.\d+ )?0::\/$/m);
      }
    },
    { policy: { ...STRICT_POLICY, buildCgroupParent: GROUP } },
  ));

test('the classic builder limits memory and CPUs as steps are limited', () =>
  withRealRun(
    {
      Dockerfile:
        'FROM busybox:latest\nRUN cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.cfs_quota_us || cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max\n',
    },
    async (run) => {
      const output = await run.succeed(buildStep('build', { noCache: true, env: ['DOCKER_BUILDKIT=0'] }));
      assert.match(output.text('stdout'), /^67108864$/m);
      assert.match(output.text('stdout'), /^50000( 100000)?$/m);
    },
    { policy: { ...STRICT_POLICY, memory: { usual: 64 * 1024 * 1024 }, cpus: { maximum: 0.5 } } },
  ));

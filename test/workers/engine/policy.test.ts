import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseRights, STRICT_POLICY } from '../../../workers/engine/policy.ts';
import { buildStep, cmdStep, pushStep } from '../../support/fakes/planned-steps.ts';

const hostNetwork = { ...STRICT_POLICY, hostNetwork: true };
const cmd = (network: string) => cmdStep('web', { network });
const build = (network: string) => buildStep('image', { buildNetwork: network });

const granted = [
  { name: 'a plain cmd step', step: cmdStep('web') },
  { name: 'a cmd step without a network', step: cmd('none') },
  { name: 'a plain build', step: buildStep('image') },
  { name: 'a build without a network', step: build('none') },
  { name: 'a build with the usual network', step: build('default') },
  { name: 'a push', step: pushStep('up') },
  { name: 'a cmd step in the network of the host', step: cmd('host'), policy: hostNetwork },
  { name: 'a build in the network of the host', step: build('host'), policy: hostNetwork },
  {
    name: 'a privileged step',
    step: cmdStep('web', { privileged: true }),
    policy: { ...STRICT_POLICY, privileged: true },
  },
];

for (const { name, step, policy = STRICT_POLICY } of granted) {
  test(`${name} is granted${policy === STRICT_POLICY ? '' : ' by a policy that names it'}`, () =>
    assert.equal(refuseRights(step, policy), undefined));
}

const refused = [
  { step: cmdStep('web', { privileged: true }), message: /"web".*privileged/, hint: /policy/ },
  { step: cmd('host'), message: /"web".*network of the worker/, hint: /step id/ },
  { step: cmd('backend'), message: /"web".*"backend"/, hint: /none/ },
  { step: build('host'), message: /"image".*network of the worker/, hint: /Remove "--network host"/ },
  { step: build('container:redis'), message: /"image".*"container:redis"/, hint: /none/ },
  { step: build('bridge'), message: /"image".*"bridge"/, hint: /none/ },
  { step: build(''), message: /"image".*""/, hint: /none/ },
];

for (const { step, message, hint } of refused) {
  test(`refused with its cure: ${message.source}`, () => {
    const refusal = refuseRights(step, STRICT_POLICY);
    assert.match(refusal?.message ?? '', message);
    assert.match(refusal?.hint ?? '', hint);
  });
}

test('the network of the host opens no other network', () => {
  assert.match(refuseRights(build('container:redis'), hostNetwork)?.message ?? '', /"container:redis"/);
  assert.match(refuseRights(cmd('container:redis'), hostNetwork)?.message ?? '', /"container:redis"/);
});

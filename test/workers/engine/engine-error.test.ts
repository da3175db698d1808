import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineFault, engineFault } from '../../../workers/engine/engine-error.ts';

const ADDRESS = 'unix:///run/docker.sock';

function refusal(message: string): Error {
  return Object.assign(new Error(`(HTTP code 500) server error - ${message} `), { statusCode: 500, json: { message } });
}

const cases = [
  {
    name: 'a refused request ends with what to do',
    error: refusal('no space left on device'),
    expected:
      'The Docker Engine at unix:///run/docker.sock refused a request (500): no space left on device. Try again; if it refuses again, look into its own log for the reason.',
  },
  {
    name: 'the engine’s own full stop is not doubled',
    error: refusal('It is over.'),
    expected: /: It is over\. Try again;/,
  },
  {
    name: 'a connection that breaks off',
    error: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
    expected: /does not answer \(ECONNRESET\)\. .*its own log says why\.$/,
  },
];

for (const { name, error, expected } of cases) {
  test(name, () => {
    const fault = engineFault(ADDRESS, error);
    assert.ok(fault instanceof EngineFault);
    assert.equal(fault.cause, error);
    if (typeof expected === 'string') assert.equal(fault.message, expected);
    else assert.match(fault.message, expected);
  });
}

test('an error that has nothing to do with the engine stays what it is', () => {
  const error = Object.assign(new Error('no such file'), { code: 'ENOENT', path: '/source' });
  assert.equal(engineFault(ADDRESS, error), error);
});

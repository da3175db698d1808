import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cureOfBuild } from '../../../workers/engine/build-failure.ts';

const cases = [
  { message: 'failed to do request: Head "https://r/v2/": dial tcp: lookup r: no such host', cure: /cannot reach/ },
  {
    message: 'pull access denied, repository does not exist or may require authorization',
    cure: /SLIPWAY_REGISTRY_CREDENTIALS_FILE/,
  },
  { message: 'no match for platform in manifest', cure: /--platform/ },
  { message: 'target stage nope could not be found', cure: /--target/ },
  { message: 'failed to reach build target nope in Dockerfile', cure: /--target/ },
  { message: 'dockerfile parse error line 1: unknown instruction: FRM', cure: /Correct the Dockerfile/ },
  { message: 'failed to compute cache key: "/nofile" not found: not found', cure: /\.dockerignore/ },
  { message: 'process "/bin/sh -c exit 7" did not complete successfully: exit code: 7', cure: undefined },
];

for (const { message, cure } of cases) {
  test(message, () => {
    const found = cureOfBuild(message);
    if (cure === undefined) assert.equal(found, undefined);
    else assert.match(found ?? '', cure);
  });
}

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { locateContext, locateHere } from '../../../src/cli/source/context.ts';

const cwd = await realpath(await mkdtemp(path.join(tmpdir(), 'slipway-context-')));
after(() => rm(cwd, { recursive: true }));
await mkdir(path.join(cwd, 'app'));
await writeFile(path.join(cwd, 'app/Dockerfile'), '');
await writeFile(path.join(cwd, 'source.tar.gz'), '');

test('a folder is found relative to the current one', async () => {
  const found = await locateContext('app', cwd);
  assert.deepEqual(found, {
    ok: true,
    value: { kind: 'folder', given: 'app', directory: path.join(cwd, 'app') },
    warnings: [],
  });
});

test('/dev/null means no source', async () => {
  const found = await locateContext('/dev/null', cwd);
  assert.ok(found.ok && found.value.kind === 'none');
});

test('an address is a source that somebody else fetches; a plan is made of what is here', async () => {
  const source = { kind: 'git', repository: 'https://example.com/x.git', ref: 'main' };
  const found = await locateContext('https://example.com/x.git#main', cwd);
  assert.deepEqual(found, { ok: true, value: { kind: 'remote', source }, warnings: [] });
  const here = await locateHere('https://example.com/x.git#main', cwd);
  assert.equal(here.ok ? undefined : here.diagnostics[0]?.code, 'context-remote');
});

const refused = [
  { given: 'app/Dockerfile', code: 'context-not-folder', says: /-f app\/Dockerfile app$/ },
  { given: 'source.tar.gz', code: 'context-not-folder', says: /Unpack/ },
  { given: 'missing', code: 'context-not-found', says: /looked for .*\/missing\)/ },
  { given: 'app/Dockerfile/x', code: 'context-unreadable', says: /ENOTDIR/ },
  { given: 'ftp://example.com/x.tar', code: 'context-invalid', says: /not fetched/ },
  { given: 'https://example.com/x.git#-x', code: 'context-invalid', says: /"-x"/ },
  { given: 'https://hidden@example.com/x.git', code: 'source-has-secret', says: /^(?!.*hidden).*SLIPWAY_SOURCE/ },
  { given: '-', code: 'context-from-stdin', says: /standard input/ },
] as const;

for (const { given, code, says } of refused) {
  test(`${given} is refused`, async () => {
    const found = await locateContext(given, cwd);
    assert.ok(!found.ok);
    const [finding] = found.diagnostics;
    assert.equal(finding?.code, code);
    assert.match(`${finding?.message} ${finding?.hint}`, says);
  });
}

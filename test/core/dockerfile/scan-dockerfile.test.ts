import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DockerfileInput,
  type DockerfileScan,
  scanDockerfile,
} from '../../../src/core/dockerfile/scan-dockerfile.ts';

type Given = Omit<DockerfileInput, 'text' | 'fileName'>;

function scan(text: string, given: Given = {}) {
  return scanDockerfile({ text, fileName: 'Dockerfile', ...given });
}

function scanned(text: string, given: Given = {}): DockerfileScan {
  const result = scan(text, given);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

const names = (images: readonly { readonly name: string }[]) => images.map(({ name }) => name);

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Docker's variables, not JavaScript's
const bases: readonly { name: string; text: string; given?: Given; runtime: string; buildtime?: string[] }[] = [
  { name: 'one stage', text: 'FROM a', runtime: 'a' },
  { name: 'a byte order mark', text: '\uFEFFFROM a', runtime: 'a' },
  { name: 'the last stage', text: 'FROM a\nFROM b', runtime: 'b', buildtime: ['a'] },
  { name: 'a chain of stages', text: 'FROM a AS x\nFROM x AS y\nFROM y', runtime: 'a' },
  { name: 'stage names in any case', text: 'FROM a AS Base\nFROM bASE', runtime: 'a' },
  { name: 'the last stage of a name', text: 'FROM a AS x\nFROM b AS x\nFROM x', runtime: 'b', buildtime: ['a'] },
  { name: 'a stage named like its base', text: 'FROM node AS node\nFROM node', runtime: 'node' },
  { name: 'a number is an image', text: 'FROM a\nFROM 0', runtime: '0', buildtime: ['a'] },
  { name: 'a platform', text: 'FROM --platform=linux/arm64 a AS x\nFROM x', runtime: 'a' },
  { name: 'quotes', text: 'FROM "a"', runtime: 'a' },
  { name: 'a port', text: 'FROM localhost:5000/x', runtime: 'localhost:5000/x' },
  { name: 'an image once', text: 'FROM a\nFROM a\nFROM b', runtime: 'b', buildtime: ['a'] },
  {
    name: 'a target',
    text: 'FROM a AS x\nFROM b AS y\nFROM c',
    given: { target: 'y' },
    runtime: 'b',
    buildtime: ['a'],
  },
  { name: 'a target in any case', text: 'FROM a AS x\nFROM b', given: { target: 'X' }, runtime: 'a' },
  { name: 'a target by number', text: 'FROM a AS x\nFROM b', given: { target: '0' }, runtime: 'a' },
  { name: 'mistakes below the target', text: 'FROM a AS x\nFROM A b c', given: { target: 'x' }, runtime: 'a' },
  { name: 'a default', text: 'ARG V=1\nFROM a:$V', runtime: 'a:1' },
  { name: 'a quoted default', text: 'ARG V="1"\nFROM a:${V}', runtime: 'a:1' },
  { name: 'several on a line', text: 'ARG V=1 W="2"\nFROM a:$V-$W', runtime: 'a:1-2' },
  { name: 'a default made of another', text: 'ARG V=1\nARG W=$V-x\nFROM a:$W', runtime: 'a:1-x' },
  { name: 'the first default', text: 'ARG V=1\nARG V=2\nFROM a:$V', runtime: 'a:1' },
  { name: 'a build argument', text: 'ARG V=1\nFROM a:$V', given: { buildArgs: ['V=2'] }, runtime: 'a:2' },
  { name: 'a quoted build argument', text: 'ARG V\nFROM a:$V', given: { buildArgs: ['V="2"'] }, runtime: 'a:2' },
  { name: 'a build argument with "="', text: 'ARG V\nFROM $V', given: { buildArgs: ['V=a', 'W=b=c'] }, runtime: 'a' },
  { name: 'an argument of a stage', text: 'FROM a\nARG V=1\nFROM b:$V', runtime: 'b:1', buildtime: ['a'] },
  { name: 'a default of a variable', text: 'FROM a:${V:-9}', runtime: 'a:9' },
  { name: 'a stage by variable', text: 'ARG S=x\nFROM a AS x\nFROM b AS y\nFROM $S', runtime: 'a', buildtime: ['b'] },
  {
    name: 'the platform of the build',
    text: 'FROM a:$TARGETOS-$TARGETARCH-${TARGETVARIANT:-v8}-$BUILDARCH',
    given: { platforms: { target: 'linux/arm64', build: 'linux/amd64' } },
    runtime: 'a:linux-arm64-v8-amd64',
  },
  {
    name: 'a build argument instead of the platform',
    text: 'FROM a:$TARGETARCH',
    given: { platforms: { target: 'linux/arm64' }, buildArgs: ['TARGETARCH=mine'] },
    runtime: 'a:mine',
  },
];

for (const { name, text, given, runtime, buildtime = [] } of bases) {
  test(`bases: ${name}`, () => {
    const found = scanned(text, given);
    assert.equal(found.runtimeBase.name, runtime);
    assert.deepEqual(names(found.buildtimeBases), buildtime);
  });
}

const copies = [
  { name: 'COPY --from', text: 'FROM a\nCOPY --from=b:1 /x /', images: ['b:1'] },
  { name: 'COPY --from after other options', text: 'FROM a\ncopy --link --chown=1 \\\n --from=b /x /', images: ['b'] },
  {
    name: 'RUN --mount',
    text: 'FROM a\nRUN --mount=type=bind,from=b,target=/x --mount=from=c,target=/y z',
    images: ['b', 'c'],
  },
  { name: 'RUN --mount in quotes', text: 'FROM a\nRUN --mount=type=bind,"from=b" z', images: ['b'] },
  { name: 'an image once', text: 'FROM a\nCOPY --from=b /x /\nCOPY --from=b /y /', images: ['b'] },
  { name: 'a stage', text: 'FROM a AS x\nFROM b\nCOPY --from=X /x /\nRUN --mount=from=x z', images: [] },
  { name: 'a number', text: 'FROM a\nFROM b\nCOPY --from=0 /x /', images: [] },
  { name: 'a stage further down', text: 'FROM a AS x\nCOPY --from=y /x /\nFROM b AS y\nFROM x', images: [] },
  { name: 'an option of the command', text: 'FROM a\nRUN x --mount=from=b\nCOPY x --from=b', images: [] },
  { name: 'ONBUILD', text: 'FROM a\nONBUILD COPY --from=b /x /', images: [] },
  { name: 'text of a heredoc', text: 'FROM a\nRUN <<E\nCOPY --from=b /x /\nE', images: [] },
] as const;

for (const { name, text, images } of copies) {
  test(`copied images: ${name}`, () => assert.deepEqual(names(scanned(text).copiedImages), images));
}

const needs = [
  { name: 'by FROM', text: 'FROM a AS x\nFROM b AS y\nFROM x', needed: [0, 2] },
  { name: 'by COPY', text: 'FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=y / /', needed: [1, 2] },
  { name: 'by number', text: 'FROM a\nFROM b\nFROM c\nCOPY --from=0 / /', needed: [0, 2] },
  { name: 'by a mount', text: 'FROM a AS x\nFROM b\nRUN --mount=from=x z', needed: [0, 1] },
  {
    name: 'through others',
    text: 'FROM a AS x\nFROM b AS y\nCOPY --from=x / /\nFROM y AS z\nFROM z',
    needed: [0, 1, 2, 3],
  },
  { name: 'in a circle', text: 'FROM a AS x\nCOPY --from=y / /\nFROM x AS y', needed: [0, 1] },
] as const;

for (const { name, text, needed } of needs) {
  test(`needed stages: ${name}`, () => {
    const stages = scanned(text).stages.filter((stage) => stage.needed);
    assert.deepEqual(
      stages.map(({ index }) => index),
      needed,
    );
  });
}

test('a stage in full', () => {
  const text =
    '# syntax=docker/dockerfile:1 x\nFROM a AS x\nFROM --platform=$BUILDPLATFORM x AS Two\nCOPY --from=b / /\n';
  const found = scanned(text, { platforms: { build: 'linux/amd64' } });
  const place = (line: number, column: number, length: number) => ({ file: 'Dockerfile', line, column, length });
  const image = (name: string, where: object) => ({
    name,
    reference: { domain: 'docker.io', path: `library/${name}` },
    place: where,
  });
  assert.deepEqual(found.target, {
    index: 1,
    name: 'two',
    platform: 'linux/amd64',
    base: { kind: 'stage', index: 0 },
    origin: image('a', place(2, 6, 1)),
    copies: [{ kind: 'image', image: image('b', place(4, 13, 1)) }],
    needed: true,
    place: place(3, 1, 39),
  });
  assert.deepEqual(found.syntax, {
    name: 'docker/dockerfile:1',
    reference: { domain: 'docker.io', path: 'docker/dockerfile', tag: '1' },
    place: place(1, 10, 19),
  });
});

test('a platform that is not known is left out', () => {
  assert.equal(scanned('FROM --platform=$TARGETPLATFORM a').target.platform, undefined);
});

const errors = [
  { text: '', found: ['dockerfile-no-from 1:1'], says: /no FROM/ },
  { text: '# x', found: ['dockerfile-no-from 1:1'], says: /no FROM/ },
  { text: 'RUN x', found: ['dockerfile-no-from 1:1'], says: /no FROM/ },
  { text: 'RUN x\nFROM a', found: ['dockerfile-no-from 1:1'], says: /RUN stands before any FROM/ },
  { text: 'FROM', found: ['dockerfile-from 1:1'], says: /names no image/ },
  { text: 'FROM a x', found: ['dockerfile-from 1:8'], says: /"x".*FROM image AS name/s },
  { text: 'FROM a x y', found: ['dockerfile-from 1:8'], says: /AS, not "x"/ },
  { text: 'FROM a # x', found: ['dockerfile-from 1:8'], says: /comment needs a line/ },
  { text: 'FROM a AS', found: ['dockerfile-from 1:8'], says: /names no stage/ },
  { text: 'FROM a AS 1x', found: ['dockerfile-from 1:11'], says: /"1x" is not a name/ },
  { text: 'FROM --plat=x a', found: ['dockerfile-from 1:6'], says: /"--plat=x".*--platform/s },
  { text: 'ARG\nFROM a', found: ['dockerfile-arg 1:1'], says: /names no argument.*ARG NAME/s },
  { text: 'ARG =1\nFROM a', found: ['dockerfile-arg 1:5'], says: /"=1"/ },
  { text: 'FROM a:${V#x}', found: ['dockerfile-arg 1:6'], says: /"\$\{V#x\}" is a form/ },
  { text: 'FROM Foo', found: ['image-invalid 1:6'], says: /upper-case.*foo/s },
  { text: 'ARG V\nFROM a:$V', found: ['image-invalid 2:6'], says: /V has no value.*"a:\$V" is "a:".*--build-arg V=…/s },
  { text: 'FROM a:$V', found: ['image-invalid 1:6'], says: /Put ARG V=… above the first FROM/ },
  { text: 'FROM a-$TARGETARCH', found: ['image-invalid 1:6'], says: /from the platform of the build/ },
  { text: 'FROM A\nFROM b AS x\nFROM c d\n', found: ['image-invalid 1:6', 'dockerfile-from 3:8'], says: /"d"/ },
  { text: 'FROM A AS x\nFROM x', found: ['image-invalid 1:6'], says: /upper-case/ },
  { text: `FROM a\n#${'x'.repeat(300_000)}`, found: ['dockerfile-too-long 1:1'], says: /131072/ },
] as const;

for (const { text, found, says } of errors) {
  test(`${JSON.stringify(text.slice(0, 40))} is refused`, () => {
    const result = scan(text);
    assert.ok(!result.ok);
    const { diagnostics } = result;
    assert.deepEqual(
      diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`),
      found,
    );
    assert.match(diagnostics.map(({ message, hint }) => `${message}\n${hint}`).join('\n'), says);
  });
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Docker's variables, not JavaScript's

test('a build argument without a value is refused', () => {
  const result = scan('FROM a', { buildArgs: ['V', '=x'] });
  assert.ok(!result.ok);
  assert.match(result.diagnostics.map(({ message }) => message).join(), /"V".*"=x"/);
});

const warnings: readonly { text: string; given?: Given; found: string; says: RegExp }[] = [
  { text: 'FROM a AS x # y', found: 'dockerfile-from 1:13', says: /"#".*comment needs/s },
  { text: 'FROM a:$V', given: { buildArgs: ['V=1'] }, found: 'dockerfile-arg 1:6', says: /no ARG above it/ },
  { text: 'FROM a$V', found: 'dockerfile-arg 1:6', says: /reads it as empty/ },
  { text: 'FROM a AS base', given: { target: 'bsae' }, found: 'dockerfile-target 1:1', says: /Did you mean "base"/ },
  { text: 'FROM a', given: { target: 'x' }, found: 'dockerfile-target 1:1', says: /No stage has a name/ },
  { text: 'FROM a', given: { target: '1' }, found: 'dockerfile-target 1:1', says: /"1"/ },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's variables, not JavaScript's
  { text: 'ARG V=${W%x}\nFROM a', found: 'dockerfile-arg 1:5', says: /default of V is left out.*"\$\{W%x\}"/s },
  { text: 'FROM a\nCOPY --from=$X / /', found: 'dockerfile-copy-from 2:13', says: /no variables/ },
  { text: 'FROM a\nCOPY --from=Up / /', found: 'dockerfile-copy-from 2:13', says: /neither a stage/ },
  { text: 'FROM a\nCOPY --from=3 / /', found: 'dockerfile-copy-from 2:13', says: /number 3/ },
  { text: 'FROM a\nRUN --mount=type=bind,from=Up z', found: 'dockerfile-copy-from 2:28', says: /neither/ },
  { text: '# syntax=Up\nFROM a', found: 'dockerfile-syntax 1:10', says: /"Up"/ },
];

for (const { text, given, found, says } of warnings) {
  test(`${JSON.stringify(text)} ${JSON.stringify(given ?? {})} is warned of`, () => {
    const result = scan(text, given);
    assert.ok(result.ok);
    const [first, ...rest] = result.warnings;
    assert.deepEqual([`${first?.code} ${first?.place?.line}:${first?.place?.column}`, rest], [found, []]);
    assert.match(`${first?.message}\n${first?.hint}`, says);
  });
}

test('values made of values end before they fill the memory', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `ARG V${index + 1}=$V${index}$V${index}`);
  const result = scan(`ARG V0=aaaaaaaaaa\n${lines.join('\n')}\nFROM $V60`);
  assert.ok(!result.ok);
  assert.match(result.diagnostics.map(({ message }) => message).join(), /longer than 16384/);
});

test('a declared argument without a value is no mistake where the name stays sound', () => {
  const result = scan('ARG V\nFROM a$V');
  assert.ok(result.ok);
  assert.deepEqual([result.value.runtimeBase.name, result.warnings], ['a', []]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCmd } from '../../../../src/core/plan/cmd/docker-words.ts';
import { recordFindings } from '../recorded-findings.ts';

const nothing = { env: [], ports: [], expose: [], mounts: [], args: [] };

const MOUNTABLE = { volumes: ['certs'], workspace: 'shared' };

const good = [
  { text: 'alpine', expected: { ...nothing, image: 'alpine' } },
  { text: 'alpine echo hi', expected: { ...nothing, image: 'alpine', args: ['echo', 'hi'] } },
  {
    text: "alpine sh -c 'echo a | cat'",
    expected: { ...nothing, image: 'alpine', args: ['sh', '-c', 'echo a | cat'] },
  },
  { text: 'alpine -e --x', expected: { ...nothing, image: 'alpine', args: ['-e', '--x'] } },
  { text: '-e A=1 --env B=2 --env=C= -eD=4 a', expected: { ...nothing, image: 'a', env: ['A=1', 'B=2', 'C=', 'D=4'] } },
  { text: `-e "A=x y" a`, expected: { ...nothing, image: 'a', env: ['A=x y'] } },
  {
    text: '--entrypoint sh -w /x -u 1:2 --network none a',
    expected: { ...nothing, image: 'a', entrypoint: 'sh', workingDirectory: '/x', user: '1:2', network: 'none' },
  },
  { text: '--net=host a', expected: { ...nothing, image: 'a', network: 'host' } },
  {
    text: '-p 80:80 --publish 81 --expose=82 a',
    expected: { ...nothing, image: 'a', ports: ['80:80', '81'], expose: ['82'] },
  },
  { text: '-it --rm -d a', expected: { ...nothing, image: 'a', detach: true } },
  { text: '-itd a', expected: { ...nothing, image: 'a', detach: true } },
  {
    text: '--privileged --rm=false --detach=false a',
    expected: { ...nothing, image: 'a', privileged: true, detach: false },
  },
  { text: '-m 512m --cpus 1.5 a', expected: { ...nothing, image: 'a', memoryBytes: 536870912, cpus: 1.5 } },
  {
    text: '-v certs:/c/:ro --volume=shared:/src a',
    expected: {
      ...nothing,
      image: 'a',
      mounts: [
        { volume: 'certs', path: '/c/', readOnly: true },
        { volume: 'shared', path: '/src', readOnly: false },
      ],
    },
  },
  { text: '--pull always a', expected: { ...nothing, image: 'a', pull: true } },
  { text: '-u 1 -u 2 a', expected: { ...nothing, image: 'a', user: '2' } },
  { text: '--rm -- a --x', expected: { ...nothing, image: 'a', args: ['--x'] } },
] as const;

for (const { text, expected } of good) {
  test(`cmd: ${text}`, () => {
    const report = recordFindings(text);
    assert.deepEqual(readCmd(text, MOUNTABLE, report), expected);
    assert.deepEqual(report.found, []);
  });
}

const refused = (part: string) => `cmd-refused-option ${part}`;

const bad = [
  { text: '', found: ['cmd-no-image ""'] },
  { text: '--rm', found: ['cmd-no-image "--rm"'] },
  { text: 'Alpine x', found: ['image-invalid "Alpine"'] },
  { text: '-e A a', found: ['cmd-option-value "A"'] },
  { text: '-e', found: ['cmd-option-value "-e"', 'cmd-no-image "-e"'] },
  { text: '-m lots --cpus 0 a', found: ['cmd-option-value "lots"', 'cmd-option-value "0"'] },
  { text: '--privileged=perhaps a', found: ['cmd-option-value "--privileged=perhaps"'] },
  { text: '-p x:y --expose x a', found: ['port-invalid "x:y"', 'port-invalid "x"'] },
  { text: '-p99999 a', found: ['port-invalid "-p99999"'] },
  { text: '-v cert:/c a', found: ['mount-unknown-volume "cert:/c"'] },
  { text: '-v certs a', found: ['cmd-option-value "certs"'] },
  { text: '-v certs:/c:shared a', found: ['cmd-option-value "certs:/c:shared"'] },
  { text: '-v ./a:/b a', found: ['cmd-refused-option "./a:/b"'] },
  { text: '--read-only --userns host -P a', found: ['"--read-only"', '"--userns"', '"-P"'].map(refused) },
  { text: '--env-file=x a', found: ['cmd-refused-option "--env-file=x"'] },
  { text: '--enviro=x a', found: ['cmd-unknown-option "--enviro=x"'] },
  { text: '-Z a', found: ['cmd-unknown-option "-Z"'] },
  { text: 'a b | c', found: ['shell-operator "|"'] },
  { text: 'a b\nc d', found: ['shell-operator "c d"'] },
  { text: `a "b`, found: [`open-quote """`] },
] as const;

for (const { text, found } of bad) {
  test(`cmd: ${JSON.stringify(text)} is refused`, () => {
    const report = recordFindings(text);
    assert.equal(readCmd(text, MOUNTABLE, report), undefined);
    assert.deepEqual(report.found, found);
  });
}

const odd = [
  { text: '--name web a', found: ['~cmd-option-without-effect "--name"'] },
  { text: 'a docker build .', found: [] },
  { text: 'a echo $HOME', found: ['~cmd-variable "$HOME"'] },
] as const;

for (const { text, found } of odd) {
  test(`cmd: ${text} is accepted with a warning`, () => {
    const report = recordFindings(text);
    assert.equal(readCmd(text, MOUNTABLE, report)?.image, 'a');
    assert.deepEqual(report.found, found);
  });
}

const cures = [
  { text: 'alpine echo a | cat', line: "cmd: alpine sh -c 'echo a | cat'" },
  { text: '-e A=1 --rm alpine echo a && b', line: "cmd: -e A=1 --rm alpine sh -c 'echo a && b'" },
  { text: "alpine echo 'it' > x", line: "cmd: alpine sh -c 'echo '\\''it'\\'' > x'" },
  { text: 'bash echo a; echo b', line: "cmd: bash -c 'echo a; echo b'" },
  {
    text: 'mcr.microsoft.com/acr/bash:2ff604c echo $(date)',
    line: "cmd: mcr.microsoft.com/acr/bash:2ff604c -c 'echo $(date)'",
  },
  { text: 'alpine sh -c echo a | cat', line: "cmd: alpine sh -c 'echo a | cat'" },
  { text: 'alpine echo a\necho b\n', line: "cmd: |\n      alpine sh -c 'echo a\n      echo b'" },
] as const;

for (const { text, line } of cures) {
  test(`the cure of ${JSON.stringify(text)}`, () => {
    const report = recordFindings(text);
    readCmd(text, MOUNTABLE, report);
    assert.deepEqual(report.hints, [`Run a shell in the container:\n${line}`]);
  });
}

const assignments = [
  { text: 'FOO=bar alpine env', hint: '-e FOO=bar alpine env' },
  { text: 'A=1 B=2 alpine env', hint: '-e A=1 -e B=2 alpine env' },
  { text: '--rm A=s alpine env', hint: '-e A=… IMAGE' },
  { text: 'A=s alpine', written: 'A={{.Values.s}} alpine', hint: '-e A={{.Values.s}} alpine' },
  { text: 'A=s alpine', written: undefined, hint: '-e A=… IMAGE' },
];

for (const { text, hint, ...origin } of assignments) {
  test(`the variable before the image of ${JSON.stringify([text, origin])}`, () => {
    const report = recordFindings(text);
    assert.equal(readCmd(text, MOUNTABLE, report, { written: text, ...origin }), undefined);
    assert.deepEqual(report.hints, [`Write -e before a variable: ${hint}`]);
  });
}

const docker = [
  { text: 'docker push x', hint: /push step/ },
  { text: 'docker:27 build .', hint: /build step/ },
  { text: '--rm docker.io/library/docker tag a b', hint: /both names/ },
  { text: 'docker', hint: /build, push and cmd steps/ },
];

for (const { text, hint } of docker) {
  test(`cmd: ${text} reaches no engine`, () => {
    const report = recordFindings(text);
    assert.ok(readCmd(text, MOUNTABLE, report) !== undefined);
    assert.match(report.found.join(), /^~cmd-docker "docker/);
    assert.match(report.hints.join(), hint);
  });
}

test('each variable that no shell replaces is named', () => {
  const messages: string[] = [];
  const report = {
    error: assert.fail,
    warning: (_: string, _from: number, _to: number, said: string) => messages.push(said),
  };
  readCmd(`a $Tool --x=\${ID} "b"$y`, MOUNTABLE, report);
  const said = (name: string) => `No shell replaces ${name}: the program gets it as written`;
  assert.deepEqual(messages, ['$Tool', `\${ID}`, '$y'].map(said));
});

import type { SlowRegistry } from '../support/slow-registry.ts';
import { needsContainerd } from '../workers/engine/image-store.ts';

/** A phase of a run in which it is canceled: a line of its log says that it has begun. */
export interface Phase {
  readonly name: string;
  /** Why this engine cannot do it. */
  readonly skip?: string | false;
  /** Sent as the source, with nothing else; absent: there is no source. */
  readonly dockerfile?: string;
  /** A repository that the worker is to fetch in place of that. */
  readonly repository?: string;
  /** How many files the source has besides. */
  readonly files?: number;
  /** What the task has before its steps. */
  readonly head?: string;
  readonly steps: readonly string[];
  readonly line: RegExp;
  /** Resolves when the run is in the midst of the phase, after that line. */
  reached?(runId: string): Promise<void>;
  /** No more rounds than that, however many are asked for. */
  readonly atMost?: number;
  /** The run has no plan yet when it is canceled. */
  readonly isEarly?: true;
  /** Too late to cancel: the run may also end as if nobody had asked for it. */
  readonly isOver?: true;
}

/** The first layer is new each time, so that there is something to leave behind. */
const SLOW = 'FROM busybox\nARG RUN\nRUN echo "$RUN" > /run-id\nRUN echo "now it runs" && sleep 120\n';
/** For several platforms, of which this machine has to run one. */
const SLOW_FOR_SEVERAL = `${SLOW.replace('FROM', 'FROM --platform=$BUILDPLATFORM').replace('busybox', 'busybox AS slow')}FROM scratch\nCOPY --from=slow /run-id /\n`;
const NOW = /now it runs/;

/** A repository for each run, by which its uploads are known. */
const LARGE_IMAGE = 'chaos-{{.Run.ID}}:v1';
/** A layer that a thin line takes ten seconds for, new each time. */
const LARGE = 'FROM busybox\nRUN head -c 1250000 /dev/urandom > /large\n';
/**
 * The engine uploads five layers at once: after as many that were broken off, Docker 20.10 was seen to begin no other one
 * at this registry for more than a minute.
 */
const FEW = 2;
/** A worker needs seconds for so many. */
const MANY_FILES = 30_000;

/** All of them. `silent` is the host:port of a server that never answers, and so is the HashiCorp Vault of the worker. */
export function cancelablePhases(silent: string, slow: SlowRegistry): readonly Phase[] {
  const build = (image: string, more = '') => `build: -t ${image} --build-arg RUN={{.Run.ID}} ${more} .`;
  const image = `${silent}/chaos:{{.Run.ID}}`;
  const chaos = 'chaos:{{.Run.ID}}';
  return [
    { name: 'queued or just taken', steps: ['cmd: busybox sleep 120'], line: /Queued/ },
    {
      name: 'fetching',
      repository: `http://${silent}/hello.git`,
      steps: ['cmd: busybox true'],
      line: /Fetching/,
      isEarly: true,
    },
    {
      name: 'unpacking a large source',
      dockerfile: 'FROM scratch\n',
      files: MANY_FILES,
      steps: ['cmd: busybox sleep 120'],
      line: /Started on worker/,
      isEarly: true,
    },
    {
      name: 'waiting for a secret',
      head: 'secrets: [{id: word, keyvault: "vault:team/word"}]\n',
      steps: ['cmd: busybox sleep 120'],
      line: /Started on worker/,
      isEarly: true,
    },
    { name: 'pulling', steps: [`cmd: ${silent}/nothing/here`], line: /Pulling/ },
    { name: 'building', dockerfile: SLOW, steps: [build(chaos)], line: NOW },
    {
      name: 'building classically',
      dockerfile: SLOW,
      steps: [`${build(chaos)}\n    env: [DOCKER_BUILDKIT=0]`],
      line: NOW,
    },
    {
      name: 'building for several platforms',
      skip: needsContainerd,
      dockerfile: SLOW_FOR_SEVERAL,
      steps: [build(chaos, '--platform linux/amd64,linux/arm64')],
      line: NOW,
    },
    { name: 'running', steps: ['cmd: busybox sh -c "echo now it runs; sleep 120"'], line: NOW },
    {
      name: 'running, deaf to signals',
      steps: [`cmd: busybox sh -c "trap '' TERM; echo now it runs; while true; do sleep 1; done"`],
      line: NOW,
    },
    {
      name: 'running with a volume of secrets',
      head: 'volumes: [{name: hidden, secret: {word: aHVzaC1odXNo}}]\n',
      steps: [
        'cmd: busybox sh -c "cat /hidden/word; echo now it runs; sleep 120"\n    volumeMounts: [{name: hidden, mountPath: /hidden}]',
      ],
      line: NOW,
    },
    {
      name: 'running beside a detached step and another',
      steps: [
        'cmd: busybox httpd -f -p 80\n    id: server\n    detach: true',
        'cmd: busybox sleep 120\n    id: beside\n    when: [server]',
        'cmd: busybox sh -c "echo now it runs; sleep 120"\n    when: [server]',
      ],
      line: NOW,
    },
    {
      name: 'waiting between tries',
      steps: ['cmd: busybox false\n    retries: 3\n    retryDelay: 100'],
      line: /before retrying/,
    },
    { name: 'waiting to start', steps: ['cmd: busybox true\n    startDelay: 100'], line: /Executing step/ },
    {
      name: 'pushing',
      dockerfile: 'FROM busybox\nRUN date +%N > /now\n',
      steps: [build(image), `push: ["${image}"]`],
      line: /Pushing image/,
    },
    {
      name: 'pushing, with layers on their way',
      dockerfile: LARGE,
      steps: [`build: -t ${slow.host}/${LARGE_IMAGE} .`, `push: ["${slow.host}/${LARGE_IMAGE}"]`],
      line: /Pushing image/,
      reached: slow.uploading,
      atMost: FEW,
    },
    {
      name: 'keeping layers beside the next step',
      dockerfile: LARGE,
      steps: [
        `build: -t ${slow.host}/${LARGE_IMAGE} .\n    cache: enabled`,
        'cmd: busybox sh -c "echo now it runs; sleep 120"',
      ],
      line: NOW,
      reached: slow.uploading,
      atMost: FEW,
    },
    {
      name: 'tidying up',
      steps: ['cmd: busybox httpd -f -p 80\n    detach: true', 'cmd: busybox true'],
      line: /marked as successful/,
      isOver: true,
    },
  ];
}

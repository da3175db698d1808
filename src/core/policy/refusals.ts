/**
 * What a plan asks for that a policy does not give; pure. A worker asks when it plans a run, so that every refusal is
 * told at its place before anything is made, and its engine asks again before each step.
 */
import type { BuildStep, CmdStep, PlannedNetwork, PlannedStep, TaskNetwork } from '../../../task-schemas/index.ts';
import { didYouMeanHint } from '../did-you-mean.ts';
import { parsePublished } from '../plan/cmd/ports.ts';
import { isEngineNetwork } from '../plan/networks.ts';
import type { Ulimit } from '../plan/words/option-values.ts';
import { unreachable } from '../unreachable.ts';
import { allowsHostMount, isDockerSocket, isHostPath } from './host-mounts.ts';
import { allowsUlimit, writeUlimit } from './ulimits.ts';
import type { ContainerLimit, WorkerPolicy } from './worker-policy.ts';

/** One thing that is refused: `field` is the property of the step or network that asks for it. */
export interface PolicyRefusal {
  readonly code: string;
  readonly field: string;
  /** What stands there and is refused, when it is a part of it. */
  readonly value?: string;
  /** A sentence without a full stop. */
  readonly message: string;
  readonly hint: string;
}

/** All that a step asks for and does not get; `networks` are those of its plan. */
export function refuseStep(
  step: PlannedStep,
  networks: readonly PlannedNetwork[],
  policy: WorkerPolicy,
): readonly PolicyRefusal[] {
  switch (step.kind) {
    case 'cmd':
      return refuseCmd(step, networks, policy);
    case 'build':
      return refuseBuild(step, policy);
    case 'push':
      return [];
    default:
      return unreachable(step);
  }
}

/** All that a network of a task asks for and does not get: a driver of its own, or to be one that exists already. */
export function refuseNetwork(network: TaskNetwork, policy: WorkerPolicy): readonly PolicyRefusal[] {
  const { name, driver = '', skipCreation = false } = network;
  // What every engine has is no way out of the run by itself: it is judged with each step that uses it.
  if (skipCreation)
    return isEngineNetwork(name) || policy.externalNetworks.includes(name) ? [] : [externalNetwork(name)];
  if (driver === '' || driver === 'bridge' || policy.networkDrivers.includes(driver)) return [];
  return [
    {
      code: 'policy-network-driver',
      field: 'driver',
      value: driver,
      message: `The network "${name}" needs the driver "${driver}", which is refused unless the policy of the worker names it`,
      hint: `Leave "driver" out, or let the operator add "${driver}" to networkDrivers of the policy.`,
    },
  ];
}

function refuseCmd(step: CmdStep, networks: readonly PlannedNetwork[], policy: WorkerPolicy): readonly PolicyRefusal[] {
  const ask = `Step "${step.id}" asks for`;
  return [
    ...(step.privileged && !policy.privileged ? [privileged(ask)] : []),
    ...refuseCmdNetwork(step, networks, policy),
    ...step.volumeMounts.flatMap(({ volume, readOnly }) => refuseMount(ask, volume, readOnly, policy)),
    ...step.ports.flatMap((port, index) => refusePort(ask, port, index, policy)),
    ...refuseAmount(ask, CPUS, step.cpus, policy.cpus),
    ...refuseAmount(ask, MEMORY, step.memoryBytes, policy.memory),
    ...refuseAmount(ask, SHARED_MEMORY, step.shmSizeBytes, policy.shm),
  ];
}

function refuseBuild(step: BuildStep, policy: WorkerPolicy): readonly PolicyRefusal[] {
  const { id, buildNetwork: network, shmSizeBytes } = step;
  const ask = `Step "${id}" asks for`;
  const amounts = [
    ...refuseAmount(ask, SHARED_MEMORY, shmSizeBytes, policy.shm),
    ...step.ulimits.flatMap((limit) => refuseUlimit(ask, limit, policy.ulimits)),
  ];
  if (network === undefined || network === 'none' || network === 'default') return amounts;
  if (network === 'host') {
    const hint = 'Remove "--network host": RUN instructions have a network without it.';
    return policy.hostNetwork ? amounts : [hostNetwork(ask, 'build', hint), ...amounts];
  }
  const refused = {
    code: 'network-unknown',
    field: 'build',
    value: network,
    message: `${ask} the network "${network}", which builds do not have`,
    hint: 'Leave "--network" out to give RUN instructions the usual network, or use "none".',
  };
  return [refused, ...amounts];
}

function privileged(ask: string): PolicyRefusal {
  return {
    code: 'policy-privileged',
    field: 'privileged',
    message: `${ask} a privileged container, which is refused unless the policy of the worker allows it`,
    hint: 'Remove "privileged: true", or let the operator allow it in the policy of a worker meant for it.',
  };
}

function hostNetwork(ask: string, field: string, hint: string): PolicyRefusal {
  const message = `${ask} the network of the worker's machine, which is refused unless the policy of the worker allows it`;
  return { code: 'policy-host-network', field, message, hint };
}

/** Any name that is neither the run's nor in the policy leads out of the run: to another container's network, say. */
function refuseCmdNetwork(
  { id, network }: CmdStep,
  networks: readonly PlannedNetwork[],
  policy: WorkerPolicy,
): readonly PolicyRefusal[] {
  if (network === undefined) return [];
  const planned = networks.find(({ name }) => name === network);
  const ask = `Step "${id}" asks for`;
  if (network === 'host') {
    const hint = 'Remove "network: host": steps of a run reach each other by step id without it.';
    return policy.hostNetwork ? [] : [hostNetwork(ask, 'network', hint)];
  }
  if (isEngineNetwork(network) || policy.externalNetworks.includes(network)) return [];
  if (planned !== undefined) return planned.external ? [externalNetwork(network)] : [];
  const names = networks.map(({ name }) => name);
  return [
    {
      code: 'network-unknown',
      field: 'network',
      value: network,
      message: `${ask} the network "${network}", which is neither one of this task nor named in the policy of the worker`,
      hint:
        didYouMeanHint(network, names) ??
        'Leave "network" out to use the network of the run, declare it under networks: of the task, or use "none".',
    },
  ];
}

function externalNetwork(name: string): PolicyRefusal {
  return {
    code: 'policy-external-network',
    field: 'network',
    value: name,
    message: `The network "${name}" is to be one that exists already, which is refused unless the policy of the worker names it`,
    hint: `Let the run make one of its own, or let the operator add "${name}" to externalNetworks of the policy.`,
  };
}

function refuseMount(ask: string, path: string, readOnly: boolean, policy: WorkerPolicy): readonly PolicyRefusal[] {
  if (!isHostPath(path)) return [];
  if (isDockerSocket(path)) {
    if (policy.dockerSocket) return [];
    const message = `${ask} "${path}", the Docker Engine of the worker, which is refused unless the policy of the worker allows it`;
    const hint = 'Images are built with build steps and pushed with push steps; no step needs the engine itself.';
    return [{ code: 'policy-docker-socket', field: 'cmd', value: path, message, hint }];
  }
  if (allowsHostMount(path, readOnly, policy)) return [];
  const couldRead = !readOnly && allowsHostMount(path, true, policy);
  return [
    {
      code: 'policy-host-folder',
      field: 'cmd',
      value: path,
      message: `${ask} "${path}" of the worker's machine, which is refused unless the policy of the worker names it`,
      hint: couldRead
        ? 'The policy allows to read it only: add :ro to the mount.'
        : 'The source is in /workspace of every step; copy what you need there.',
    },
  ];
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|0:0:0:0:0:0:0:1)$/;

function refusePort(ask: string, text: string, index: number, policy: WorkerPolicy): readonly PolicyRefusal[] {
  // Without an address it is the policy that says which one is meant.
  const address = parsePublished(text)?.[0]?.hostAddress;
  if (policy.publishOnAllAddresses || address === undefined || LOOPBACK.test(address)) return [];
  const message = `${ask} a port on the address ${address}, which other machines reach: refused unless the policy of the worker allows it`;
  const hint = `Leave the address out: ${text.slice(text.indexOf(address) + address.length).replace(/^\]?:/, '')}`;
  return [{ code: 'policy-publish', field: `ports.${index}`, value: address, message, hint }];
}

/** Something that is limited, and how an amount of it is written. */
interface Amount {
  readonly code: string;
  readonly field: string;
  readonly what: string;
  write(amount: number): string;
}

const CPUS: Amount = { code: 'policy-cpus', field: 'cpus', what: 'CPUs', write: String };
const MEMORY: Amount = { code: 'policy-memory', field: 'cmd', what: 'of memory', write: size };
const SHARED_MEMORY: Amount = { code: 'policy-shm', field: 'cmd', what: 'of shared memory', write: size };

function refuseAmount(
  ask: string,
  { code, field, what, write }: Amount,
  amount: number | undefined,
  { maximum }: ContainerLimit,
): readonly PolicyRefusal[] {
  if (amount === undefined || maximum === undefined || amount <= maximum) return [];
  const message = `${ask} ${write(amount)} ${what}, but the policy of the worker allows at most ${write(maximum)}`;
  return [{ code, field, message, hint: `Ask for ${write(maximum)} or less, or leave it out.` }];
}

function refuseUlimit(ask: string, limit: Ulimit, allowed: readonly Ulimit[]): readonly PolicyRefusal[] {
  if (allowsUlimit(limit, allowed)) return [];
  const text = writeUlimit(limit);
  return [
    {
      code: 'policy-ulimit',
      field: 'build',
      value: limit.name,
      message: `${ask} --ulimit ${text}, which is more than every process has and refused unless the policy of the worker names it`,
      hint: `Leave it out, or let the operator add "${text}" to ulimits of the policy.`,
    },
  ];
}

/** Bytes as Docker's options take them. */
function size(bytes: number): string {
  const unit = [...'gmk'].find((_, index) => bytes % 1024 ** (3 - index) === 0);
  return unit === undefined ? `${bytes}b` : `${bytes / 1024 ** (3 - 'gmk'.indexOf(unit))}${unit}`;
}

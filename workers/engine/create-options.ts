import type { ContainerCreateOptions } from 'dockerode';
import { PORT_FORMS, parseExposed, parsePublished } from '../../src/core/plan/cmd/ports.ts';
import { resolveNetwork, type StepNetwork } from '../../src/core/plan/networks.ts';
import { isHostPath } from '../../src/core/policy/host-mounts.ts';
import type { ContainerLimit, WorkerPolicy } from '../../src/core/policy/worker-policy.ts';
import { SHARED_VOLUME } from '../../src/core/run/run-context.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { CmdStep, PlannedMount, RunPlan } from '../../task-schemas/index.ts';
import { type AttemptId, attemptName, containerName, homeVolumeName, labelsOf, networkName } from './names.ts';
import { type Refusal, refuseRights } from './policy.ts';

/** Where the shared files of a run are in every container (task language, section 6.2). */
export const WORKSPACE = '/workspace';
/** HOME of every container: shared by the steps of a run, so a login in one step holds in the next. */
export const HOME = '/acb/home';

/** A container to make; its name goes into the address of the request, the rest into its body. */
export type StepContainer = ContainerCreateOptions & { readonly name: string };

/** The engine request for a step's container, or why this worker does not make it. */
export type ContainerDecision =
  | { readonly kind: 'create'; readonly options: StepContainer; readonly network: StepNetwork }
  | Refusal;

/** What a plan has besides steps, for their containers. */
export type Declared = Pick<RunPlan, 'networks' | 'volumes'>;

const NOTHING: Declared = { networks: [], volumes: [] };

type Ports = Pick<ContainerCreateOptions, 'ExposedPorts'> & { readonly PortBindings: PortBindings };
type PortBindings = Record<string, { HostIp: string; HostPort: string }[]>;

/**
 * Decides how a step's container is made; pure. The container sees the run's workspace and home volumes and nothing
 * else of the machine unless the policy names it. Secret volumes are added when they are there (`withMounts`).
 * @param declared what the plan has besides steps
 */
export function decideContainer(
  step: CmdStep,
  attempt: AttemptId,
  policy: WorkerPolicy,
  declared: Declared = NOTHING,
): ContainerDecision {
  const refused = refuseRights(step, declared.networks, policy) ?? refuseVolume(step, declared);
  if (refused !== undefined) return refused;
  const ports = decidePorts(step, policy);
  if ('kind' in ports) return ports;
  const network = resolveNetwork(step.network, declared.networks);
  return {
    kind: 'create',
    network,
    options: {
      name: containerName(attempt, step.id),
      Image: step.image,
      Labels: labelsOf(attempt, step.id),
      Env: [`HOME=${HOME}`, ...step.env],
      AttachStdout: true,
      AttachStderr: true,
      ExposedPorts: ports.ExposedPorts,
      ...processOf(step),
      HostConfig: {
        NetworkMode: modeOf(network, attempt),
        PortBindings: ports.PortBindings,
        Privileged: step.privileged,
        Mounts: [...volumesOf(attempt), ...step.volumeMounts.flatMap((mount) => plainMount(mount, attempt))],
        // A step that forks without end must not take the machine's processes away from the other runs.
        PidsLimit: policy.pidsLimit,
        // A shell that is process 1 ignores SIGTERM; behind an init it stops when asked to.
        Init: true,
        // The output is read by attaching; a copy on the engine's disk would only cost time.
        LogConfig: { Type: 'none', Config: {} },
        ...limitsOf(step, policy),
      },
      ...(network.kind === 'mode' ? {} : aliasIn(modeOf(network, attempt), step.id)),
    },
  };
}

/** What the engine calls the network of a step. */
function modeOf(network: StepNetwork, attempt: AttemptId): string {
  switch (network.kind) {
    case 'own':
      return attemptName(attempt);
    case 'declared':
      return networkName(attempt, network.network.name);
    case 'existing':
      return network.name;
    case 'mode':
      return network.mode;
    default:
      return unreachable(network);
  }
}

function aliasIn(network: string, alias: string): Pick<ContainerCreateOptions, 'NetworkingConfig'> {
  return { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [alias] } } } };
}

type Mounts = NonNullable<NonNullable<ContainerCreateOptions['HostConfig']>['Mounts']>;

/** The volumes of an attempt as mounts; the image's own content at those paths is never copied into them. */
export function volumesOf(attempt: AttemptId): Mounts {
  return [mountOf(attempt, attemptName(attempt), WORKSPACE), mountOf(attempt, homeVolumeName(attempt), HOME)];
}

/** The same container with further mounts. */
export function withMounts({ HostConfig, ...options }: StepContainer, mounts: Mounts): StepContainer {
  return { ...options, HostConfig: { ...HostConfig, Mounts: [...(HostConfig?.Mounts ?? []), ...mounts] } };
}

function mountOf(attempt: AttemptId, Source: string, Target: string) {
  return {
    Type: 'volume' as const,
    Source,
    Target,
    VolumeOptions: { NoCopy: true, Labels: labelsOf(attempt), DriverConfig: { Name: 'local', Options: {} } },
  };
}

/** The workspace at a further place, or what the policy names of the machine; secret volumes come later. */
function plainMount({ volume, path: Target, readOnly: ReadOnly }: PlannedMount, attempt: AttemptId): Mounts {
  if (volume === SHARED_VOLUME) return [{ ...mountOf(attempt, attemptName(attempt), Target), ReadOnly }];
  return isHostPath(volume) ? [{ Type: 'bind', Source: volume, Target, ReadOnly }] : [];
}

/** A plan with such a mount should not have come this far. */
function refuseVolume(step: CmdStep, { volumes }: Declared): Refusal | undefined {
  const known = (volume: string) => volume === SHARED_VOLUME || isHostPath(volume);
  const other = step.volumeMounts.find(({ volume }) => !known(volume) && !volumes.some(({ name }) => name === volume));
  if (other === undefined) return undefined;
  const message = `Step "${step.id}" mounts the volume "${other.volume}", which is not one of its run.`;
  return { kind: 'refused', message, hint: 'Leave it out: all steps share the folder /workspace.' };
}

function processOf(step: CmdStep): Omit<ContainerCreateOptions, 'name'> {
  return {
    ...(step.args.length === 0 ? {} : { Cmd: step.args }),
    ...(step.entrypoint === undefined ? {} : { Entrypoint: step.entrypoint }),
    ...(step.workingDirectory === undefined ? {} : { WorkingDir: step.workingDirectory }),
    ...(step.user === undefined ? {} : { User: step.user }),
  };
}

/** What a step does not ask for is as the policy says: its usual amount, or else all that may be asked for. */
function limitsOf(step: CmdStep, policy: WorkerPolicy): NonNullable<ContainerCreateOptions['HostConfig']> {
  const amount = (asked: number | undefined, { usual, maximum }: ContainerLimit) => asked ?? usual ?? maximum;
  const cpus = amount(step.cpus, policy.cpus);
  const memory = amount(step.memoryBytes, policy.memory);
  const shm = amount(step.shmSizeBytes, policy.shm);
  // The sum of both; unsaid, the engine adds as much swap as there is memory, which is twice what the policy gives.
  const limitsMemory = policy.memory.usual !== undefined || policy.memory.maximum !== undefined;
  return {
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
    ...(memory === undefined ? {} : { Memory: memory }),
    ...(memory === undefined || !limitsMemory ? {} : { MemorySwap: memory }),
    ...(shm === undefined ? {} : { ShmSize: shm }),
  };
}

function decidePorts(step: CmdStep, policy: WorkerPolicy): Ports | Refusal {
  const usualAddress = policy.publishOnAllAddresses ? '' : '127.0.0.1';
  const exposed: Record<string, object> = {};
  const bindings: PortBindings = {};
  for (const text of step.expose) {
    const ports = parseExposed(text);
    if (ports === undefined) return badPort(step, 'expose', text, PORT_FORMS.expose);
    for (const port of ports) exposed[port] = {};
  }
  for (const text of step.ports) {
    const ports = parsePublished(text);
    if (ports === undefined) return badPort(step, 'publish', text, PORT_FORMS.ports);
    for (const { containerPort, hostAddress, hostPort } of ports) {
      exposed[containerPort] = {};
      const binding = { HostIp: hostAddress ?? usualAddress, HostPort: hostPort };
      bindings[containerPort] = [...(bindings[containerPort] ?? []), binding];
    }
  }
  return { ExposedPorts: exposed, PortBindings: bindings };
}

function badPort(step: CmdStep, verb: string, text: string, forms: string): Refusal {
  return {
    kind: 'refused',
    message: `Step "${step.id}" is to ${verb} "${text}", which is not a port.`,
    hint: `Write it like ${forms}.`,
  };
}

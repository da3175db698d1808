import type { ContainerCreateOptions } from 'dockerode';
import { isOwnNetwork } from '../../src/core/plan/networks.ts';
import { PORT_FORMS, parseExposed, parsePublished } from '../../src/core/plan/ports.ts';
import { SHARED_VOLUME } from '../../src/core/run/run-context.ts';
import type { CmdStep } from '../../task-schemas/index.ts';
import { type AttemptId, attemptName, containerName, homeVolumeName, labelsOf } from './names.ts';
import { type EnginePolicy, type Refusal, refuseRights } from './policy.ts';

/** Where the shared files of a run are in every container (task language, section 6.2). */
export const WORKSPACE = '/workspace';
/** HOME of every container: shared by the steps of a run, so a login in one step holds in the next. */
export const HOME = '/acb/home';

/** A container to make; its name goes into the address of the request, the rest into its body. */
export type StepContainer = ContainerCreateOptions & { readonly name: string };

/** The engine request for a step's container, or why this worker does not make it. */
export type ContainerDecision =
  | { readonly kind: 'create'; readonly options: StepContainer; readonly usesRunNetwork: boolean }
  | Refusal;

type Ports = Pick<ContainerCreateOptions, 'ExposedPorts'> & { readonly PortBindings: PortBindings };
type PortBindings = Record<string, { HostIp: string; HostPort: string }[]>;

/**
 * Decides how a step's container is made; pure. The container sees the run's workspace and home volumes and nothing
 * else of the machine: no folder of it, and never the engine's socket.
 */
export function decideContainer(step: CmdStep, attempt: AttemptId, policy: EnginePolicy): ContainerDecision {
  const refused = refuseRights(step, policy);
  if (refused !== undefined) return refused;
  const ports = decidePorts(step, policy);
  if ('kind' in ports) return ports;
  const mounts = decideMounts(step, attempt);
  if ('kind' in mounts) return mounts;
  const usesRunNetwork = isOwnNetwork(step.network);
  const network = usesRunNetwork || step.network === undefined ? attemptName(attempt) : step.network;
  return {
    kind: 'create',
    usesRunNetwork,
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
        NetworkMode: network,
        PortBindings: ports.PortBindings,
        Privileged: step.privileged,
        Mounts: [...volumesOf(attempt), ...mounts],
        // A step that forks without end must not take the machine's processes away from the other runs.
        PidsLimit: policy.pidsLimit,
        // A shell that is process 1 ignores SIGTERM; behind an init it stops when asked to.
        Init: true,
        // The output is read by attaching; a copy on the engine's disk would only cost time.
        LogConfig: { Type: 'none', Config: {} },
        ...limitsOf(step),
      },
      ...(usesRunNetwork ? { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [step.id] } } } } : {}),
    },
  };
}

/** The volumes of an attempt as mounts; the image's own content at those paths is never copied into them. */
export function volumesOf(
  attempt: AttemptId,
): NonNullable<NonNullable<ContainerCreateOptions['HostConfig']>['Mounts']> {
  return [mountOf(attempt, attemptName(attempt), WORKSPACE), mountOf(attempt, homeVolumeName(attempt), HOME)];
}

function mountOf(attempt: AttemptId, Source: string, Target: string) {
  return {
    Type: 'volume' as const,
    Source,
    Target,
    VolumeOptions: { NoCopy: true, Labels: labelsOf(attempt), DriverConfig: { Name: 'local', Options: {} } },
  };
}

/** The workspace at further places. Other volumes are refused: a plan that has them should not have come this far. */
function decideMounts(
  step: CmdStep,
  attempt: AttemptId,
): readonly (ReturnType<typeof mountOf> & { ReadOnly: boolean })[] | Refusal {
  const other = step.volumeMounts.find(({ volume }) => volume !== SHARED_VOLUME);
  if (other !== undefined) {
    const message = `Step "${step.id}" mounts the volume "${other.volume}", which workers do not support yet.`;
    return { kind: 'refused', message, hint: 'Leave it out: all steps share the folder /workspace.' };
  }
  return step.volumeMounts.map(({ path, readOnly }) => ({
    ...mountOf(attempt, attemptName(attempt), path),
    ReadOnly: readOnly,
  }));
}

function processOf(step: CmdStep): Omit<ContainerCreateOptions, 'name'> {
  return {
    ...(step.args.length === 0 ? {} : { Cmd: step.args }),
    ...(step.entrypoint === undefined ? {} : { Entrypoint: step.entrypoint }),
    ...(step.workingDirectory === undefined ? {} : { WorkingDir: step.workingDirectory }),
    ...(step.user === undefined ? {} : { User: step.user }),
  };
}

function limitsOf(step: CmdStep): NonNullable<ContainerCreateOptions['HostConfig']> {
  return {
    ...(step.cpus === undefined ? {} : { NanoCpus: Math.round(step.cpus * 1e9) }),
    ...(step.memoryBytes === undefined ? {} : { Memory: step.memoryBytes }),
  };
}

function decidePorts(step: CmdStep, policy: EnginePolicy): Ports | Refusal {
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

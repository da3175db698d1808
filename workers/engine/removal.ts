import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '../../src/core/unreachable.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { type AttemptId, INSTALLATION_LABEL, ownerOf, RUN_LABEL } from './names.ts';

/** Something on the engine that carries our labels. */
export interface OwnedThing {
  readonly kind: 'container' | 'network' | 'volume';
  readonly id: string;
  readonly name: string;
  readonly owner: AttemptId;
}

/** Networks and volumes can only go when no container uses them. */
const ORDER = ['container', 'network', 'volume'] as const;
const TRY_AGAIN_MS = 100;

/** Everything on the engine with the labels of an installation, of one run or of all. */
export async function listOwned(
  connection: EngineConnection,
  installation: string,
  runId?: string,
): Promise<readonly OwnedThing[]> {
  const run = runId === undefined ? RUN_LABEL : `${RUN_LABEL}=${runId}`;
  const filters = { label: [`${INSTALLATION_LABEL}=${installation}`, run] };
  const { docker } = connection;
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.flatMap(({ Id, Names, Labels }) => owned('container', Id, Names[0]?.slice(1) ?? Id, Labels)),
    ...networks.flatMap(({ Id, Name, Labels }) => owned('network', Id, Name, Labels)),
    // An engine without volumes answers null.
    ...(volumes ?? []).flatMap(({ Name, Labels }) => owned('volume', Name, Name, Labels)),
  ];
}

/**
 * Removes things, containers first, each kind side by side. What resists is tried again until `signal` aborts. Answers
 * what is left, with the reason; never rejects.
 */
export async function removeOwned(
  connection: EngineConnection,
  things: readonly OwnedThing[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const kind of ORDER) {
    const ofKind = things.filter((thing) => thing.kind === kind);
    const problems = await Promise.all(ofKind.map((thing) => removePatiently(connection, thing, signal)));
    left.push(...problems.filter((problem) => problem !== undefined));
  }
  return left;
}

async function removePatiently(
  connection: EngineConnection,
  thing: OwnedThing,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (;;) {
    try {
      await remove(connection, thing);
      return undefined;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.status === 404) return undefined;
      // 409 and 403: still in use, or being removed already; both pass.
      const passes = refusal?.status === 409 || refusal?.status === 403;
      if (!passes || signal.aborted) return `${thing.kind} ${thing.name}: ${refusal?.message ?? String(error)}`;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

async function remove({ docker }: EngineConnection, { kind, id }: OwnedThing): Promise<void> {
  switch (kind) {
    case 'container':
      await docker.getContainer(id).remove({ force: true, v: true });
      return;
    case 'network':
      await docker.getNetwork(id).remove();
      return;
    case 'volume':
      await docker.getVolume(id).remove();
      return;
    default:
      unreachable(kind);
  }
}

function owned(
  kind: OwnedThing['kind'],
  id: string,
  name: string,
  labels: Readonly<Record<string, string>> | undefined | null,
): readonly OwnedThing[] {
  const owner = ownerOf(labels);
  return owner === undefined ? [] : [{ kind, id, name, owner }];
}

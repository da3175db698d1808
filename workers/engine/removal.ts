import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '../../src/core/unreachable.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { type AttemptId, INSTALLATION_LABEL, ownerOf, RUN_LABEL } from './names.ts';
import { raceAbort } from './race-abort.ts';

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

/**
 * Everything on the engine with the labels of an installation, of one run or (undefined) of all. Rejects with
 * `signal.reason` when aborted.
 */
export async function listOwned(
  connection: EngineConnection,
  installation: string,
  runId: string | undefined,
  signal: AbortSignal,
): Promise<readonly OwnedThing[]> {
  const run = runId === undefined ? RUN_LABEL : `${RUN_LABEL}=${runId}`;
  const filters = { label: [`${INSTALLATION_LABEL}=${installation}`, run] };
  const { docker } = connection;
  const asking = Promise.all([
    docker.listContainers({ all: true, filters, abortSignal: signal }),
    docker.listNetworks({ filters, abortSignal: signal }),
    docker.listVolumes({ filters, abortSignal: signal }),
  ]);
  const [containers, networks, { Volumes: volumes }] = await raceAbort(asking, signal);
  return [
    ...containers.flatMap(({ Id, Names, Labels }) => owned('container', Id, Names[0]?.slice(1) ?? Id, Labels)),
    ...networks.flatMap(({ Id, Name, Labels }) => owned('network', Id, Name, Labels)),
    // An engine without volumes answers null.
    ...(volumes ?? []).flatMap(({ Name, Labels }) => owned('volume', Name, Name, Labels)),
  ];
}

/**
 * Removes things, containers first, each kind side by side. What resists is tried again until `signal` aborts. Answers
 * what is left, with the reason, soon after `signal` aborts at the latest; never rejects.
 */
export async function removeOwned(
  connection: EngineConnection,
  things: readonly OwnedThing[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const kind of ORDER) {
    const ofKind = things.filter((thing) => thing.kind === kind);
    const problems = await Promise.all(ofKind.map((thing) => tryToRemove(connection, thing, signal)));
    left.push(...problems.filter((problem) => problem !== undefined));
  }
  return left;
}

async function tryToRemove(
  connection: EngineConnection,
  thing: OwnedThing,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await removeUntilGone(connection, thing, signal);
    return undefined;
  } catch (error) {
    const silence = signal.aborted ? 'the engine did not answer in time' : String(error);
    return `${thing.kind} ${thing.name}: ${refusalOf(error)?.message ?? silence}`;
  }
}

/**
 * Removes a thing, running or in use or not (a container with its anonymous volumes); one that is gone already is fine.
 * Resolves when the engine no longer has it. Rejects with what the engine has against it, or when `signal` aborts.
 */
export async function removeUntilGone(
  connection: EngineConnection,
  thing: Pick<OwnedThing, 'kind' | 'id'>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await remove(connection, thing, signal);
      return;
    } catch (error) {
      const status = refusalOf(error)?.status;
      if (status === 404) return;
      // 409 and 403: still in use, or being removed already; both pass.
      const passes = status === 409 || status === 403;
      if (!passes || signal.aborted) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

async function remove(
  { docker }: EngineConnection,
  { kind, id }: Pick<OwnedThing, 'kind' | 'id'>,
  abortSignal: AbortSignal,
): Promise<void> {
  switch (kind) {
    case 'container':
      await docker.getContainer(id).remove({ force: true, v: true, abortSignal });
      return;
    case 'network':
      await docker.getNetwork(id).remove({ abortSignal });
      return;
    case 'volume':
      await docker.getVolume(id).remove({ abortSignal });
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

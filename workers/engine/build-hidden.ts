import { tmpdir } from 'node:os';
import {
  type HiddenOrigin,
  parseBuildSecret,
  parseBuildSsh,
  variablesOf,
} from '../../src/core/plan/build/build-secret-options.ts';
import { mountedAt } from '../../src/core/plan/build/mounted-file.ts';
import { resolveWorkingDirectory, withinWorkspace } from '../../src/core/plan/cmd/working-directory.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import type { Refusal } from './policy.ts';
import type { Limited } from './read-limited.ts';
import type { SourceFiles } from './source-files.ts';
import { type SshAgent, startSshAgent } from './ssh-agent.ts';

/** What a build may use and not keep. `options` are those of the step that ask for it; `close` ends the agents. */
export interface Hidden {
  readonly kind: 'hidden';
  readonly secrets: ReadonlyMap<string, Buffer>;
  readonly agents: ReadonlyMap<string, SshAgent>;
  readonly options: readonly ('--secret' | '--ssh')[];
  close(): Promise<void>;
}

type Room = Pick<AttemptRoom, 'scratchDirectory' | 'secretVolumes'>;

/** More does not go through BuildKit. */
const MAX_SECRET_BYTES = 500 * 1024;

/**
 * Reads the secrets of a build and starts agents for its keys, or says what is wrong with them. Whoever gets them closes
 * them. Rejects with `signal.reason` when aborted.
 */
export async function openHidden(
  step: BuildStep,
  files: SourceFiles,
  room: Room,
  signal: AbortSignal,
): Promise<Hidden | Refusal> {
  const secrets = new Map<string, Buffer>();
  const agents = new Map<string, SshAgent>();
  const close = async () => {
    await Promise.all([...agents.values()].map((agent) => agent.close()));
  };
  try {
    const refused =
      (await readSecrets(step, files, room, secrets, signal)) ?? (await startAgents(step, files, room, agents, signal));
    if (refused === undefined) {
      const options = [
        ...(step.secrets.length > 0 ? ['--secret' as const] : []),
        ...(step.ssh.length > 0 ? ['--ssh' as const] : []),
      ];
      return { kind: 'hidden', secrets, agents, options, close };
    }
    await close();
    return refused;
  } catch (error) {
    await close();
    throw error;
  }
}

async function readSecrets(
  step: BuildStep,
  files: SourceFiles,
  room: Room,
  secrets: Map<string, Buffer>,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const variables = new Set(variablesOf(step.env).keys());
  for (const text of step.secrets) {
    const secret = parseBuildSecret(text, variables);
    if ('kind' in secret) return refusal(`${secret.reason}.`, secret.hint);
    const content = await read(secret.origin, `--secret ${secret.id}`, step, files, room, signal);
    if (!Buffer.isBuffer(content)) return content;
    secrets.set(secret.id, content);
  }
  return undefined;
}

async function startAgents(
  step: BuildStep,
  files: SourceFiles,
  room: Room,
  agents: Map<string, SshAgent>,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  for (const text of step.ssh) {
    const ssh = parseBuildSsh(text);
    if ('kind' in ssh) return refusal(`${ssh.reason}.`, ssh.hint);
    const keys: Buffer[] = [];
    for (const key of ssh.keys) {
      const content = await read(key, `--ssh ${ssh.id}`, step, files, room, signal);
      if (!Buffer.isBuffer(content)) return content;
      keys.push(content);
    }
    const place = { directory: room.scratchDirectory ?? tmpdir(), seconds: step.timeoutSeconds };
    const agent = await startSshAgent(keys, place, signal);
    if (agent.kind === 'refused') return agent;
    await agents.get(ssh.id)?.close();
    agents.set(ssh.id, agent);
  }
  return undefined;
}

async function read(
  origin: HiddenOrigin,
  option: string,
  step: BuildStep,
  files: SourceFiles,
  { secretVolumes }: Room,
  signal: AbortSignal,
): Promise<Buffer | Refusal> {
  if (origin.kind === 'variable') {
    const value = variablesOf(step.env).get(origin.name);
    if (value !== undefined) return limited(Buffer.from(value), option, step);
    return refusal(`Step "${step.id}" has no variable ${origin.name} for ${option}.`, `Add ${origin.name} to its env.`);
  }
  const directory = resolveWorkingDirectory(step.workingDirectory);
  const mounted = mountedAt(origin.path, directory, step.volumeMounts);
  if (mounted !== undefined) {
    const content = secretVolumes.find(mounted.volume, mounted.file);
    if (content !== undefined) return limited(Buffer.from(content), option, step);
    const message = `The volume "${mounted.volume}" has no file "${mounted.file}" for ${option} of step "${step.id}".`;
    return refusal(message, 'Name one of its files by its path below the mountPath of the volume.');
  }
  const inside = withinWorkspace(origin.path, directory);
  const content = inside === undefined ? undefined : await files.read(inside, MAX_SECRET_BYTES, signal);
  if (content !== undefined) return limited(content, option, step);
  const hint =
    'Name a file of the source, of a step before or of a mounted volume, relative to the working directory of the step.';
  return refusal(`There is no file "${origin.path}" in ${files.place} for ${option} of step "${step.id}".`, hint);
}

function limited(content: Limited, option: string, step: BuildStep): Buffer | Refusal {
  if (content !== 'too-large' && content.length <= MAX_SECRET_BYTES) return content;
  const message = `What is named by ${option} of step "${step.id}" has more than 500 KiB, but BuildKit takes no more.`;
  return refusal(message, 'Make it smaller, or fetch it inside of the RUN with a small secret such as a token.');
}

function refusal(message: string, hint: string): Refusal {
  return { kind: 'refused', message, hint };
}

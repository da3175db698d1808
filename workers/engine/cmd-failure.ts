import type { StepResult } from '../../src/ports/step-engine.ts';
import type { CmdStep } from '../../task-schemas/index.ts';
import type { Refused, RunningContainer } from './container-life.ts';
import { refusalOf } from './engine-error.ts';
import { UnusableImage } from './image-user.ts';

/** How a cmd step can fail. */
export type CmdFailure = Extract<StepResult, { kind: 'failed' }>;

/** What to say of a container that has exited with a code other than 0. */
export async function explainExit(step: CmdStep, exitCode: number, container: RunningContainer): Promise<CmdFailure> {
  const failure = { kind: 'failed', reason: 'exit-code', exitCode } as const;
  const message = `Step "${step.id}" exited with code ${exitCode}`;
  if (exitCode === 127) {
    return { ...failure, message: `${message}.`, hint: `127 says that a command was not found in ${step.image}.` };
  }
  if (exitCode !== 137 || !(await container.ranOutOfMemory())) return { ...failure, message: `${message}.` };
  return {
    ...failure,
    message: `${message}: it was killed because it ran out of memory.`,
    hint: 'Give it more with --memory before its image, as far as "memory" in the policy of the worker goes, or let it use less.',
  };
}

/**
 * What to say of a container that the engine refuses to start; the code is what a shell would answer for its program: 127
 * not found, 126 not executable.
 */
export function explainRefusal(step: CmdStep, refused: Refused): CmdFailure {
  const { message } = refused;
  if (/docker-init/.test(message)) {
    return {
      kind: 'failed',
      reason: 'refused-by-engine',
      message: `Step "${step.id}" could not start: ${message}`,
      hint: 'The engine has no docker-init: its operator has to install it (on Debian: the package tini).',
    };
  }
  const program = [...(step.entrypoint ?? []), ...step.args][0] ?? 'the command of the image';
  if (/executable file not found|no such file or directory: unknown/i.test(message)) {
    return {
      kind: 'failed',
      reason: 'exit-code',
      exitCode: 127,
      message: `Step "${step.id}" could not start: ${program} is not in the image ${step.image}.`,
      hint: 'Check the command, and that the image has it; shell words such as && need "sh -c".',
    };
  }
  if (/permission denied/i.test(message)) {
    return {
      kind: 'failed',
      reason: 'exit-code',
      exitCode: 126,
      message: `Step "${step.id}" could not start: ${program} may not be executed.`,
      hint: 'Make the file executable (chmod +x) or call its interpreter.',
    };
  }
  return {
    kind: 'failed',
    reason: 'refused-by-engine',
    message: `Step "${step.id}" could not start: ${message}`,
    hint: /port is already allocated|address already in use/i.test(message)
      ? 'Another container has this port: leave the host port out ("80" instead of "80:80") to get a free one.'
      : 'The message is the engine’s own: it names what to change in the step.',
  };
}

/**
 * What to say of a source that the engine does not take into the workspace, and of an image whose user is not found, which
 * are theirs to mend who made them; undefined for every other error. The engine does not unpack links that lead out of the
 * folder.
 */
export function explainRefusedSource(error: unknown): CmdFailure | undefined {
  if (error instanceof UnusableImage) {
    const hint = 'Name the user by its number in "user" of the step, or mend /etc/passwd of the image.';
    return { kind: 'failed', reason: 'refused-by-engine', message: error.message, hint };
  }
  const link = /invalid symlink "\/workspace\/(.+?)" -> "(.+?)"/.exec(refusalOf(error)?.message ?? '');
  if (link === null) return undefined;
  return {
    kind: 'failed',
    reason: 'refused-by-engine',
    message: `The source cannot be put into the workspace: its link "${link[1]}" leads out of it, to "${link[2]}".`,
    hint: 'Let the link stay inside the folder, or leave it out with .dockerignore.',
  };
}

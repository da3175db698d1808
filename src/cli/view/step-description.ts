import type { PlannedStep } from '../../../task-schemas/index.ts';
import { unreachable } from '../../core/unreachable.ts';
import { formatDuration } from './quantity.ts';

/** What a step will do, line by line: the command or build first, then images and what differs from the usual. */
export function describeStep(step: PlannedStep): string[] {
  return [...deedOf(step), ...policyOf(step)];
}

function deedOf(step: PlannedStep): string[] {
  switch (step.kind) {
    case 'build': {
      const words = ['build', step.context, '-f', step.dockerfile, ...(step.target ? ['--target', step.target] : [])];
      const args = step.buildArgs.map((arg) => `--build-arg ${quote(arg)}`);
      return [[...words.map(quote), ...args].join(' '), ...step.images.map((image) => `→ ${image}`)];
    }
    case 'cmd':
      return [
        [step.image, ...step.args].map(quote).join(' '),
        ...(step.entrypoint === undefined ? [] : [`entrypoint: ${step.entrypoint.map(quote).join(' ')}`]),
        ...(step.env.length === 0 ? [] : [`env: ${step.env.map(quote).join(' ')}`]),
        ...(step.ports.length === 0 ? [] : [`ports: ${step.ports.join(', ')}`]),
        ...(step.detach ? ['runs in the background'] : []),
      ];
    case 'push':
      return step.images.map((image) => `→ ${image}`);
    default:
      return unreachable(step);
  }
}

function policyOf(step: PlannedStep): string[] {
  const facts = [
    `timeout ${formatDuration(step.timeoutSeconds * 1000)}`,
    ...(step.startDelaySeconds > 0 ? [`starts after ${step.startDelaySeconds}s`] : []),
    ...(step.retries > 0 ? [`${step.retries} retries, ${step.retryDelaySeconds}s apart`] : []),
    ...(step.repeat > 0 ? [`repeated ${step.repeat} times`] : []),
    ...(step.ignoreErrors ? ['errors are ignored'] : []),
  ];
  return [`(${facts.join(', ')})`];
}

/** A word as a shell would need it, so that it can be read unambiguously. */
function quote(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

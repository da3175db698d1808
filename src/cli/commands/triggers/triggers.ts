import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { addExplainCommand } from './explain.ts';
import { addLogCommand } from './log.ts';

/** Adds `slipway triggers`: what made tasks run, and what did not. */
export function addTriggersCommand(program: Command, cli: Cli): void {
  const group = program.command('triggers').description('why tasks ran by themselves, and why not');
  for (const add of [addLogCommand, addExplainCommand]) add(group, cli);
}

import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { locateContext } from '../source/context.ts';
import { readTask, type TaskOptions } from '../task/task-request.ts';
import { renderPlan } from '../view/plan-tree.ts';
import { platform } from './option-values.ts';
import { registryOf } from './registry-option.ts';
import { addTaskOptions } from './task-options.ts';

interface PlanOptions extends TaskOptions {
  readonly registry?: string;
  readonly json?: true;
}

/** Adds `slipway plan`. */
export function addPlanCommand(program: Command, cli: Cli): void {
  addTaskOptions(program.command('plan'))
    .description('show what a task file would do; runs nothing and needs no server')
    .argument('[context]', 'where -f and --values are looked for besides this folder', '.')
    .option('--platform <platform>', 'os/architecture behind {{.Run.OS}} and {{.Run.Architecture}}', platform)
    .option('--registry <host>', 'behind {{.Run.Registry}} (default: SLIPWAY_REGISTRY, then localhost:5000)')
    .option('--json', 'print the plan as JSON')
    .addHelpText(
      'after',
      '\nThe id of the run is shown as r0000000.\n\nExample:\n  slipway plan -f task.yaml --set tag=v1',
    )
    .action(async (context: string, options: PlanOptions) => cli.finish(await plan(context, options, cli)));
}

async function plan(given: string, options: PlanOptions, { screen, terminal }: Cli): Promise<ExitCode> {
  const context = await locateContext(given, terminal.cwd);
  const registry = registryOf(options.registry, terminal.env);
  const task = context.ok ? await readTask(options, context.value, registry, false, terminal) : context;
  await screen.report(task.ok ? task.warnings : task.diagnostics);
  if (!task.ok) return EXIT.usage;
  if (options.json === true) await printJson(task.value.plan, screen);
  else await screen.out(renderPlan(task.value.plan, screen.outStyle));
  return EXIT.succeeded;
}

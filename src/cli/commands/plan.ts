import type { Command } from 'commander';
import type { RunPlan } from '../../../task-schemas/index.ts';
import type { DockerfileScan } from '../../core/dockerfile/scan-dockerfile.ts';
import type { CompileOptions } from '../../core/plan/compile-request.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { maskDiagnostics } from '../../core/secret/mask-diagnostics.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import type { Screen } from '../screen.ts';
import { type LocalContext, locateHere } from '../source/context.ts';
import { scanBaseImages } from '../task/base-images.ts';
import { readPolicyFile } from '../task/policy-file.ts';
import { type GivenRun, readRunJson } from '../task/run-json.ts';
import { readSecretValues } from '../task/secret-values.ts';
import { type CheckedTask, foldersOf, readTask, type TaskOptions, type TaskPurpose } from '../task/task-request.ts';
import type { Terminal } from '../terminal.ts';
import { renderPlanSummary } from '../view/plan-summary.ts';
import { renderPlan } from '../view/plan-tree.ts';
import { collect, networkName, nonEmpty, platform, registryHost, variableMistakes } from './option-values.ts';
import { registryOf } from './registry-option.ts';
import { addTaskOptions } from './task-options.ts';

interface PlanOptions extends TaskOptions {
  readonly registry?: string;
  readonly runJson?: string;
  readonly secretValues?: string;
  readonly env?: readonly string[];
  readonly network?: string;
  readonly workingDirectory?: string;
  readonly policy?: string;
  readonly json?: true;
}

/** Adds `slipway plan`. */
export function addPlanCommand(program: Command, cli: Cli): void {
  addTaskOptions(program.command('plan'))
    .description('show what a task file would do; runs nothing and needs no server')
    .argument('[context]', 'where -f and --values are looked for besides this folder, and Dockerfiles (default: ".")')
    .option('--platform <platform>', 'os/architecture behind {{.Run.OS}} and {{.Run.Architecture}}', platform)
    .option(
      '--registry <host>',
      'behind {{.Run.Registry}} (default: SLIPWAY_REGISTRY, then localhost:5000)',
      registryHost,
    )
    .option('--run-json <path>', 'JSON file with fields of {{.Run}}: {"id": "r1", "commit": "abc", …}')
    .option('--secret-values <path>', 'YAML file with values of secrets by their URL (default: their names)')
    .option('-e, --env <KEY=VALUE>', 'variable of steps that do not set it; may be given several times', collect)
    .option('--network <name>', 'existing network of steps that name none', networkName)
    .option('--working-directory <path>', 'working directory of steps when the task sets none', nonEmpty)
    .option('--policy <path>', 'policy of the worker: what it refuses is an error (default: warnings)')
    .option('--json', 'print the whole plan as JSON, or {"diagnostics": […]} when there is none')
    .addHelpText('after', HELP)
    .action(async (context: string | undefined, options: PlanOptions) => cli.finish(await plan(context, options, cli)));
}

const HELP = `
The id of the run is shown as r0000000, and a secret as its name, unless they are given. What the workers of this
version do not support draws a warning here and an error when it is to be run; so does what needs the policy of a
worker, unless --policy gives it.

Examples:
  slipway plan -f task.yaml --set tag=v1
  slipway plan -f task.yaml --strict --json | jq .steps`;

async function plan(given: string | undefined, options: PlanOptions, { screen, terminal }: Cli): Promise<ExitCode> {
  const context = await locateHere(given ?? '.', terminal.cwd);
  const task = context.ok ? await readShownTask(options, context.value, terminal) : context;
  await screen.report(task.ok ? task.warnings : task.diagnostics);
  if (!context.ok || !task.ok) {
    // A program that asked for JSON should not have to read sentences to learn what is wrong.
    if (options.json === true) await printJson({ diagnostics: task.ok ? [] : task.diagnostics }, screen);
    return EXIT.usage;
  }
  if (options.json === true) await printJson(task.value.plan, screen);
  else {
    const { scans, warnings } = await scanBaseImages(
      task.value.plan,
      context.value,
      options.platform ?? 'linux/amd64',
      given !== undefined,
    );
    await screen.report(maskDiagnostics(warnings, task.value.secrets));
    await show(task.value.plan, scans, screen);
  }
  return EXIT.succeeded;
}

async function show(plan: RunPlan, scans: ReadonlyMap<string, DockerfileScan>, screen: Screen): Promise<void> {
  const style = screen.outStyle;
  await screen.out(renderPlan(plan, style) + renderPlanSummary(plan, scans, style));
}

interface ShownTask extends CheckedTask {
  /** Values that stand in the plan: no message may show them. */
  readonly secrets: readonly string[];
}

async function readShownTask(
  options: PlanOptions,
  context: LocalContext,
  terminal: Terminal,
): Promise<Result<ShownTask>> {
  const purpose = await purposeOf(options, context, terminal);
  if (!purpose.ok) return purpose;
  const task = await readTask(options, context, purpose.value, terminal);
  const given = purpose.value.options?.secrets;
  const secrets = given?.kind === 'resolved' ? [...given.values.values()] : [];
  return task.ok ? success({ ...task.value, secrets }, task.warnings) : task;
}

/** What the options say about the run that the plan is for. */
async function purposeOf(
  options: PlanOptions,
  context: LocalContext,
  terminal: Terminal,
): Promise<Result<TaskPurpose>> {
  const variables = variableMistakes(options.env ?? []);
  if (variables.length > 0) return failure(variables);
  const folders = foldersOf(context, terminal);
  const run: Result<GivenRun> =
    options.runJson === undefined ? success({}) : await readRunJson(options.runJson, folders);
  if (!run.ok) return run;
  const secrets =
    options.secretValues === undefined ? undefined : await readSecretValues(options.secretValues, folders);
  if (secrets !== undefined && !secrets.ok) return secrets;
  const policy = await readPolicyFile(options.policy, terminal.cwd);
  if (!policy.ok) return policy;
  const { env, network, workingDirectory } = options;
  const defaults = {
    ...(env === undefined ? {} : { env }),
    ...(network === undefined ? {} : { network }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
  };
  const compile: CompileOptions = {
    defaults,
    unsupported: 'warning',
    ...(secrets === undefined ? {} : { secrets: secrets.value }),
    ...(policy.value === undefined ? {} : { policy: policy.value }),
  };
  const registry = registryOf(options.registry, terminal.env);
  return success({ registry, isSent: false, run: run.value, options: compile });
}

/**
 * `npm run bench -- NAME [--json]`: starts a real Slipway (Redis, registry, engine, API and worker, each in a process of
 * its own), measures ours and the baseline in turns, prints how they compare, and stops everything again.
 */
import { aborted, stopSignal } from '../src/stop-signal.ts';
import { type Call, LEAST_PAIRS, readArguments } from './arguments.ts';
import type { Bench } from './bench.ts';
import { buildBench } from './build.ts';
import { logBench } from './log.ts';
import { measure } from './measure.ts';
import { asJson, asText, isOver } from './report.ts';
import { startBench } from './start.ts';
import { stepsBench } from './steps.ts';
import { startWorld } from './world/world.ts';

const benches: readonly Bench[] = [stepsBench, logBench, buildBench, startBench];

/** A mistake in the call. */
const USAGE = 2;

function help(): string {
  const width = Math.max(...benches.map(({ name }) => name.length)) + 2;
  return `Usage: npm run bench -- NAME… [--json] [--pairs N]

${benches.map(({ name, about }) => `  ${name.padEnd(width)}${about}`).join('\n')}
  ${'all'.padEnd(width)}all of them

Each is measured against plain docker, both in turns: one pair to warm up, then N (default and least: ${LEAST_PAIRS}).
--json prints one line per figure: {"name","unit","ours","baseline","ratio","runs"}; times are medians.
Some figures have a limit of their ratio. Exit codes: 0 within all limits, 1 over one (or a fault), 2 a wrong call.
What is not given with REDIS_URL, DOCKER_HOST or SLIPWAY_REGISTRY is started, and stopped again.
`;
}

/** Answers the names of the figures that are over their limit. */
async function run(
  { names, json, pairs }: Extract<Call, { kind: 'run' }>,
  stopped: AbortSignal,
): Promise<readonly string[]> {
  const over: string[] = [];
  const world = await startWorld(process.env, say, stopped);
  const around = {
    settled: world.settled,
    onPair: (ours: number, baseline: number) => say(pairLine(ours, baseline)),
  };
  try {
    for (const bench of benches.filter(({ name }) => names.includes(name))) {
      for (const figure of await bench.open(world)) {
        say(`Measuring ${figure.name}: ${figure.about} …`);
        const measured = await measure(figure, pairs, around, stopped);
        process.stdout.write(`${json ? asJson(measured) : asText(measured)}\n`);
        if (isOver(measured)) over.push(measured.name);
      }
    }
  } finally {
    await world.close();
  }
  return over;
}

function pairLine(ours: number, baseline: number): string {
  return `  ours ${ours.toFixed(2)} s, baseline ${baseline.toFixed(2)} s, ratio ${(ours / baseline).toFixed(2)}`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<number> {
  const call = readArguments(
    process.argv.slice(2),
    benches.map(({ name }) => name),
  );
  switch (call.kind) {
    case 'help':
      process.stdout.write(help());
      return 0;
    case 'mistake':
      say(`${call.message}\n\n${help()}`);
      return USAGE;
    case 'run': {
      const stopped = stopSignal();
      void aborted(stopped).then(() => say('Stopping what was started …'));
      const over = await run(call, stopped);
      if (over.length > 0) say(`Over the limit: ${over.join(', ')}.`);
      return over.length > 0 ? 1 : 0;
    }
  }
}

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return 1;
});

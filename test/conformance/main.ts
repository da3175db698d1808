// `npm run conformance -- DIR [--deviations]`: holds the product against recorded cases of the reference engine.
import { existsSync } from 'node:fs';
import { readCases } from './case.ts';
import { readDeviations } from './deviations.ts';
import { judge, renderVerdicts } from './judge.ts';

const USAGE = 2;
const OWN = new URL('./cases', import.meta.url).pathname;

function main(args: readonly string[]): number {
  const [folder = OWN, ...more] = args.filter((arg) => arg !== '--deviations');
  if (more.length > 0 || folder.startsWith('-') || !existsSync(folder)) {
    console.error(
      `${existsSync(folder) ? 'Too many arguments' : `There is no folder ${folder}`}. The call is: npm run conformance -- DIR [--deviations]`,
    );
    return USAGE;
  }
  const deviations = readDeviations();
  const verdicts = readCases(folder).map((recorded) => judge(recorded, deviations));
  if (args.includes('--deviations')) {
    for (const verdict of verdicts) {
      if (verdict.kind === 'deviation' || verdict.kind === 'quirk')
        console.log(`${verdict.name}: ${verdict.kind} by the rule ${verdict.rule}`);
    }
  }
  console.log(renderVerdicts(verdicts));
  return verdicts.length > 0 && verdicts.every(({ kind }) => kind !== 'failed') ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));

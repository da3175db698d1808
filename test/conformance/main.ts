// `npm run conformance -- DIR [--deviations]`: holds the product against recorded cases of the reference engine.
import { statSync } from 'node:fs';
import { readCases } from './case.ts';
import { readDeviations } from './deviations.ts';
import { judgeFile, renderVerdicts } from './judge.ts';

const USAGE = 2;
const OWN = new URL('./cases', import.meta.url).pathname;
const CALL = 'The call is: npm run conformance -- DIR [--deviations]';

function main(args: readonly string[]): number {
  const [folder = OWN, ...more] = args.filter((arg) => arg !== '--deviations');
  const mistake = mistakeIn(folder, more);
  if (mistake !== undefined) {
    console.error(`${mistake} ${CALL}`);
    return USAGE;
  }
  const deviations = readDeviations();
  const verdicts = readCases(folder).map((read) => judgeFile(read, deviations));
  if (verdicts.length === 0) console.error(`There is no case (*.json) in ${folder}.`);
  if (args.includes('--deviations')) {
    for (const verdict of verdicts) {
      if (verdict.kind === 'deviation' || verdict.kind === 'quirk')
        console.log(`${verdict.name}: ${verdict.kind} by the rule ${verdict.rule}`);
    }
  }
  console.log(renderVerdicts(verdicts));
  return verdicts.length > 0 && verdicts.every(({ kind }) => kind !== 'failed') ? 0 : 1;
}

function mistakeIn(folder: string, more: readonly string[]): string | undefined {
  const [extra] = more;
  if (extra !== undefined) return `"${extra}" is too much.`;
  if (folder.startsWith('-')) return `"${folder}" is not an option.`;
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return `There is no folder ${folder}.`;
  return found.isDirectory() ? undefined : `${folder} is not a folder.`;
}

process.exitCode = main(process.argv.slice(2));

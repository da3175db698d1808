/** The command line of the benches; pure. */

/** What is to be done. */
export type Call =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'run'; readonly names: readonly string[]; readonly json: boolean; readonly pairs: number };

/** Fewer pairs say nothing on a machine that others use, too. */
export const LEAST_PAIRS = 7;

/** Reads the words after `npm run bench --`; `known` are the names of the benches, `all` stands for every one. */
export function readArguments(words: readonly string[], known: readonly string[]): Call {
  if (words.includes('--help') || words.includes('-h')) return { kind: 'help' };
  const names: string[] = [];
  let pairs = LEAST_PAIRS;
  for (const [index, word] of words.entries()) {
    if (word === '--json' || words[index - 1] === '--pairs') continue;
    if (word === '--pairs') {
      const given = words[index + 1] ?? '';
      pairs = Number(given);
      if (!/^\d+$/.test(given) || pairs < LEAST_PAIRS || pairs > 1_000) {
        return mistake(`--pairs takes a number from ${LEAST_PAIRS} to 1000, not "${given}".`);
      }
    } else if (word.startsWith('-')) return mistake(`There is no option ${word}.`);
    else if (word === 'all') names.push(...known);
    else if (known.includes(word)) names.push(word);
    else return mistake(`There is no bench "${word}". There are: ${known.join(', ')}; or all.`);
  }
  if (names.length === 0) return mistake(`Name a bench: ${known.join(', ')}; or all.`);
  return { kind: 'run', names: [...new Set(names)], json: words.includes('--json'), pairs };
}

function mistake(message: string): Call {
  return { kind: 'mistake', message };
}

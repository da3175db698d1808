/** Damage to texts that were right. */
import fc from 'fast-check';

/** Every change is made at a share of the text (0 to 1), so that it fits a text of any length. */
type Change = (text: string) => string;

const share = fc.double({ min: 0, max: 1, noNaN: true });

function at(text: string, where: number): number {
  return Math.min(Math.floor(where * (text.length + 1)), text.length);
}

function onLines(change: (lines: string[], row: number, other: number) => void): fc.Arbitrary<Change> {
  return fc.tuple(share, share).map(([where, elsewhere]) => (text: string) => {
    const lines = text.split('\n');
    const row = (from: number): number => Math.min(Math.floor(from * lines.length), lines.length - 1);
    change(lines, row(where), row(elsewhere));
    return lines.join('\n');
  });
}

function change(pieces: fc.Arbitrary<string>): fc.Arbitrary<Change> {
  const characters = fc.tuple(share, fc.nat(6), fc.oneof(pieces, fc.constant('')));
  return fc.oneof(
    { weight: 4, arbitrary: characters.map(([where, cut, put]) => cutAndPut(where, cut, put)) },
    onLines((lines, row) => lines.splice(row, 1)),
    onLines((lines, row, to) => lines.splice(to, 0, lines[row] ?? '')),
    onLines((lines, row, to) => lines.splice(row, 1, ...lines.splice(to, 1, lines[row] ?? ''))),
    onLines((lines, row) => lines.splice(row, 1, ` ${lines[row]}`)),
    onLines((lines, row) => lines.splice(row, 1, (lines[row] ?? '').replace(/^ +/, '\t'))),
    onLines((lines, row) => lines.splice(row, 1, (lines[row] ?? '').replace(/^ {1,2}/, ''))),
    onLines((lines, row) => lines.splice(row, 1, `${lines[row]}\r`)),
    fc.tuple(share, share).map(
      ([from, to]) =>
        (text: string) =>
          text.slice(0, at(text, from)) + text.slice(at(text, to)),
    ),
  );
}

function cutAndPut(where: number, cut: number, put: string): Change {
  return (text) => text.slice(0, at(text, where)) + put + text.slice(at(text, where) + cut);
}

/** Texts with up to five changes: lines and characters lost, doubled, moved, indented, or `pieces` put in. */
export function mutated(texts: fc.Arbitrary<string>, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(texts, fc.array(change(pieces), { minLength: 1, maxLength: 5 }))
    .map(([text, changes]) => changes.reduce((sofar, apply) => apply(sofar), text));
}

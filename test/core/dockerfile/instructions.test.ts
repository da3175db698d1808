import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionValues, readInstructions } from '../../../src/core/dockerfile/instructions.ts';

/** The bases of the FROMs: whether text is an instruction shows in them. */
function bases(text: string): readonly (string | undefined)[] {
  const { instructions } = readInstructions(text);
  return instructions.filter(({ keyword }) => keyword === 'FROM').map(({ words }) => words[0]?.text);
}

const cases = [
  { name: 'keywords in any case', text: 'from a\nFrom b', is: ['a', 'b'] },
  { name: 'Windows line ends', text: 'FROM a\r\nRUN <<E\r\nFROM x\r\nE\r\nFROM b\r\n', is: ['a', 'b'] },
  { name: 'comments', text: '# FROM x\n  # FROM x\nFROM a', is: ['a'] },
  { name: 'only a comment', text: '# FROM x', is: [] },
  { name: 'a line that goes on', text: 'FROM \\\n  a', is: ['a'] },
  { name: 'a word that goes on', text: 'FROM al\\\npine', is: ['alpine'] },
  { name: 'blanks after the escape', text: 'RUN x \\  \n FROM x\nFROM a', is: ['a'] },
  { name: 'comments and empty lines in between', text: 'FROM \\\n# x\n\n  # y\n a', is: ['a'] },
  { name: 'a comment that ends like a line that goes on', text: '# x \\\nFROM a', is: ['a'] },
  { name: 'two escape characters at a line end', text: 'RUN dir c:\\\\\nFROM a', is: ['a'] },
  { name: 'an escape character at the end', text: 'FROM a\nRUN x \\', is: ['a'] },
  { name: 'a back-tick by directive', text: '# escape=`\nFROM `\n a\nRUN dir c:\\\nFROM b', is: ['a', 'b'] },
  { name: 'a directive after a comment', text: '# x\n# escape=`\nRUN c:\\\nFROM x\nFROM a', is: ['a'] },
  { name: 'a directive after an unknown one', text: '# x=y\n# escape=`\nRUN c:\\\nFROM x\nFROM a', is: ['a'] },
  { name: 'a directive after an empty line', text: '\n# escape=`\nRUN c:\\\nFROM x\nFROM a', is: ['a'] },
  { name: 'a heredoc', text: 'FROM a\nRUN <<EOF\nFROM x\nEOF\nFROM b', is: ['a', 'b'] },
  { name: 'a heredoc that is indented', text: 'RUN <<-EOF\n\tFROM x\n\tEOF\nFROM a', is: ['a'] },
  { name: 'a heredoc whose end is indented', text: 'RUN <<EOF\nFROM x\n EOF\nEOF\nFROM a', is: ['a'] },
  { name: 'a heredoc with a quoted end', text: `RUN <<'A' cat <<"B"\nFROM x\nA\nFROM x\nB\nFROM a`, is: ['a'] },
  { name: 'a heredoc for a descriptor', text: 'RUN 3<<EOF cat\nFROM x\nEOF\nFROM a', is: ['a'] },
  { name: 'a heredoc after a line that goes on', text: 'RUN a \\\n <<EOF\nFROM x\nEOF\nFROM a', is: ['a'] },
  {
    name: 'a heredoc of ADD, COPY and ONBUILD',
    text: 'COPY <<A /\nFROM x\nA\nADD <<A /\nFROM x\nA\nONBUILD RUN <<A\nFROM x\nA\nFROM a',
    is: ['a'],
  },
  { name: 'a heredoc without an end', text: 'FROM a\nRUN <<EOF\nFROM x\n', is: ['a'] },
  { name: 'no heredoc in quotes', text: 'RUN sh -c "cat <<EOF > /x"\nFROM a', is: ['a'] },
  { name: 'no heredoc in quotes that go on', text: "RUN sh -c 'a && \\\n cat <<EOF > /x'\nFROM a", is: ['a'] },
  { name: 'no heredoc in a JSON form', text: 'RUN ["sh", "-c", "cat <<EOF"]\nFROM a', is: ['a'] },
  { name: 'a heredoc after an escaped quote', text: `RUN echo \\" <<EOF\nFROM x\nEOF\nFROM a`, is: ['a'] },
  { name: 'no heredoc in CMD', text: 'CMD <<EOF\nFROM a', is: ['a'] },
  { name: 'a here-string', text: 'RUN cat <<< EOF\nFROM a', is: ['a'] },
] as const;

for (const { name, text, is } of cases) {
  test(name, () => assert.deepEqual(bases(text), is));
}

const syntaxes = [
  { text: '# syntax=docker/dockerfile:1\nFROM a', is: 'docker/dockerfile:1' },
  { text: '#Syntax = a/b \r\nFROM a', is: 'a/b' },
  { text: '# check=skip=all\n# escape=`\n# syntax=a\nFROM a', is: 'a' },
  { text: '# syntax=a\n# syntax=b\nFROM a', is: 'a' },
  { text: '# x\n# syntax=a\nFROM a', is: undefined },
  { text: 'FROM a\n# syntax=a', is: undefined },
] as const;

for (const { text, is } of syntaxes) {
  test(`the syntax of ${JSON.stringify(text)}`, () => {
    const { syntax } = readInstructions(text);
    assert.equal(syntax?.text, is);
    if (syntax !== undefined) assert.equal(text.slice(syntax.span.start, syntax.span.end), is);
  });
}

test('words and options know their places', () => {
  const text = '# é\nFROM x\nCOPY --chown=1:1 \\\n  --from=base \\\n  "a b" /c\n';
  const copy = readInstructions(text).instructions[1];
  assert.ok(copy);
  const shown = ({ span }: { span: { start: number; end: number } }) => text.slice(span.start, span.end);
  assert.deepEqual(copy.options.map(shown), ['--chown=1:1', '--from=base']);
  assert.deepEqual(copy.words.map(shown), ['"a b"', '/c']);
  assert.deepEqual(
    optionValues(copy, 'from').map((word) => word.text),
    ['base'],
  );
});

test('a hostile text does not take long', () => {
  const start = process.cpuUsage().user;
  for (const text of [
    '#'.repeat(60_000),
    `RUN ${'<<A '.repeat(15_000)}`,
    'A\\\n'.repeat(20_000),
    `FROM ${'${'.repeat(9_000)}`,
  ]) {
    readInstructions(text);
  }
  assert.ok(process.cpuUsage().user - start < 5_000_000);
});

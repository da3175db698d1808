/** The environment cannot be used; the message lists every problem. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
}

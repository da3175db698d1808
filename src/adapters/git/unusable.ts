/** A repository cannot be fetched for a reason that the user can mend. Never leaves the adapter: it answers with it. */
export class UnusableRepository extends Error {
  override readonly name = 'UnusableRepository';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

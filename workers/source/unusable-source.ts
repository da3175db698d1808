/** A source cannot be used: a mistake of whoever asked for it or made it, not a fault of the worker. */
export class UnusableSource extends Error {
  override readonly name = 'UnusableSource';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

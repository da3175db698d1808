/** Thrown when a sealed text cannot be opened; the message says why and what to do. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** Encrypts what must not be stored in the clear. Pure computation: nothing is read or sent. */
export interface SecretBox {
  /** The text, encrypted so that nobody without the key can read or change it. */
  seal(text: string): string;
  /** What was sealed. Throws `SealBroken` when it was sealed with a key that is not here, or was changed. */
  open(sealed: string): string;
}

/** A secret that a task names. `address` is its `keyvault`; `clientId` the identity that may read it, where that counts. */
export interface WantedSecret {
  readonly address: string;
  readonly clientId?: string;
}

/** The value of a secret, or why there is none. */
export type SecretReading = { readonly kind: 'value'; readonly value: string } | UnavailableSecret;

/** `reason` goes on after "… cannot be read from …: " and names the store; `hint` says what to do. */
export interface UnavailableSecret {
  readonly kind: 'unavailable';
  readonly reason: string;
  readonly hint: string;
}

/**
 * The values of secrets, wherever they lie. `read` may be called for many at once, and asks anew each time: a value that
 * was changed is the new one from the next call on. It rejects with `signal.reason` when aborted and never otherwise; it
 * waits for its store until then, so the caller sets a limit. Neither reasons nor hints have a part of a value, or of
 * what the installation signs in with.
 */
export interface SecretSource {
  read(wanted: WantedSecret, signal: AbortSignal): Promise<SecretReading>;
}

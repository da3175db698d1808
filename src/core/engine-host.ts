/** Which addresses of a Docker Engine cannot be used, and what to do instead. */

/** Why an engine cannot be spoken to (the begin of a sentence, without a full stop), and what to do instead. */
export interface EngineProblem {
  readonly reason: string;
  readonly cure: string;
}

const FORWARD =
  'forward its socket with `ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST` and set DOCKER_HOST=unix:///tmp/docker.sock';

/**
 * What speaks against the engine at `host`, as DOCKER_HOST has it; undefined when nothing does. `tlsVerify` is what
 * DOCKER_TLS_VERIFY says: as for Docker's own client any text but the empty one asks for TLS, and a socket of this
 * machine has none.
 */
export function engineProblem(host: string | undefined, tlsVerify: string | undefined): EngineProblem | undefined {
  if (host?.startsWith('unix://')) return undefined;
  if (host?.startsWith('ssh://'))
    return { reason: `DOCKER_HOST is "${host}", but workers and exec do not speak SSH to an engine`, cure: FORWARD };
  if (host !== undefined && (host.startsWith('https://') || /:2376\/?$/.test(host)))
    return {
      reason: `DOCKER_HOST is "${host}", an address with TLS, which workers and exec do not speak to an engine`,
      cure: FORWARD,
    };
  if (!tlsVerify) return undefined;
  return {
    reason: 'DOCKER_TLS_VERIFY is set, but workers and exec do not speak TLS to an engine',
    cure: `unset it and, for an engine on another machine, ${FORWARD}`,
  };
}

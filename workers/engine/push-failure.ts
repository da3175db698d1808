import { CREDENTIALS_FILE } from './credentials.ts';

/** What a failed push means: whether to try again, and what the person can do. */
export interface PushFailure {
  /** True when the network or the registry broke down for the moment, so that another try may succeed. */
  readonly transient: boolean;
  readonly hint: string;
}

/** Explains the engine's or registry's words about a failed push to a registry host; pure. */
export function explainPush(problem: string, host: string, hasCredential: boolean): PushFailure {
  const final = (hint: string): PushFailure => ({ transient: false, hint });
  if (/does not exist locally|no such image|tag does not exist|image .*does not exist/i.test(problem)) {
    return final('Build the image under exactly this name in a step before; "when" puts the push after it.');
  }
  if (/was removed from the engine/.test(problem)) {
    return final('Run it again, and let nobody remove images of the engine while runs go on.');
  }
  if (/another run has given the name/.test(problem)) {
    return {
      transient: true,
      hint: 'Give the images of runs that go on side by side names of their own: {{.Run.ID}}.',
    };
  }
  if (/digest reference/i.test(problem)) return final('Push by tag: a digest names an image that is already there.');
  if (/denied|unauthorized|authentication required|no basic auth|forbidden|insufficient_scope/i.test(problem)) {
    return final(
      hasCredential
        ? `Check that the credential for ${host} may push to this repository.`
        : `The run has no credential for ${host}: add one to ${CREDENTIALS_FILE}.`,
    );
  }
  if (/HTTP response to HTTPS client/i.test(problem)) {
    return final(
      `${host} speaks plain HTTP, which the engine allows on 127.0.0.0/8 only: add it to "insecure-registries".`,
    );
  }
  if (/x509|certificate/i.test(problem)) {
    return final(
      `The engine does not trust the certificate of ${host}: install its CA in /etc/docker/certs.d/${host}.`,
    );
  }
  if (/no such host|server misbehaving/i.test(problem)) return final(`Check the registry name "${host}".`);
  if (/name unknown|name_unknown|name invalid|repository .*not found/i.test(problem)) {
    return final('The registry does not take this repository name: create it there, or check the spelling.');
  }
  if (/tag invalid|manifest invalid|unsupported|read-only|quota|immutable/i.test(problem)) {
    return final('The registry refuses this image or tag: its message says why.');
  }
  if (TRANSIENT.test(problem)) {
    return { transient: true, hint: `The engine cannot reach ${host}: check that the registry runs and answers.` };
  }
  return final('The message comes from the registry or the engine: it names what to change.');
}

const TRANSIENT =
  /connection refused|connection reset|broken pipe|timeout|timed out|deadline exceeded|unreachable|\bEOF\b|\b50[0234]\b|service unavailable|bad gateway|toomanyrequests|too many requests|blob upload unknown|internal server error/i;

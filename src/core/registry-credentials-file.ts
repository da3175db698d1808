/**
 * The credentials of several registries in one file: what Docker itself keeps (`config.json`, also as Kubernetes mounts
 * it), or a JSON list of credentials as the reference takes them (section 6.7).
 */
import { parseRegistrySignIn, type RegistrySignIn } from './registry-credential.ts';

/** How a worker signs in to a registry: with a name and a password, at least one of which may be a secret of a vault. */
export type WorkerSignIn = Exclude<RegistrySignIn, { kind: 'managed-identity' }>;

/** The credentials of a file, or everything that is wrong with it. */
export interface ReadRegistryCredentials {
  readonly signIns: readonly WorkerSignIn[];
  /** Sentences without a full stop that follow the name of the setting; none shows a password. */
  readonly problems: readonly string[];
}

/** Reads the text of a file with credentials. */
export function parseRegistryCredentials(text: string): ReadRegistryCredentials {
  const json = parseJson(text);
  if (Array.isArray(json)) return readList(json);
  const auths = typeof json === 'object' && json !== null ? new Map(Object.entries(json)).get('auths') : undefined;
  if (typeof auths === 'object' && auths !== null && !Array.isArray(auths)) return readAuths(auths);
  const helpers = typeof json === 'object' && json !== null && ('credsStore' in json || 'credHelpers' in json);
  return {
    signIns: [],
    problems: [
      helpers
        ? 'has only helpers (credsStore, credHelpers), which a worker cannot ask: write the credentials under "auths"'
        : 'is neither JSON of Docker with "auths" nor a list of credentials',
    ],
  };
}

function readList(list: readonly unknown[]): ReadRegistryCredentials {
  const signIns: WorkerSignIn[] = [];
  const problems: string[] = [];
  for (const [index, entry] of list.entries()) {
    const parsed = parseRegistrySignIn(JSON.stringify(entry));
    if (parsed.kind === 'valid') {
      const { credential } = parsed;
      if (credential.kind !== 'managed-identity') signIns.push(credential);
      else problems.push(`signs in to "${credential.registry}" as a managed identity, which workers cannot do yet`);
    } else problems.push(`has a wrong entry ${index + 1}: ${parsed.reason}. ${parsed.hint.replace(/\.$/, '')}`);
  }
  return { signIns, problems };
}

function readAuths(auths: object): ReadRegistryCredentials {
  const signIns: WorkerSignIn[] = [];
  const problems: string[] = [];
  for (const [registry, entry] of Object.entries(auths)) {
    const pair = pairOf(entry);
    if (pair === undefined) problems.push(`has no user name and password for "${registry}"`);
    else signIns.push({ kind: 'opaque', registry, ...pair, unused: {} });
  }
  return { signIns, problems };
}

/** Docker keeps both in one text, `auth`: NAME:PASSWORD in base64. */
function pairOf(entry: unknown): { readonly username: string; readonly password: string } | undefined {
  const fields = new Map<string, unknown>(Object.entries(Object(entry)));
  const auth = fields.get('auth');
  const text = typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon > 0) return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
  const [username, password] = [fields.get('username'), fields.get('password')];
  const isPair = typeof username === 'string' && typeof password === 'string' && username !== '';
  return isPair ? { username, password } : undefined;
}

/** The reason why text is no JSON would show some of it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

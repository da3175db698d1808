/** What `--secret` and `--ssh` of a build say, as `docker build` takes them. */
import { parseOptionFields } from '../words/option-values.ts';

/** Where something that a build must not show comes from: a file, as written, or a variable of the step. */
export type HiddenOrigin =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'variable'; readonly name: string };

/** A secret for `RUN --mount=type=secret,id=…`. */
export interface BuildSecret {
  readonly id: string;
  readonly origin: HiddenOrigin;
}

/** Keys for `RUN --mount=type=ssh,id=…`. */
export interface BuildSsh {
  readonly id: string;
  readonly keys: readonly HiddenOrigin[];
}

/** What is wrong with a text; `hint` says what to write. */
export interface WrongOption {
  readonly kind: 'wrong';
  readonly reason: string;
  readonly hint: string;
}

const SECRET_SHAPE = 'Write --secret id=NAME,env=VARIABLE, or --secret id=NAME,src=FILE.';

/** The variable of a step that an SSH key is in, rather than in a file. */
const VARIABLE = 'env:';

/** Reads `id=NAME,src=FILE`, `id=NAME,env=VARIABLE`, and `id=NAME`, which is the variable of that name or the file. */
export function parseBuildSecret(text: string, variables: ReadonlySet<string>): BuildSecret | WrongOption {
  const fields = parseOptionFields(text);
  const id = fields.get('id') ?? '';
  const path = fields.get('src') ?? fields.get('source') ?? '';
  const variable = fields.get('env') ?? '';
  const type = fields.get('type') ?? '';
  const unknown = [...fields.keys()].find((name) => !['id', 'src', 'source', 'env', 'type'].includes(name));
  if (id === '') return wrong(`The build secret "${text}" has no id`, SECRET_SHAPE);
  if (unknown !== undefined) return wrong(`"${unknown}" in --secret "${text}" means nothing`, SECRET_SHAPE);
  if (!['', 'file', 'env'].includes(type))
    return wrong(`A build secret has the type file or env, not "${type}"`, SECRET_SHAPE);
  if (path !== '' && variable !== '')
    return wrong(`The build secret "${id}" is in a file and in a variable`, SECRET_SHAPE);
  // With `type=env`, Docker takes `src` for the name of the variable.
  if (type === 'env') return { id, origin: { kind: 'variable', name: variable || path || id } };
  if (variable !== '') return { id, origin: { kind: 'variable', name: variable } };
  if (path === '' && type === '' && variables.has(id)) return { id, origin: { kind: 'variable', name: id } };
  return { id, origin: { kind: 'file', path: path || id } };
}

/** Reads `ID=FILE[,FILE…]`; a key may also be in a variable of the step: `ID=env:NAME`. */
export function parseBuildSsh(text: string): BuildSsh | WrongOption {
  const equals = text.indexOf('=');
  const id = equals < 0 ? text : text.slice(0, equals);
  const keys =
    equals < 0
      ? []
      : text
          .slice(equals + 1)
          .split(',')
          .filter((key) => key !== '');
  const hint = `Name a private key: --ssh ${id || 'default'}=FILE, or ${id || 'default'}=env:NAME for one in the env of the step.`;
  if (id === '') return wrong(`--ssh "${text}" has no id`, hint);
  if (keys.length === 0) return wrong(`--ssh "${text}" would be the agent of the worker, which no build gets`, hint);
  return { id, keys: keys.map(originOfKey) };
}

function originOfKey(text: string): HiddenOrigin {
  if (!text.startsWith(VARIABLE)) return { kind: 'file', path: text };
  return { kind: 'variable', name: text.slice(VARIABLE.length) };
}

function wrong(reason: string, hint: string): WrongOption {
  return { kind: 'wrong', reason, hint };
}

/** The variables of a step; of several entries for one, the last. */
export function variablesOf(env: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    env.map((entry): [string, string] => {
      const equals = entry.indexOf('=');
      return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

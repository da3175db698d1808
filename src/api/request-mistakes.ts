/**
 * What is wrong with bodies that hold a run request, told property by property. A union that does not match gives a heap of
 * errors about every member; so the member is found by its `kind` first, and only that one is asked.
 */
import { type TProperties, type TSchema, Type } from 'typebox';
import {
  type Diagnostic,
  RunRequest,
  Source,
  TaskDefinition,
  TaskPatch,
  TaskRunOverrides,
} from '../../task-schemas/index.ts';
import { didYouMeanHint } from '../core/did-you-mean.ts';

/** One finding of a JSON Schema validator, as Ajv gives it. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
}

/** Everything that is wrong with `value` as an instance of `schema`. */
export type Validate = (schema: TSchema, value: unknown) => readonly SchemaError[];

type Fields = Readonly<Record<string, unknown>>;
interface Member {
  readonly kind: string;
  readonly properties: TProperties;
  readonly schema: TSchema;
}

/** The source is a union itself and looked at apart. */
const REQUESTS: readonly Member[] = RunRequest.anyOf.map(({ properties }) =>
  member(properties.kind.const, { ...properties, source: Type.Unknown() }),
);
const SOURCES: readonly Member[] = Source.anyOf.map(({ properties }) => member(properties.kind.const, properties));

/** The request in a task is looked at apart, too. */
const TASK = member('a task', { ...TaskDefinition.properties, request: Type.Unknown() });
const CHANGE = member('a task', { ...TaskPatch.properties, request: Type.Optional(Type.Unknown()) });
const OVERRIDES = member('a run of a task', { ...TaskRunOverrides.properties, source: Type.Optional(Type.Unknown()) });

/** Every mistake in a run request; never empty for a body that `RunRequest` does not allow. */
export function requestMistakes(body: unknown, validate: Validate): readonly Diagnostic[] {
  if (!isFields(body)) return [mistake('The body is not a JSON object.', 'Send an object with "kind" and "source".')];
  return mistakesOfRequest(body, '', validate);
}

function mistakesOfRequest(request: Fields, prefix: string, validate: Validate): readonly Diagnostic[] {
  const mistakes = mistakesIn(REQUESTS, request, prefix, validate);
  return 'source' in request ? [...mistakes, ...mistakesOfSource(request.source, prefix, validate)] : mistakes;
}

function mistakesOfSource(source: unknown, prefix: string, validate: Validate): readonly Diagnostic[] {
  if (isFields(source)) return mistakesIn(SOURCES, source, `${prefix}source.`, validate);
  return [mistake(`"${prefix}source" is not an object.`, 'Use {"kind":"none"} or {"kind":"upload","uploadId":"…"}.')];
}

/** Every mistake in a task (`TaskDefinition`), or in a change of one (`TaskPatch`), where `request` may be missing. */
export function taskMistakes(body: unknown, validate: Validate, isChange: boolean): readonly Diagnostic[] {
  if (!isFields(body)) return [mistake('The body is not a JSON object.', 'Send an object with "request".')];
  const mistakes = mistakesOf(isChange ? CHANGE : TASK, body, '', validate);
  if (!('request' in body)) return mistakes;
  if (isFields(body.request)) return [...mistakes, ...mistakesOfRequest(body.request, 'request.', validate)];
  return [...mistakes, mistake('"request" is not an object.', 'Give it "kind" and "source".')];
}

/** Every mistake in what one run of a task does differently (`TaskRunOverrides`). */
export function overrideMistakes(body: unknown, validate: Validate): readonly Diagnostic[] {
  if (!isFields(body)) return [mistake('The body is not a JSON object.', 'Send {} to run the task as it is.')];
  const mistakes = mistakesOf(OVERRIDES, body, '', validate);
  return 'source' in body ? [...mistakes, ...mistakesOfSource(body.source, '', validate)] : mistakes;
}

function mistakesIn(members: readonly Member[], value: Fields, prefix: string, validate: Validate): Diagnostic[] {
  const found = members.find(({ kind }) => kind === value.kind);
  if (found === undefined) return [unknownKind(members, value.kind, prefix)];
  return mistakesOf(found, value, prefix, validate);
}

function mistakesOf(found: Member, value: Fields, prefix: string, validate: Validate): Diagnostic[] {
  return validate(found.schema, value).map((error) => told(error, found, prefix));
}

function unknownKind(members: readonly Member[], kind: unknown, prefix: string): Diagnostic {
  const kinds = members.map((one) => one.kind);
  const cure = `Use ${kinds.join(' or ')}.`;
  if (kind === undefined) return mistake(`"${prefix}kind" is missing.`, cure);
  const near = typeof kind === 'string' ? didYouMeanHint(kind, kinds) : undefined;
  return mistake(`"${prefix}kind" is ${JSON.stringify(kind)}, which does not exist.`, near ?? cure);
}

function told({ keyword, instancePath, params, message }: SchemaError, found: Member, prefix: string): Diagnostic {
  const at = `${prefix}${instancePath.slice(1).replaceAll('/', '.')}`;
  if (keyword === 'required') {
    const name = String(params.missingProperty);
    return mistake(`"${prefix}${name}" is missing.`, meaning(found, name));
  }
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const names = Object.keys(found.properties);
    const cure = didYouMeanHint(name, names) ?? `It has ${names.join(', ')}.`;
    return mistake(`"${prefix}${name}" is not a property of ${found.kind}.`, cure);
  }
  return mistake(
    `"${at}" ${message ?? `breaks the rule ${keyword}`}.`,
    meaning(found, instancePath.split('/')[1] ?? ''),
  );
}

/** What the schema says the property is for. */
function meaning({ properties }: Member, name: string): string | undefined {
  const property: unknown = properties[name];
  if (!isFields(property) || typeof property.description !== 'string') return undefined;
  return `It is: ${property.description}.`;
}

function member(kind: string, properties: TProperties): Member {
  return { kind, properties, schema: Type.Object(properties, { additionalProperties: false }) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mistake(message: string, hint?: string): Diagnostic {
  return { severity: 'error', code: 'request-invalid', message, ...(hint === undefined ? {} : { hint }) };
}

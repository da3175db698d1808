/**
 * The JSON Schema by which editors complete, explain and check task files (draft-07: what yaml-language-server knows
 * best). It comes from the shapes of `task-file.ts` and accepts what is written before aliases and templates are
 * replaced. An editor reads YAML 1.2, but a task file is YAML 1.1: the words for true and false that only the older one
 * has are texts there.
 */
import { IsArray, IsBoolean, IsInteger, IsObject, IsOptional, IsRecord, IsString, type TProperties } from 'typebox';
import { TaskAlias, TaskFile } from './task-file.ts';
import { StepWithoutEffect, TaskStep } from './task-step.ts';

/** A schema as JSON. */
export interface EditorSchema {
  readonly [keyword: string]: unknown;
}

/** A template or an alias stands for something that no editor knows. */
const UNKNOWN_YET = '\\{\\{|<<|\\$';
const WORDS_OF_YAML_1_1 = '^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$';
const NUMBERS_OF_YAML_1_1 = '^[-+]?(?:0b[01_]+|[0-9]+_[0-9_]*)$';

/** The schema of a task file as it stands in an editor. */
export function editorSchema(): EditorSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Task file',
    description: 'Steps that build, run and push images. See docs/task-file.md.',
    ...closedObject({ ...TaskFile.properties, alias: TaskAlias }, { steps: stepsSchema(), alias: aliasSchema() }),
    // A file without steps is allowed, and people begin with one.
    required: undefined,
  };
}

/** The text of the file that holds it. */
export function editorSchemaText(): string {
  return `${JSON.stringify(editorSchema(), undefined, 2)}\n`;
}

function stepsSchema(): EditorSchema {
  return { ...keywordsOf(TaskFile.properties.steps), type: ['array', 'null'], items: stepSchema() };
}

/**
 * One map with the properties of all kinds: with a schema for each kind an editor could complete nothing before it
 * knows which one is meant, and which properties have no effect is told in their descriptions.
 */
function stepSchema(): EditorSchema {
  const kinds = TaskStep.anyOf.map(({ properties }) => properties.kind.const);
  const merged = Object.assign({}, ...TaskStep.anyOf.map(({ properties }) => properties), StepWithoutEffect.properties);
  const { kind: _, ...written }: TProperties = merged;
  return { ...closedObject(written), required: undefined, oneOf: kinds.map((kind) => ({ required: [kind] })) };
}

function aliasSchema(): EditorSchema {
  const description = 'Names for texts, from version v1.1.0 on: $name stands for the text everywhere in the file.';
  return { ...closedObject(TaskAlias.properties), type: ['object', 'null'], description };
}

/** A map that has these properties only; `instead` are schemas that replace those of the shapes. */
function closedObject(properties: TProperties, instead: Readonly<Record<string, EditorSchema>> = {}): EditorSchema {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, shape]) => [name, instead[name] ?? propertySchema(shape)])),
    required: entries.filter(([, shape]) => !IsOptional(shape)).map(([name]) => name),
    additionalProperties: false,
  };
}

/** A property that is optional may also be left empty. The first type is the one that editors complete. */
function propertySchema(shape: unknown): EditorSchema {
  const schema = valueSchema(shape);
  if (!IsOptional(shape)) return schema;
  const { type } = schema;
  return { ...schema, type: [...(Array.isArray(type) ? type : [type]), 'null'] };
}

function valueSchema(shape: unknown): EditorSchema {
  if (IsString(shape)) return { ...keywordsOf(shape), type: ['string', 'number', 'boolean'], ...widened(shape) };
  if (IsInteger(shape)) {
    // 10.7 is read as 10.
    return { ...keywordsOf(shape), type: ['number', 'string'], ...plain(NUMBERS_OF_YAML_1_1, 'a whole number') };
  }
  if (IsBoolean(shape)) {
    return { ...keywordsOf(shape), type: ['boolean', 'string'], ...plain(WORDS_OF_YAML_1_1, 'true or false') };
  }
  if (IsArray(shape)) return { ...keywordsOf(shape), items: valueSchema(shape.items) };
  if (IsRecord(shape))
    return { ...keywordsOf(shape), additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } };
  if (IsObject(shape)) return { ...keywordsOf(shape), ...closedObject(shape.properties) };
  throw new TypeError(`Internal error: no editor schema is known for ${JSON.stringify(shape)}`);
}

/** The keywords that mean in a file what they mean in the shape. */
const KEPT = ['type', 'description', 'default', 'examples', 'minimum', 'maximum', 'minItems', 'maxItems'];

function keywordsOf(shape: object): EditorSchema {
  return Object.fromEntries(Object.entries(shape).filter(([keyword]) => KEPT.includes(keyword)));
}

function widened(shape: object): EditorSchema {
  return 'pattern' in shape ? { pattern: `${String(shape.pattern)}|${UNKNOWN_YET}` } : {};
}

/** A text in place of a number or a boolean is one that only YAML 1.1 or a later replacement makes one of it. */
function plain(words: string, needed: string): EditorSchema {
  return {
    pattern: `${words}|^(?:<<|\\$)`,
    patternErrorMessage: `This needs ${needed}, without quotes.`,
  };
}

// Writes task-schemas/json/, which is made from the shapes: `npm run schemas`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editorSchemaText } from '../task-schemas/editor-schema.ts';

const folder = join(import.meta.dirname, '..', 'task-schemas', 'json');
await writeFile(join(folder, 'acr-task.schema.json'), editorSchemaText());

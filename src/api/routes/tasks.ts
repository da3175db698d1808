import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import Value from 'typebox/value';
import {
  ApiError,
  type Diagnostic,
  Run,
  Task,
  TaskDefinition,
  TaskName,
  TaskPage,
  TaskPatch,
  TaskRunOverrides,
} from '../../../task-schemas/index.ts';
import { unreachable } from '../../core/unreachable.ts';
import { SealBroken } from '../../ports/secret-box.ts';
import { type RunTaskDeps, runTask } from '../../services/run-task.ts';
import { changeTask, deleteTask, saveTask, type TaskChange } from '../../services/stored-tasks.ts';
import type { ApiApp } from '../api-app.ts';
import { documentOnly } from '../document-only.ts';
import { problems } from '../errors.ts';
import { overrideMistakes, taskMistakes, type Validate } from '../request-mistakes.ts';
import type { RawQuery } from '../run-query.ts';
import { readTaskQuery, TaskQueryText } from '../task-query.ts';
import { validateFor } from '../validate-for.ts';

type TasksDeps = RunTaskDeps & { callerOf(request: FastifyRequest): string };

const TaskParams = Type.Object({ task: TaskName });
const tags = ['tasks'];
const errors = { '4xx': ApiError, 503: ApiError };
const IF_MATCH = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'ETag of the task that is changed; "0": it must not be there' }),
  ),
});

/** Stored tasks: writing, reading and running them. */
export function taskRoutes(app: ApiApp, deps: TasksDeps): void {
  readRoutes(app, deps);
  writeRoutes(app, deps);
  runRoute(app, deps);
}

function readRoutes(app: ApiApp, deps: TasksDeps): void {
  const list = {
    tags,
    summary: 'List tasks, by name',
    querystring: TaskQueryText,
    response: { 200: TaskPage, ...errors },
  };
  app.get('/v1/tasks', { validatorCompiler: documentOnly, schema: list }, async (request) => {
    // The schema is documentation; what node:querystring has parsed is text.
    const query = readTaskQuery(request.query as RawQuery);
    if (!query.ok) throw problems.requestInvalid(query.diagnostics);
    const page = await deps.taskStore.list(query.value);
    if (page === 'bad-cursor') throw problems.cursorInvalid(query.value.cursor ?? '');
    return { ...page, tasks: [...page.tasks] };
  });

  const show = { tags, summary: 'A task, without its secrets', params: TaskParams, response: { 200: Task, ...errors } };
  app.get('/v1/tasks/:task', { validatorCompiler: documentOnly, schema: show }, async (request, reply) => {
    const stored = await deps.taskStore.get(checkedName(request.params.task));
    if (stored === undefined) throw problems.taskUnknown(request.params.task);
    return await reply.header('etag', etagOf(stored.task)).send(stored.task);
  });
}

function writeRoutes(app: ApiApp, deps: TasksDeps): void {
  const put = {
    tags,
    summary: 'Write a task, anew or for the first time',
    params: TaskParams,
    headers: IF_MATCH,
    body: TaskDefinition,
    response: { 200: Task, 201: Task, ...errors },
  };
  app.put('/v1/tasks/:task', { attachValidation: true, schema: put }, async (request, reply) => {
    refuseMistakes(request, (body, validate) => taskMistakes(body, validate, false));
    const name = checkedName(request.params.task);
    const outcome = await openly(name, () => saveTask(name, request.body, deps, revisionOf(request)));
    const task = changedTask(name, outcome);
    return await reply
      .code(outcome.kind === 'saved' && outcome.isNew ? 201 : 200)
      .header('etag', etagOf(task))
      .send(task);
  });

  const patch = {
    tags,
    summary: 'Change parts of a task; what is absent stays',
    params: TaskParams,
    headers: IF_MATCH,
    body: TaskPatch,
    response: { 200: Task, ...errors },
  };
  app.patch('/v1/tasks/:task', { attachValidation: true, schema: patch }, async (request, reply) => {
    refuseMistakes(request, (body, validate) => taskMistakes(body, validate, true));
    const name = checkedName(request.params.task);
    const task = changedTask(name, await openly(name, () => changeTask(name, request.body, deps, revisionOf(request))));
    return await reply.header('etag', etagOf(task)).send(task);
  });

  const remove = {
    tags,
    summary: 'Delete a task; its runs stay',
    params: TaskParams,
    headers: IF_MATCH,
    response: { 204: Type.Null(), ...errors },
  };
  app.delete('/v1/tasks/:task', { validatorCompiler: documentOnly, schema: remove }, async (request, reply) => {
    const name = checkedName(request.params.task);
    const outcome = await deleteTask(name, deps, revisionOf(request));
    if (outcome.kind !== 'deleted') throw notChanged(name, outcome);
    return await reply.code(204).send(null);
  });
}

function runRoute(app: ApiApp, deps: TasksDeps): void {
  const schema = {
    tags,
    summary: 'Run a task now',
    params: TaskParams,
    body: TaskRunOverrides,
    response: { 201: Run, ...errors },
  };
  app.post('/v1/tasks/:task/runs', { attachValidation: true, schema }, async (request, reply) => {
    refuseMistakes(request, overrideMistakes);
    const name = checkedName(request.params.task);
    const trigger = { kind: 'manual', by: deps.callerOf(request) } as const;
    const outcome = await openly(name, () => runTask(name, request.body, trigger, deps));
    switch (outcome.kind) {
      case 'scheduled':
        return await reply.code(201).header('location', `/v1/runs/${outcome.run.id}`).send(outcome.run);
      case 'invalid':
        throw problems.taskInvalid(outcome.diagnostics);
      case 'unknown-upload':
        throw problems.uploadUnknown(outcome.uploadId);
      case 'unknown':
        throw problems.taskUnknown(name);
      case 'disabled':
        throw problems.taskDisabled(name);
      default:
        return unreachable(outcome);
    }
  });
}

function refuseMistakes(
  request: FastifyRequest,
  mistakesIn: (body: unknown, validate: Validate) => readonly Diagnostic[],
): void {
  // The name is in the path; `checkedName` says more about it than a schema.
  if (request.validationError === undefined || request.validationError.validationContext === 'params') return;
  throw problems.requestInvalid(mistakesIn(request.body, validateFor(request)));
}

function checkedName(name: string): string {
  if (!Value.Check(TaskName, name)) throw problems.taskNameInvalid(name);
  return name;
}

function changedTask(name: string, outcome: TaskChange): Task {
  if (outcome.kind === 'saved') return outcome.task;
  throw notChanged(name, outcome);
}

function notChanged(name: string, outcome: Exclude<TaskChange, { kind: 'saved' }>) {
  switch (outcome.kind) {
    case 'invalid':
      return problems.taskDefinitionInvalid(outcome.diagnostics);
    case 'unknown':
      return problems.taskUnknown(name);
    case 'stale':
      return problems.taskChanged(name, outcome.revision);
    default:
      return unreachable(outcome);
  }
}

/** The work, with secrets that cannot be opened told as what they are: the operator lost or changed a key. */
async function openly<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SealBroken) throw problems.secretsUnreadable(name, error);
    throw error;
  }
}

function etagOf({ revision }: Task): string {
  return `"${revision}"`;
}

function revisionOf({ headers }: FastifyRequest): number | undefined {
  const given = headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const [, digits] = /^(?:W\/)?"(\d{1,15})"$/.exec(given) ?? [];
  if (digits === undefined) throw problems.revisionInvalid(given);
  return Number(digits);
}

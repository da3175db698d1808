import type { FastifyRequest } from 'fastify';
import type { Validate } from './request-mistakes.ts';

/** The validator of the app, for the parts of a body that are looked at one by one. */
export function validateFor(request: FastifyRequest): Validate {
  return (schema, value) => {
    const validate = request.compileValidationSchema(schema, 'body');
    return validate(value) === true ? [] : (validate.errors ?? []);
  };
}

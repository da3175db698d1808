import type { FastifySchemaCompiler } from 'fastify';

/**
 * Validates nothing: for routes whose parameters are read by our own code, which says more about a mistake than a schema
 * can. The schema is there for the documentation alone.
 */
export const documentOnly: FastifySchemaCompiler<unknown> = () => (value) => ({ value });

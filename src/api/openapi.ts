import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { ApiServer } from './api-server.js';

/** Describes every route that is registered after it, from the schemas that check the input. */
export async function describeApi(app: ApiServer, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Outdial',
        version,
        description: 'Campaigns, contacts, agents, calls and recordings of an outbound call centre.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
      security: [{ apiKey: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withCsvBodies(jsonSchemaTransformObject(document)),
  });
}

type OpenApiDocument = ReturnType<typeof jsonSchemaTransformObject>;

/** A body that is a file has no schema to be described from: it is named here. */
function withCsvBodies(document: OpenApiDocument): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = { ...(document.paths as Record<string, Record<string, object>>) };
  for (const [path, operations] of Object.entries(paths)) {
    if (!path.endsWith('/import') || operations['post'] === undefined) continue;
    const requestBody = { required: true, content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } } };
    paths[path] = { ...operations, post: { ...operations['post'], requestBody } };
  }
  return { ...document, paths };
}

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { StoreUnavailableError } from '../store/storage-failure.js';
import type { ApiServer } from './api-server.js';
import { inputFault } from './input-fault.js';
import { ApiProblem, problemBody } from './problems.js';


/** Makes every error leave as problem+json from the one catalogue. */
export function setProblemHandler(app: ApiServer): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === 'internal') request.log.error({ err: error }, 'request failed');
    if (problem.code === 'store-unavailable') request.log.warn({ err: error }, 'store unavailable');
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new ApiProblem('no-such-route', `There is no ${request.method} ${pathOf(request)}; see /api/v1/openapi.json for what there is.`)),
  );
}

/** Ends the request with this problem. */
function sendProblem(reply: FastifyReply, problem: ApiProblem): FastifyReply {
  const body = problemBody(problem);
  return reply.code(body.status).header('content-type', 'application/problem+json').serializer(JSON.stringify).send(body);
}

/** What an error of any origin is to the caller; an unknown one tells him nothing of our insides. */
function problemOf(error: FastifyError): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof StoreUnavailableError) {
    return new ApiProblem('store-unavailable', `Nothing was changed. ${error.message}`);
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults = error.validation.map(inputFault);
    return new ApiProblem('invalid-input', faults.map((fault) => fault.detail).join(' '), faults);
  }
  return FASTIFY_PROBLEMS[error.code]?.() ?? ofStatus(error);
}

const FASTIFY_PROBLEMS: Readonly<Record<string, () => ApiProblem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new ApiProblem('too-large', 'The body is larger than this address takes.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new ApiProblem('unsupported-media-type', 'Send JSON as application/json; send a list of contacts as text/csv, the file itself as the body.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new ApiProblem('invalid-input', 'The body is empty, and the header says it is JSON.'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new ApiProblem('invalid-input', 'The body is not valid JSON.'),
};

function ofStatus(error: FastifyError): ApiProblem {
  const status = error.statusCode ?? 500;
  if (status === 404) return new ApiProblem('not-found', 'There is no such thing.');
  if (status >= 400 && status < 500) return new ApiProblem('invalid-input', 'The request cannot be read.');
  return new ApiProblem('internal', 'The service made a mistake; its log tells more.');
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';

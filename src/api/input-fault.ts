import type { ZodFastifySchemaValidationError } from 'fastify-type-provider-zod';
import type { InputFault } from './problems.js';

/** One sentence for one fault that a schema found: what, and what it should be. */
export function inputFault(error: ZodFastifySchemaValidationError): InputFault {
  const pointer = error.instancePath === '/' ? '' : error.instancePath;
  const field = pointer === '' ? 'The input' : pointer.slice(1).replaceAll('/', '.');
  return { pointer: `#${pointer}`, detail: `${field} ${predicate(error)}.` };
}

function predicate({ keyword, message = '', params }: ZodFastifySchemaValidationError): string {
  const fact = (name: string): string => String(params[name]);
  switch (keyword) {
    case 'invalid_type':
      return message.includes('received undefined') ? 'is missing' : `must be ${article(fact('expected'))}`;
    case 'too_small':
      return `must ${bound(params, params['inclusive'] === false ? 'be more than' : 'be at least', 'have at least', fact('minimum'))}`;
    case 'too_big':
      return `must ${bound(params, params['inclusive'] === false ? 'be less than' : 'be at most', 'have at most', fact('maximum'))}`;
    case 'invalid_value':
      return `must be ${oneOf(params['values'])}`;
    case 'unrecognized_keys':
      return `has ${names(params['keys'])}, which is not known here`;
    case 'invalid_union':
      return params['discriminator'] === undefined ? 'has none of the forms it may have' : `must name a known ${fact('discriminator')}`;
    case 'invalid_key':
      return 'has a name that is not allowed';
    default:
      return ownWords(message);
  }
}

/** Schemas with a rule of their own say it as "must …". */
const ownWords = (message: string): string =>
  message.startsWith('must ') ? message : `is not valid: ${message.replace(/\.$/, '')}`;

function bound(params: Readonly<Record<string, unknown>>, ofNumber: string, ofSize: string, limit: string): string {
  switch (params['origin']) {
    case 'string':
      return `${ofSize} ${limit} characters`;
    case 'array':
      return `${ofSize} ${limit} items`;
    default:
      return `${ofNumber} ${limit}`;
  }
}

const article = (type: string): string => (type === 'int' ? 'a whole number' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

const names = (keys: unknown): string => (Array.isArray(keys) ? keys.map((key) => `"${String(key)}"`).join(', ') : 'a field');

const oneOf = (values: unknown): string =>
  Array.isArray(values) && values.length > 1 ? `one of ${names(values)}` : names(values);
